#include "core/rpc/unary_call.h"

#include "core/base/log.h"
#include "core/rpc/status_mapping.h"

namespace brobygger::rpc {

void UnaryCall::Fail(const absl::Status& status) {
  // A handler may throw after it has answered; gRPC aborts on a second answer.
  if (answered_.exchange(true)) {
    base::LogError("failed_after_answer", {{"text", base::LogValue::Vetted(status.ToString())}});
    return;
  }
  pass_.Answered();
  Finish(ToGrpc(status));
}

void UnaryCall::Answer(grpc::ByteBuffer bytes) {
  if (answered_.exchange(true)) return;
  response_.Swap(&bytes);
  pass_.Answered();
  Finish(grpc::Status::OK);
}

void UnaryCall::OnDone() { const std::unique_ptr<UnaryCall> taken_back(this); }

}  // namespace brobygger::rpc
