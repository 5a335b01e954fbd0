#include "core/rpc/progress_stream.h"

#include <utility>

#include "core/rpc/status_mapping.h"

namespace brobygger::rpc {

std::shared_ptr<ProgressStream> ProgressStream::Make() {
  auto stream = std::make_shared<ProgressStream>();
  stream->self_ = stream;
  return stream;
}

void ProgressStream::Tell(const grpc::ByteBuffer& news) {
  Step step = Step::kNone;
  {
    const absl::MutexLock lock(&mutex_);
    news_ = news;
    step = NextStep();
  }
  Do(step);
}

void ProgressStream::End(const grpc::ByteBuffer& last) { EndWith(last, grpc::Status::OK); }

void ProgressStream::Fail(const absl::Status& status) { EndWith(std::nullopt, ToGrpc(status)); }

void ProgressStream::EndWith(std::optional<grpc::ByteBuffer> last, const grpc::Status& status) {
  Step step = Step::kNone;
  {
    const absl::MutexLock lock(&mutex_);
    if (end_.has_value()) return;
    news_.reset();
    last_ = std::move(last);
    end_ = status;
    step = NextStep();
  }
  Do(step);
}

void ProgressStream::OnWriteDone(bool ok) {
  if (!ok) cancel_.Cancel();
  Step step = Step::kNone;
  {
    const absl::MutexLock lock(&mutex_);
    writing_ = false;
    step = NextStep();
  }
  Do(step);
}

ProgressStream::Step ProgressStream::NextStep() {
  if (writing_ || finished_) return Step::kNone;
  auto& next = last_.has_value() ? last_ : news_;
  if (next.has_value() && !cancel_.cancelled()) {
    outgoing_ = *std::exchange(next, std::nullopt);
    writing_ = true;
    return Step::kWrite;
  }
  if (!end_.has_value()) return Step::kNone;
  finished_ = true;
  return Step::kFinish;
}

void ProgressStream::Do(Step step) {
  if (step == Step::kWrite) StartWrite(&outgoing_);
  if (step != Step::kFinish) return;
  grpc::Status status;
  {
    const absl::MutexLock lock(&mutex_);
    status = *end_;
  }
  Finish(status);
}

}  // namespace brobygger::rpc
