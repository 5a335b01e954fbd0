#include "core/rpc/follow_stream.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/rpc/status_mapping.h"
#include "core/rpc/unary_call.h"

namespace brobygger::rpc {

void FollowStream::Begin(Parts parts) {
  const absl::MutexLock lock(&mutex_);
  parts_ = std::move(parts);
}

void FollowStream::Pump(bool tick) {
  Step step = Step::kNone;
  {
    const absl::MutexLock lock(&mutex_);
    step = NextStep(tick);
  }
  Do(step);
}

void FollowStream::EndWith(const absl::Status& status) {
  const absl::MutexLock lock(&mutex_);
  if (!end_.has_value()) end_ = status;
}

void FollowStream::OnWriteDone(bool ok) {
  if (!ok) EndWith(absl::CancelledError("the caller is gone"));
  {
    const absl::MutexLock lock(&mutex_);
    writing_ = false;
  }
  Pump();
}

void FollowStream::OnCancel() {
  EndWith(absl::CancelledError("the caller cancelled"));
  Pump();
}

void FollowStream::OnDone() {
  // The last owner may be the one that `gone_` lets go of, `gone_` with it.
  const auto gone = std::move(gone_);
  if (gone) gone();
}

FollowStream::Step FollowStream::NextStep(bool tick) {
  if (writing_ || finished_) return Step::kNone;
  if (!end_.has_value()) {
    Step step = Step::kNone;
    const absl::Status worked = Guarded([&]() -> absl::Status {
      BB_ASSIGN_OR_RETURN(step, Work(tick));
      return absl::OkStatus();
    });
    if (worked.ok()) return step;
    end_ = worked;
  }
  finished_ = true;
  return Step::kFinish;
}

absl::StatusOr<FollowStream::Step> FollowStream::Work(bool tick) {
  BB_RETURN_IF_ERROR(StillMay(tick));
  BB_ASSIGN_OR_RETURN(auto part, parts_.news->Next());
  if (part) {
    outgoing_ = std::move(part->bytes);
    parts_.pass.Told(part->rows);
    sent_since_tick_ = true;
    if (part->last) end_ = absl::OkStatus();
  } else if (tick && !std::exchange(sent_since_tick_, false)) {
    outgoing_ = parts_.news->SignOfLife();
  } else {
    return Step::kNone;
  }
  writing_ = true;
  return Step::kWrite;
}

absl::Status FollowStream::StillMay(bool tick) {
  const auto now = std::chrono::steady_clock::now();
  const bool just_asked = asked_.has_value() && now - *asked_ < std::chrono::seconds(1);
  if (!parts_.still_may || (just_asked && !tick)) return absl::OkStatus();
  // Who was let in a moment ago need not be asked again.
  const bool first = !asked_.has_value();
  asked_ = now;
  return first ? absl::OkStatus() : parts_.still_may();
}

void FollowStream::Do(Step step) {
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
