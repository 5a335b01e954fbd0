#include "core/rpc/answer_stream.h"

#include <utility>

#include "core/rpc/status_mapping.h"
#include "core/rpc/unary_call.h"

namespace brobygger::rpc {

void AnswerStream::Start(Next next) {
  next_ = std::move(next);
  WriteNext();
}

void AnswerStream::Fail(const absl::Status& status) { Finish(ToGrpc(status)); }

void AnswerStream::OnWriteDone(bool ok) {
  if (!ok) return Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the caller is gone"));
  WriteNext();
}

void AnswerStream::OnDone() { const std::unique_ptr<AnswerStream> taken_back(this); }

void AnswerStream::WriteNext() {
  std::optional<grpc::ByteBuffer> message;
  const absl::Status made = Guarded([&]() -> absl::Status {
    auto next = next_();
    if (!next.ok()) return next.status();
    message = *std::move(next);
    return absl::OkStatus();
  });
  if (!made.ok()) return Fail(made);
  if (!message) return Finish(grpc::Status::OK);
  outgoing_ = *std::move(message);
  StartWrite(&outgoing_);
}

}  // namespace brobygger::rpc
