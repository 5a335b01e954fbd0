#include "core/rpc/feed_stream.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/rpc/status_mapping.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"

namespace brobygger::rpc {
namespace {

// A message holds no more than this, unless one revision does: it is never split.
constexpr int kMostChanges = 500;
constexpr std::size_t kMostBytes = 512 << 10;

}  // namespace

void FeedStream::Begin(feed::Feed& feed,
                       const feed::v1::FollowChangesRequest& request,
                       Door::Pass pass,
                       std::function<void()> wake) {
  pass_ = std::move(pass);
  const absl::MutexLock lock(&mutex_);
  request_ = request;
  const auto as_seen = [this](storage::Store& store) {
    return std::make_unique<const scope::ScopedStore>(store, pass_.caller());
  };
  follower_ = feed.Follow(request.after_revision(), std::move(wake), as_seen);
}

void FeedStream::Pump(bool tick) {
  Step step = Step::kNone;
  {
    const absl::MutexLock lock(&mutex_);
    step = NextStep(tick);
  }
  Do(step);
}

void FeedStream::EndWith(const absl::Status& status) {
  const absl::MutexLock lock(&mutex_);
  if (!end_.has_value()) end_ = status;
}

void FeedStream::OnWriteDone(bool ok) {
  if (!ok) EndWith(absl::CancelledError("the caller is gone"));
  {
    const absl::MutexLock lock(&mutex_);
    writing_ = false;
  }
  Pump();
}

void FeedStream::OnCancel() {
  EndWith(absl::CancelledError("the caller cancelled"));
  Pump();
}

void FeedStream::OnDone() {
  // The last owner may be the one that `gone_` lets go of, `gone_` with it.
  const auto gone = std::move(gone_);
  if (gone) gone();
}

FeedStream::Step FeedStream::NextStep(bool tick) {
  if (writing_ || finished_) return Step::kNone;
  if (end_.has_value()) {
    finished_ = true;
    return Step::kFinish;
  }
  if (next_ == batch_.changes_size()) {
    if (const absl::Status fetched = Guarded([this] { return Fetch(); }); !fetched.ok()) {
      end_ = fetched;
      finished_ = true;
      return Step::kFinish;
    }
  }
  if (!batch_.changes().empty()) return Send(CutPart());
  if (request_.stop_at_end()) {
    end_ = absl::OkStatus();
    return Send(batch_);
  }
  const bool silent = tick && !std::exchange(sent_since_tick_, false);
  return silent ? Send(batch_) : Step::kNone;
}

absl::Status FeedStream::Fetch() {
  BB_ASSIGN_OR_RETURN(batch_, follower_->NextBatch(kMostChanges, request_.include_records()));
  next_ = 0;
  return absl::OkStatus();
}

// Whole revisions from what was read, as many as fit into one message.
feed::v1::FollowChangesResponse FeedStream::CutPart() {
  feed::v1::FollowChangesResponse part;
  std::size_t bytes = 0;
  while (next_ < batch_.changes_size()) {
    const auto& change = batch_.changes(next_);
    bytes += change.ByteSizeLong();
    const bool new_revision = change.revision() != part.through_revision();
    if (new_revision && bytes > kMostBytes && !part.changes().empty()) return part;
    part.set_through_revision(change.revision());
    part.mutable_changes()->Add(std::move(*batch_.mutable_changes(next_++)));
  }
  part.set_through_revision(batch_.through_revision());
  return part;
}

FeedStream::Step FeedStream::Send(const feed::v1::FollowChangesResponse& part) {
  outgoing_ = ToBytes(part);
  pass_.Told(static_cast<std::size_t>(part.changes_size()));
  sent_since_tick_ = !part.changes().empty();
  writing_ = true;
  return Step::kWrite;
}

void FeedStream::Do(Step step) {
  if (step == Step::kWrite) StartWrite(&outgoing_);
  if (step != Step::kFinish) return;
  absl::Status status;
  {
    const absl::MutexLock lock(&mutex_);
    status = *end_;
  }
  Finish(ToGrpc(status));
}

}  // namespace brobygger::rpc
