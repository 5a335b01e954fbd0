#include "core/rpc/auditor.h"

#include <array>
#include <string_view>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "core/base/error.h"
#include "core/grants/application_id.h"

namespace brobygger::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::string_view kReasonPrefix = "ERROR_REASON_";

// The first of these that a request has tells what it is about.
constexpr std::array<const char*, 23> kObjects = {
    "association_id", "application_id", "touchpoint_id", "event_id", "relation_id", "department_id",
    "connection_id", "plan_id", "run_id", "policy_id", "api_key_id", "correction_id",
    // Whose resource check it is: an association is the object of its own.
    "subject_id", "resource_check_id", "collaboration_id", "course_id", "network_id",
    "programme_id", "premises_id", "premises_need_id", "pool_id", "join_code_id",
    "municipality_code"};

std::string TextIn(const Message& message, const char* name) {
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated() ||
      field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    return "";
  }
  return message.GetReflection()->GetString(message, field);
}

// The same one level down: an update carries the record itself.
std::string ObjectWithin(const Message& message) {
  const auto* const descriptor = message.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* const field = descriptor->field(i);
    if (field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!message.GetReflection()->HasField(message, field)) continue;
    const Message& part = message.GetReflection()->GetMessage(message, field);
    for (const char* const name : {"association_id", "subject_id", "id"}) {
      if (const std::string text = TextIn(part, name); !text.empty()) return text;
    }
  }
  return "";
}

}  // namespace

std::string CleanedId(const std::string& text) {
  constexpr std::size_t kMost = 100;
  std::string clean;
  for (const char c : text.substr(0, kMost)) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '_' || c == '.' || c == ':' || c == '/' || c == '+';
    clean += plain ? c : '_';
  }
  return clean;
}

void Describe(const Message& request, AuditedCall& call) {
  if (std::string person = TextIn(request, "person_id"); !person.empty()) {
    call.subject_ids.push_back(std::move(person));
  }
  call.request_id = CleanedId(TextIn(request, "request_id"));
  for (const char* const name : kObjects) {
    const std::string text = TextIn(request, name);
    if (text.empty()) continue;
    // Lists show an application by its connection and the number it has there.
    const bool application = name == std::string_view("application_id");
    call.object_id = CleanedId(application ? grants::MeantId(text) : text);
    return;
  }
  if (call.subject_ids.empty()) call.object_id = CleanedId(ObjectWithin(request));
}

std::string RefusalWord(const absl::Status& status) {
  const auto reason = base::ReasonOf(status);
  // That the hub has trouble is no decision about a caller.
  if (reason == errors::v1::ERROR_REASON_UNSPECIFIED ||
      reason == errors::v1::ERROR_REASON_OVERLOADED) {
    return "";
  }
  const std::string why = base::ErrorMetadata(status, "why");
  const std::string word =
      absl::AsciiStrToLower(errors::v1::ErrorReason_Name(reason)).substr(kReasonPrefix.size());
  return why.empty() ? word : absl::StrCat(word, ":", why);
}

void SayOutcome(const absl::Status& status, AuditedCall& call) {
  const auto reason = base::ReasonOf(status);
  if (status.ok()) {
    call.outcome = audit::v1::OUTCOME_TOLD;
  } else if (reason == errors::v1::ERROR_REASON_NOT_ALLOWED ||
             reason == errors::v1::ERROR_REASON_PURPOSE_REQUIRED) {
    call.outcome = audit::v1::OUTCOME_REFUSED;
    call.refused = RefusalWord(status);
  } else {
    call.outcome =
        absl::IsNotFound(status) ? audit::v1::OUTCOME_NOT_FOUND : audit::v1::OUTCOME_FAILED;
  }
}

}  // namespace brobygger::rpc
