#include "core/cli/errors.h"

#include <map>

#include <absl/strings/cord.h>
#include <fmt/format.h>

#include "brobygger/errors/v1/error_reason.pb.h"
#include "google/rpc/status.pb.h"

#include "core/base/error.h"
#include "core/cli/text_width.h"

namespace brobygger::cli {
namespace {

namespace reasons = errors::v1;

// What a person can do about an error beyond what the hub's own sentence says.
const std::map<errors::v1::ErrorReason, const char*>& Advice() {
  static const std::map<errors::v1::ErrorReason, const char*> kAdvice = {
      {reasons::ERROR_REASON_ASSOCIATION_NOT_FOUND, "brobygger association list shows the ids."},
      {reasons::ERROR_REASON_CONNECTION_NOT_FOUND, "brobygger connection list shows the ids."},
      {reasons::ERROR_REASON_DEPARTMENT_NOT_FOUND, "brobygger department list shows the ids."},
      {reasons::ERROR_REASON_POLICY_NOT_FOUND, "brobygger policy list shows the ids."},
      {reasons::ERROR_REASON_COORDINATION_GROUP_NOT_FOUND, "brobygger group list shows the ids."},
      {reasons::ERROR_REASON_PERSON_NOT_FOUND,
       "brobygger person list ASSOCIATION shows the ids of those who are on record."},
      {reasons::ERROR_REASON_PERSON_SUPPRESSED,
       "If they have asked for it themselves: --override-suppression --evidence TEXT."},
      {reasons::ERROR_REASON_CORRECTION_NOT_FOUND, "brobygger correction list shows the ids."},
      {reasons::ERROR_REASON_TASK_TAKEN, "brobygger task list --number NUMBER shows whose it is."},
      {reasons::ERROR_REASON_PLUGIN_NOT_FOUND, "brobygger plugin list shows what is installed."},
      {reasons::ERROR_REASON_PLAN_NOT_FOUND, "Make a new plan: brobygger sync plan CONNECTION."},
      {reasons::ERROR_REASON_PLAN_STALE, "Make a new plan: brobygger sync plan CONNECTION."},
      {reasons::ERROR_REASON_PLAN_HELD,
       "Look at the plan; if it is right all the same, give --accept-held to sync apply."},
      {reasons::ERROR_REASON_ETAG_MISMATCH,
       "Somebody else wrote first: read the record again, then repeat your change."},
      {reasons::ERROR_REASON_CONNECTION_DISABLED, "brobygger connection enable CONNECTION."},
      {reasons::ERROR_REASON_ASSOCIATION_DELETED, "brobygger association undelete ID."},
      {reasons::ERROR_REASON_RUN_IN_PROGRESS, "brobygger sync status shows when it is done."},
      {reasons::ERROR_REASON_PAGE_TOKEN_INVALID,
       "Use the token of the page before, with all other options unchanged."},
      {reasons::ERROR_REASON_FILTER_INVALID,
       "An example: --filter 'status = ACTIVE AND official_name : \"kultur\"'."},
      {reasons::ERROR_REASON_STORAGE_FULL, "Make room on the hub's disk; nothing was written."},
      {reasons::ERROR_REASON_CONTRADICTS_DECISION,
       "brobygger identity decisions shows it; --override takes it back."},
      {reasons::ERROR_REASON_DECISION_NOT_FOUND, "brobygger identity decisions shows the ids."},
      {reasons::ERROR_REASON_QUESTION_CLOSED,
       "brobygger identity review shows what is still asked; --override decides all the same."},
      {reasons::ERROR_REASON_QUESTION_NOT_FOUND, "brobygger identity review --list shows the ids."},
      {reasons::ERROR_REASON_MODEL_INVALID, "The model in use stays."},
      {reasons::ERROR_REASON_DEADLINE_PASSED, "Give it more time: --timeout SECONDS."},
  };
  return kAdvice;
}

// Whether the hub itself did not answer; an UNAVAILABLE with a reason is the
// hub's own word about something behind it.
bool HubNotReached(const absl::Status& status) {
  const auto reason = base::ReasonOf(status);
  const bool by_hub =
      reason != reasons::ERROR_REASON_UNSPECIFIED && reason != reasons::ERROR_REASON_STOPPING;
  return absl::IsUnavailable(status) && !by_hub;
}

std::string ReasonWord(const absl::Status& status) {
  const auto reason = base::ReasonOf(status);
  if (reason == reasons::ERROR_REASON_UNSPECIFIED) return absl::StatusCodeToString(status.code());
  return reasons::ErrorReason_Name(reason).substr(std::string("ERROR_REASON_").size());
}

std::string WhatToDo(const absl::Status& status, const std::string& address) {
  if (HubNotReached(status)) {
    return fmt::format(
        "Is the hub running at {}? Start it with deploy/up or brobygger serve, or say where it is "
        "with --server or BROBYGGER_SERVER.",
        address);
  }
  if (base::ErrorMetadata(status, "field") == "position") {
    return "Use the position that was told last, with the same question.";
  }
  const auto advice = Advice().find(base::ReasonOf(status));
  if (advice != Advice().end()) return advice->second;
  return absl::IsDeadlineExceeded(status) ? "Give it more time: --timeout SECONDS." : "";
}

std::string Facts(const absl::Status& status) {
  std::string facts;
  status.ForEachPayload([&](absl::string_view, const absl::Cord& payload) {
    google::rpc::ErrorInfo info;
    if (!info.ParseFromString(std::string(payload))) return;
    for (const auto& [key, value] : info.metadata()) {
      facts += fmt::format("\n  {}: {}", OneCleanLine(key), OneCleanLine(value));
    }
  });
  return facts;
}

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status made(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status rich;
  if (rich.ParseFromString(status.error_details())) {
    for (const auto& detail : rich.details()) {
      made.SetPayload(detail.type_url(), absl::Cord(detail.value()));
    }
  }
  return made;
}

int ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kExitDone;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return kExitUsage;
    case absl::StatusCode::kUnavailable:
      return HubNotReached(status) ? kExitNotReached : kExitOther;
    case absl::StatusCode::kDeadlineExceeded:
      return kExitNotReached;
    case absl::StatusCode::kNotFound:
      return kExitNotFound;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return kExitNotAllowed;
    case absl::StatusCode::kAborted:
      return kExitConflict;
    case absl::StatusCode::kCancelled:
      return kExitInterrupted;
    default:
      return kExitOther;
  }
}

std::string ErrorText(const absl::Status& status, const std::string& address, bool facts) {
  const std::string what = HubNotReached(status) ? fmt::format("The hub does not answer: {}",
                                                               std::string(status.message()))
                                                 : std::string(status.message());
  std::string text = fmt::format("brobygger: {} [{}]", OneCleanLine(what), ReasonWord(status));
  if (const std::string advice = WhatToDo(status, address); !advice.empty()) {
    text += "\n  " + advice;
  }
  return facts ? text + Facts(status) : text;
}

}  // namespace brobygger::cli
