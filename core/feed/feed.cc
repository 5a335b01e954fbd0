#include "core/feed/feed.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/base/status_macros.h"
#include "core/feed/to_change.h"

namespace brobygger::feed {
namespace {

using storage::Change;
using storage::Revision;

// A batch with records holds about this many bytes, so that it fits in a message.
constexpr std::size_t kBatchBytes = 768 * 1024;

// How many of the changes make one batch: as many as fit, in whole revisions, and
// always the first revision.
std::size_t CountFitting(const std::vector<Change>& changes) {
  std::size_t bytes = 0;
  std::size_t whole = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (i > 0 && changes[i].revision != changes[i - 1].revision) whole = i;
    bytes += changes[i].bytes == nullptr ? 0 : changes[i].bytes->size();
    if (bytes > kBatchBytes && whole > 0) return whole;
  }
  return changes.size();
}

}  // namespace

// One follower's call, which is over before the follower is.
class Feed::Listener {
 public:
  explicit Listener(std::function<void()> wake) : wake_(std::move(wake)) {}

  void Wake() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (wake_) wake_();
  }

  // Waits for a call that is under way; none comes after.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    wake_ = nullptr;
  }

 private:
  absl::Mutex mutex_;
  std::function<void()> wake_ ABSL_GUARDED_BY(mutex_);
};

// Those who want to hear of commits.
class Feed::Listeners {
 public:
  void Add(std::shared_ptr<Listener> listener) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    listeners_.insert(std::move(listener));
  }

  void Remove(const std::shared_ptr<Listener>& listener) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    listeners_.erase(listener);
  }

  void WakeAll(Revision newest) ABSL_LOCKS_EXCLUDED(mutex_) {
    std::vector<std::shared_ptr<Listener>> awake;
    {
      absl::MutexLock lock(&mutex_);
      newest_ = std::max(newest_, newest);
      awake.assign(listeners_.begin(), listeners_.end());
    }
    // Outside the lock, so that one follower's end never waits for another's call.
    for (const auto& listener : awake) listener->Wake();
  }

  Revision newest() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return newest_;
  }

 private:
  mutable absl::Mutex mutex_;
  Revision newest_ ABSL_GUARDED_BY(mutex_) = 0;
  std::set<std::shared_ptr<Listener>> listeners_ ABSL_GUARDED_BY(mutex_);
};

Feed::Feed(storage::Store& store) : store_(store), listeners_(std::make_shared<Listeners>()) {
  store_.OnCommit([listeners = listeners_](Revision newest) { listeners->WakeAll(newest); });
}

Feed::~Feed() = default;

std::unique_ptr<Follower> Feed::Follow(Revision after,
                                       std::function<void()> wake,
                                       const ViewOf& view_of) {
  auto listener = std::make_shared<Listener>(std::move(wake));
  listeners_->Add(listener);
  return std::unique_ptr<Follower>(new Follower(store_, view_of ? view_of(store_) : nullptr, after,
                                                listeners_, std::move(listener)));
}

Revision Feed::newest() const { return listeners_->newest(); }

Follower::Follower(const storage::Store& store,
                   std::unique_ptr<const storage::Store> view,
                   Revision after,
                   std::shared_ptr<Feed::Listeners> listeners,
                   std::shared_ptr<Feed::Listener> listener)
    : view_(std::move(view)),
      store_(view_ != nullptr ? *view_ : store),
      revision_(after),
      listeners_(std::move(listeners)),
      listener_(std::move(listener)) {}

Follower::~Follower() {
  listeners_->Remove(listener_);
  listener_->Stop();
}

absl::StatusOr<v1::FollowChangesResponse> Follower::NextBatch(int limit, bool include_records) {
  // Read before the changes: a revision up to this one without changes among
  // them has none, since what a commit changed is there when the commit is.
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  if (revision_ > latest->revision()) {
    return storage::RevisionUnknown(revision_, latest->revision());
  }
  BB_ASSIGN_OR_RETURN(const std::vector<Change> changes, store_.ChangesAfter(revision_, limit));
  const std::size_t count = include_records ? CountFitting(changes) : changes.size();

  v1::FollowChangesResponse batch;
  for (std::size_t i = 0; i < count; ++i) {
    BB_RETURN_IF_ERROR(ToChange(changes[i], include_records, *batch.add_changes()));
  }
  if (count > 0) revision_ = changes[count - 1].revision;
  if (changes.empty()) revision_ = latest->revision();
  batch.set_through_revision(revision_);
  return batch;
}

}  // namespace brobygger::feed
