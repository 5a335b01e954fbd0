#include "core/search/follower.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "brobygger/registry/v1/association.pb.h"

#include "core/base/log.h"
#include "core/base/status_macros.h"

namespace brobygger::search {
namespace {

using registry::v1::Association;
using storage::Kind;
using State = Health::State;

constexpr int kReadAtOnce = 1000;
// What a document takes while its segment is made; twice what it takes in the end.
constexpr std::uint64_t kBytesInMaking = 2'000;

absl::Status TooLittleMemory() {
  return absl::ResourceExhaustedError("there is too little memory for the search index");
}

}  // namespace

Follower::Follower(const storage::Store& store, feed::Feed& feed, FollowerOptions options)
    : store_(store), options_(std::move(options)), shelf_(*options_.clock), merger_([this] {
        absl::MutexLock lock(&mutex_);
        woken_ = true;
      }) {
  // Only to be woken: changes are read from the store as bytes, since one that cannot be read must
  // not stop the others.
  feed_ = feed.Follow(0, [this] {
    absl::MutexLock lock(&mutex_);
    woken_ = true;
  });
  thread_ = std::jthread([this] { Run(); });
}

Follower::~Follower() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  feed_.reset();
  thread_.join();
}

Health Follower::health() const {
  absl::MutexLock lock(&mutex_);
  return health_;
}

bool Follower::AwaitRevision(storage::Revision revision, absl::Time until) const {
  const auto there = [this, revision]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    const bool found = health_.state == State::kFollowing && health_.revision >= revision;
    return found || stop_;
  };
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithDeadline(absl::Condition(&there), until) && health_.revision >= revision;
}

void Follower::Rebuild() {
  absl::MutexLock lock(&mutex_);
  rebuild_ = true;
  woken_ = true;
}

bool Follower::Stopping() const {
  absl::MutexLock lock(&mutex_);
  return stop_;
}

void Follower::Run() {
  while (!Stopping()) {
    absl::Status status;
    try {
      status = Follow();
    } catch (const std::bad_alloc&) {
      status = TooLittleMemory();
    } catch (const std::exception& error) {
      status = absl::InternalError(error.what());
    }
    if (status.ok()) continue;  // to be made anew, or to stop
    Fail(status);
    const auto stop = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stop_; };
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stop), options_.retry);
  }
}

void Follower::Fail(const absl::Status& why) {
  const bool memory = absl::IsResourceExhausted(why);
  if (memory) {
    base::LogWarning("search_memory_short", {{"effect", "nothing can be found; reads go on"}});
    // It is better to find nothing for a while than that the system ends the hub.
    shelf_.ForgetKept();
    revision_ = 0;
    Publish(PartList(options_.most_in_segment), false);
  } else {
    base::LogWarning("search_failed", {{"text", base::LogValue::Vetted(why.ToString())}});
  }
  SetState(memory ? State::kTooLittleMemory : State::kFailed);
}

void Follower::SetState(State state) {
  {
    absl::MutexLock lock(&mutex_);
    if (health_.state == state) return;
    health_.state = state;
  }
  if (options_.on_state) options_.on_state(state);
}

absl::Status Follower::Follow() {
  {
    absl::MutexLock lock(&mutex_);
    rebuild_ = false;
  }
  merger_.Drop();
  SetState(shelf_.Newest()->complete ? State::kRebuilding : State::kLoading);
  PartList parts(options_.most_in_segment);
  BB_RETURN_IF_ERROR(Load(parts));
  BB_RETURN_IF_ERROR(CatchUp(parts));
  Publish(parts, true);
  SetState(State::kFollowing);
  base::LogInfo("search_ready", {{"associations", parts.live()}, {"skipped", skipped_.size()}});
  const auto woken = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return woken_ || stop_; };
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&woken));
      woken_ = false;
      if (stop_ || rebuild_) return absl::OkStatus();
    }
    BB_RETURN_IF_ERROR(CatchUp(parts));
    if (auto merged = merger_.Take()) parts.Install(*std::move(merged));
    BeginMerge(parts);
    Publish(parts, true);
  }
}

void Follower::BeginMerge(const PartList& parts) {
  if (merger_.busy()) return;
  auto plan = parts.PlanMerge();
  if (!plan) return;
  std::uint64_t documents = 0;
  for (const Part& part : plan->parts) documents += part.live();
  // Small parts that stay apart are slower to ask, and nothing worse.
  if (!CheckMemory(documents * kBytesInMaking).ok()) return;
  merger_.Begin(*std::move(plan));
}

absl::Status Follower::Load(PartList& parts) {
  BB_ASSIGN_OR_RETURN(const auto snapshot, store_.Latest());
  skipped_.clear();
  auto builder = std::make_unique<SegmentBuilder>();
  const auto finish = [&] {
    if (builder->size() > 0) parts.Add(builder->Finish());
    builder = std::make_unique<SegmentBuilder>();
    // Who asks while it is read for the first time gets what there is.
    if (!shelf_.Newest()->complete) Publish(parts, false);
  };
  storage::KeyRange range{.prefix = "", .after = "", .limit = kReadAtOnce};
  while (!Stopping()) {
    BB_RETURN_IF_ERROR(CheckMemory(builder->size() * kBytesInMaking));
    BB_ASSIGN_OR_RETURN(const auto entries, snapshot->Scan(Kind::kAssociation, range));
    if (entries.empty()) break;
    for (const storage::Entry& entry : entries) {
      if (const auto document = Read(entry.key, entry.bytes)) builder->Add(*document);
    }
    range.after = entries.back().key;
    if (builder->size() + kReadAtOnce > options_.most_in_segment) finish();
  }
  revision_ = snapshot->revision();
  finish();
  return absl::OkStatus();
}

absl::Status Follower::CatchUp(PartList& parts) {
  while (!Stopping()) {
    // Read before the changes: what a commit changed is there when the commit is.
    BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
    if (latest->revision() < revision_) {
      return absl::DataLossError("the store is older than the search index");
    }
    BB_ASSIGN_OR_RETURN(const auto changes, store_.ChangesAfter(revision_, options_.batch));
    if (changes.empty()) {
      revision_ = latest->revision();
      return absl::OkStatus();
    }
    BB_RETURN_IF_ERROR(TakeChanges(changes, parts));
    revision_ = changes.back().revision;
    // Each batch can be found at once, unless an older and complete view is asked meanwhile.
    if (health().state == State::kFollowing) Publish(parts, true);
  }
  return absl::OkStatus();
}

absl::Status Follower::TakeChanges(const std::vector<storage::Change>& changes, PartList& parts) {
  std::vector<Update> updates;
  for (const storage::Change& change : changes) {
    if (change.kind != Kind::kAssociation) continue;
    updates.push_back({change.key, Read(change.key, change.bytes)});
  }
  BB_RETURN_IF_ERROR(CheckMemory(updates.size() * kBytesInMaking));
  parts.Put(updates);
  return absl::OkStatus();
}

std::optional<Document> Follower::Read(const std::string& id, const storage::Bytes& bytes) {
  skipped_.erase(id);
  if (bytes == nullptr) return std::nullopt;
  Association association;
  if (!association.ParseFromString(*bytes) || association.id() != id) {
    skipped_.insert(id);
    base::LogWarning("search_record_skipped", {{"association", base::AssociationId(id)}});
    return std::nullopt;
  }
  if (association.has_delete_time()) return std::nullopt;
  return ToDocument(association);
}

absl::Status Follower::CheckMemory(std::uint64_t more) const {
  return options_.free_memory() < more + options_.reserve ? TooLittleMemory() : absl::OkStatus();
}

void Follower::Publish(const PartList& parts, bool complete) {
  View view;
  view.revision = revision_;
  view.complete = complete;
  view.parts = parts.parts();
  view.live = parts.live();
  const std::uint64_t documents = view.live;
  shelf_.Publish(std::move(view));
  absl::MutexLock lock(&mutex_);
  health_.revision = revision_;
  health_.documents = documents;
  health_.bytes = parts.MemoryBytes();
  health_.skipped = skipped_.size();
}

}  // namespace brobygger::search
