#include "core/rpc/unary_call.h"

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/rpc/revision_token.h"
#include "core/rpc/status_mapping.h"

namespace brobygger::rpc {

std::uint64_t UnaryCall::MinRevision() const {
  // The door let nothing in that cannot be read.
  const auto wanted = WantedRevision(context_.client_metadata());
  return wanted.ok() ? wanted->value_or(0) : 0;
}

void UnaryCall::SayRevision(std::uint64_t revision) {
  context_.AddTrailingMetadata(kRevisionKey, std::to_string(revision));
}

void UnaryCall::AnswerAfter(Auditor& auditor, AuditedCall audited) {
  awaited_ = 2;
  auditor.Record(std::move(audited), Door::AuditDeadline(), [this](absl::Status told) {
    told_ = std::move(told);
    Arrive();
  });
}

void UnaryCall::Fail(const absl::Status& status) {
  // A handler may throw after it has answered; gRPC aborts on a second answer.
  if (answered_.exchange(true)) {
    base::LogError("failed_after_answer", {{"text", base::LogValue::Vetted(status.ToString())}});
    return;
  }
  // It was let in, so it stands in the log as an attempt: that it reached for what is another's
  // does, too.
  if (door_ != nullptr && base::ReasonOf(status) == errors::v1::ERROR_REASON_NOT_ALLOWED) {
    (void)door_->Refused(*method_, pass_.caller(), status);
  }
  outcome_ = status;
  Arrive();
}

void UnaryCall::Answer(grpc::ByteBuffer bytes) {
  if (answered_.exchange(true)) return;
  response_.Swap(&bytes);
  Arrive();
}

void UnaryCall::Arrive() {
  if (awaited_.fetch_sub(1) > 1) return;
  if (!told_.ok()) response_.Clear();
  FinishWith(told_.ok() ? outcome_ : told_);
}

void UnaryCall::FinishWith(const absl::Status& status) {
  pass_.Answered();
  Finish(status.ok() ? grpc::Status::OK : ToGrpc(status));
}

void UnaryCall::OnDone() { const std::unique_ptr<UnaryCall> taken_back(this); }

}  // namespace brobygger::rpc
