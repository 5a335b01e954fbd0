#pragma once

#include <functional>
#include <memory>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "brobygger/feed/v1/feed_service.pb.h"

#include "core/storage/store.h"

namespace brobygger::feed {

class Follower;

// Wakes those who wait for the next change. Each follower reads the changes
// itself, at its own pace, so a slow one delays nobody, and none skips a change.
// Safe to use from many threads.
class Feed {
 public:
  // Listens to the store's commits; the store must outlive the feed, and no
  // commit may be under way when the feed is destroyed.
  explicit Feed(storage::Store& store);
  ~Feed();

  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // A follower of the changes after `after`. `wake` is called after each commit
  // that follows, on the store's thread; it must be short and must not call the
  // follower. No call of `wake` begins, or is under way, once the follower is
  // destroyed; so it must not be destroyed inside `wake`. The feed must outlive
  // it. Ask for a batch once at the start, without waiting to be woken.
  std::unique_ptr<Follower> Follow(storage::Revision after, std::function<void()> wake);

  // The newest revision that has been committed since the feed began to listen.
  storage::Revision newest() const;

 private:
  friend class Follower;
  struct Listener;

  void Wake(storage::Revision newest);
  void Leave(const Listener* listener);

  storage::Store& store_;
  mutable absl::Mutex mutex_;
  storage::Revision newest_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<const Listener*, std::shared_ptr<Listener>> listeners_
      ABSL_GUARDED_BY(mutex_);
};

// One reader's place among the changes. Belongs to one thread at a time.
class Follower {
 public:
  ~Follower();

  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // The next changes, oldest first, about `limit` of them (a revision's changes
  // come together), and moves on past them. Without changes `through_revision`
  // is the newest revision there is. REVISION_UNKNOWN if the follower asked to
  // start after a revision that is not made yet.
  absl::StatusOr<v1::FollowChangesResponse> NextBatch(int limit, bool include_records);

  // Every change up to this revision has been given.
  storage::Revision revision() const { return revision_; }

 private:
  friend class Feed;
  Follower(Feed& feed, storage::Revision after, std::shared_ptr<Feed::Listener> listener);

  Feed& feed_;
  storage::Revision revision_;
  std::shared_ptr<Feed::Listener> listener_;
};

}  // namespace brobygger::feed
