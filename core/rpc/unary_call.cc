#include "core/rpc/unary_call.h"

#include <absl/synchronization/notification.h>

#include "core/base/error.h"
#include "core/base/id.h"
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

AuditedCall BegunOf(AuditedCall audited) {
  audited.outcome = audit::v1::OUTCOME_BEGUN;
  audited.call_id = base::MakeUuid();
  return audited;
}

void UnaryCall::AuditAnswer(Auditor& auditor, AuditedCall audited) {
  audit_ = std::make_unique<Audit>(Audit{auditor, std::move(audited)});
}

void UnaryCall::AuditFailure(Auditor& auditor, AuditedCall audited) {
  audit_ = std::make_unique<Audit>(Audit{auditor, std::move(audited), true});
}

void UnaryCall::SayAbout(std::vector<std::string> subject_ids) {
  if (audit_ != nullptr) audit_->call.subject_ids = std::move(subject_ids);
}

absl::Status UnaryCall::AuditBegun() {
  if (audit_ == nullptr) return absl::OkStatus();
  AuditedCall begun = BegunOf(audit_->call);
  absl::Notification told;
  absl::Status outcome;
  audit_->auditor.Record(begun, Door::AuditDeadline(), [&](absl::Status status) {
    outcome = std::move(status);
    told.Notify();
  });
  told.WaitForNotification();
  if (outcome.ok()) AuditFailure(audit_->auditor, std::move(begun));
  return outcome;
}

void UnaryCall::Fail(const absl::Status& status) {
  // A handler may throw after it has answered; gRPC aborts on a second answer.
  if (answered_.exchange(true)) {
    base::LogError("failed_after_answer", {{"text", base::LogValue::Vetted(status.ToString())}});
    return;
  }
  // That it reached for what is another's stands in the log, also where an answer would not.
  if (door_ != nullptr && audit_ == nullptr &&
      base::ReasonOf(status) == errors::v1::ERROR_REASON_NOT_ALLOWED) {
    (void)door_->Refused(*method_, pass_.caller(), status);
  }
  outcome_ = status;
  Conclude();
}

void UnaryCall::Answer(grpc::ByteBuffer bytes) {
  if (answered_.exchange(true)) return;
  response_.Swap(&bytes);
  Conclude();
}

void UnaryCall::Conclude() {
  if (audit_ == nullptr || (audit_->failure_only && outcome_.ok())) return FinishWith(outcome_);
  SayOutcome(outcome_, audit_->call);
  audit_->auditor.Record(audit_->call, Door::AuditDeadline(), [this](const absl::Status& told) {
    // That nothing came of a change that stands in the log needs no record to be told.
    if (told.ok() || audit_->failure_only) return FinishWith(outcome_);
    response_.Clear();
    FinishWith(told);
  });
}

void UnaryCall::FinishWith(const absl::Status& status) {
  pass_.Answered();
  Finish(status.ok() ? grpc::Status::OK : ToGrpc(status));
}

void UnaryCall::OnDone() { const std::unique_ptr<UnaryCall> taken_back(this); }

}  // namespace brobygger::rpc
