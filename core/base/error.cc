#include "core/base/error.h"

#include <string_view>

#include <absl/strings/cord.h>

#include "google/rpc/status.pb.h"

namespace brobygger::base {
namespace {

constexpr char kTypeUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kRetryTypeUrl[] = "type.googleapis.com/google.rpc.RetryInfo";
constexpr std::string_view kPrefix = "ERROR_REASON_";

}  // namespace

// NOLINTNEXTLINE(readability-function-size): one table, a line for each reason.
absl::StatusCode CodeOf(ErrorReason reason) {
  switch (reason) {
    case errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND:
    case errors::v1::ERROR_REASON_RELATION_NOT_FOUND:
    case errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND:
    case errors::v1::ERROR_REASON_MUNICIPALITY_NOT_FOUND:
    case errors::v1::ERROR_REASON_CONNECTION_NOT_FOUND:
    case errors::v1::ERROR_REASON_PLUGIN_NOT_FOUND:
    case errors::v1::ERROR_REASON_PLAN_NOT_FOUND:
    case errors::v1::ERROR_REASON_QUESTION_NOT_FOUND:
    case errors::v1::ERROR_REASON_DECISION_NOT_FOUND:
    case errors::v1::ERROR_REASON_CONFLICT_NOT_FOUND:
    case errors::v1::ERROR_REASON_RUN_NOT_FOUND:
    case errors::v1::ERROR_REASON_GRANT_APPLICATION_NOT_FOUND:
    case errors::v1::ERROR_REASON_FOLLOW_UP_NOT_FOUND:
    case errors::v1::ERROR_REASON_TOUCHPOINT_NOT_FOUND:
    case errors::v1::ERROR_REASON_EVENT_NOT_FOUND:
    case errors::v1::ERROR_REASON_INVITATION_NOT_FOUND:
    case errors::v1::ERROR_REASON_CALENDAR_NOT_FOUND:
    case errors::v1::ERROR_REASON_FEED_KEY_NOT_FOUND:
    case errors::v1::ERROR_REASON_PERSON_NOT_FOUND:
    case errors::v1::ERROR_REASON_API_KEY_NOT_FOUND:
    case errors::v1::ERROR_REASON_POLICY_NOT_FOUND:
    case errors::v1::ERROR_REASON_COORDINATION_GROUP_NOT_FOUND:
    case errors::v1::ERROR_REASON_CORRECTION_NOT_FOUND:
    case errors::v1::ERROR_REASON_COLLABORATION_NOT_FOUND:
    case errors::v1::ERROR_REASON_ALIGNMENT_NOT_FOUND:
    case errors::v1::ERROR_REASON_RESOURCE_CHECK_NOT_FOUND:
    case errors::v1::ERROR_REASON_COURSE_NOT_FOUND:
    case errors::v1::ERROR_REASON_NETWORK_NOT_FOUND:
    case errors::v1::ERROR_REASON_POOL_NOT_FOUND:
    case errors::v1::ERROR_REASON_PREMISES_NOT_FOUND:
    case errors::v1::ERROR_REASON_PROGRAMME_NOT_FOUND:
    case errors::v1::ERROR_REASON_ADVICE_NOT_FOUND:
      return absl::StatusCode::kNotFound;
    case errors::v1::ERROR_REASON_ETAG_MISMATCH:
    case errors::v1::ERROR_REASON_PLAN_STALE:
    case errors::v1::ERROR_REASON_RUN_IN_PROGRESS:
    case errors::v1::ERROR_REASON_SEARCH_PAGE_GONE:
      return absl::StatusCode::kAborted;
    case errors::v1::ERROR_REASON_READ_ONLY:
    case errors::v1::ERROR_REASON_ASSOCIATION_DELETED:
    case errors::v1::ERROR_REASON_ASSOCIATION_NOT_DELETED:
    case errors::v1::ERROR_REASON_CONNECTION_DISABLED:
    case errors::v1::ERROR_REASON_PLUGIN_REFUSED:
    case errors::v1::ERROR_REASON_SOURCE_REFUSED:
    case errors::v1::ERROR_REASON_PLAN_HELD:
    case errors::v1::ERROR_REASON_SECRET_UNREADABLE:
    case errors::v1::ERROR_REASON_STORAGE_TOO_NEW:
    case errors::v1::ERROR_REASON_CONTRADICTS_DECISION:
    case errors::v1::ERROR_REASON_TOUCHPOINT_NOT_WRITTEN:
    case errors::v1::ERROR_REASON_EVENT_NOT_OVER:
    case errors::v1::ERROR_REASON_EVENT_OVER:
    case errors::v1::ERROR_REASON_QUESTION_CLOSED:
    case errors::v1::ERROR_REASON_MAIL_NOT_CONFIGURED:
    case errors::v1::ERROR_REASON_PERSON_SUPPRESSED:
    case errors::v1::ERROR_REASON_MERGE_CONFLICT:
    case errors::v1::ERROR_REASON_ASSOCIATION_MERGED:
    case errors::v1::ERROR_REASON_DECISION_UNDONE:
    case errors::v1::ERROR_REASON_RUN_NOT_UNDOABLE:
    case errors::v1::ERROR_REASON_COLLABORATION_MOVE_INVALID:
    case errors::v1::ERROR_REASON_COLLABORATION_NOT_READY:
    case errors::v1::ERROR_REASON_ALIGNMENT_CLOSED:
    case errors::v1::ERROR_REASON_ALIGNMENT_NOT_READY:
    case errors::v1::ERROR_REASON_JOIN_CODE_INVALID:
    case errors::v1::ERROR_REASON_COURSE_STATE_INVALID:
    case errors::v1::ERROR_REASON_LIST_TOO_LONG:
      return absl::StatusCode::kFailedPrecondition;
    case errors::v1::ERROR_REASON_FIELD_INVALID:
    case errors::v1::ERROR_REASON_CPR_REFUSED:
    case errors::v1::ERROR_REASON_IDENTIFIER_INVALID:
    case errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID:
    case errors::v1::ERROR_REASON_FILTER_INVALID:
    case errors::v1::ERROR_REASON_UNKNOWN_FIELDS:
    case errors::v1::ERROR_REASON_REQUEST_ID_REUSED:
    case errors::v1::ERROR_REASON_CONNECTION_INVALID:
    case errors::v1::ERROR_REASON_MODEL_INVALID:
    case errors::v1::ERROR_REASON_PURPOSE_REQUIRED:
    case errors::v1::ERROR_REASON_QUERY_INVALID:
    case errors::v1::ERROR_REASON_PARAMETER_UNKNOWN:
      return absl::StatusCode::kInvalidArgument;
    case errors::v1::ERROR_REASON_IDENTIFIER_TAKEN:
    case errors::v1::ERROR_REASON_ALREADY_EXISTS:
    case errors::v1::ERROR_REASON_TASK_TAKEN:
      return absl::StatusCode::kAlreadyExists;
    case errors::v1::ERROR_REASON_REVISION_UNKNOWN:
      return absl::StatusCode::kOutOfRange;
    case errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE:
    case errors::v1::ERROR_REASON_PLUGIN_BROKEN:
    case errors::v1::ERROR_REASON_SOURCE_UNAVAILABLE:
    case errors::v1::ERROR_REASON_STORAGE_BUSY:
    case errors::v1::ERROR_REASON_STORAGE_FAILED:
    case errors::v1::ERROR_REASON_STOPPING:
    case errors::v1::ERROR_REASON_AUDIT_UNAVAILABLE:
    case errors::v1::ERROR_REASON_SEARCH_BEHIND:
      return absl::StatusCode::kUnavailable;
    case errors::v1::ERROR_REASON_STORAGE_FULL:
    case errors::v1::ERROR_REASON_OVERLOADED:
    case errors::v1::ERROR_REASON_REQUEST_TOO_LARGE:
    case errors::v1::ERROR_REASON_TOO_MANY_TRIES:
    case errors::v1::ERROR_REASON_QUOTA_EXCEEDED:
      return absl::StatusCode::kResourceExhausted;
    case errors::v1::ERROR_REASON_DEADLINE_PASSED:
      return absl::StatusCode::kDeadlineExceeded;
    case errors::v1::ERROR_REASON_NOT_SIGNED_IN:
      return absl::StatusCode::kUnauthenticated;
    case errors::v1::ERROR_REASON_NOT_ALLOWED:
      return absl::StatusCode::kPermissionDenied;
    case errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED:
      return absl::StatusCode::kUnimplemented;
    case errors::v1::ERROR_REASON_STORAGE_CORRUPT:
      return absl::StatusCode::kDataLoss;
    default:
      return absl::StatusCode::kInternal;
  }
}

absl::Status MakeError(ErrorReason reason,
                       const std::string& message,
                       const std::vector<ErrorField>& fields) {
  google::rpc::ErrorInfo info;
  info.set_reason(ErrorReason_Name(reason).substr(kPrefix.size()));
  info.set_domain("brobygger");
  for (const auto& [key, value] : fields) (*info.mutable_metadata())[key] = value;

  absl::Status status(CodeOf(reason), message);
  status.SetPayload(kTypeUrl, absl::Cord(info.SerializeAsString()));
  return status;
}

absl::Status MakeRetryError(ErrorReason reason,
                            const std::string& message,
                            std::chrono::seconds delay,
                            std::vector<ErrorField> fields) {
  const std::string seconds = std::to_string(delay.count());
  fields.emplace_back("retry_after_seconds", seconds);
  absl::Status status = MakeError(reason, message + "; try again in " + seconds + " s", fields);
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(delay.count());
  status.SetPayload(kRetryTypeUrl, absl::Cord(info.SerializeAsString()));
  return status;
}

ErrorReason ReasonOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kTypeUrl);
  google::rpc::ErrorInfo info;
  ErrorReason reason = errors::v1::ERROR_REASON_UNSPECIFIED;
  if (payload.has_value() && info.ParseFromString(std::string(*payload))) {
    ErrorReason_Parse(std::string(kPrefix) + info.reason(), &reason);
  }
  return reason;
}

std::string ErrorMetadata(const absl::Status& status, const std::string& key) {
  const auto payload = status.GetPayload(kTypeUrl);
  google::rpc::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return "";
  const auto found = info.metadata().find(key);
  return found == info.metadata().end() ? "" : found->second;
}

}  // namespace brobygger::base
