#include "core/sync/application_mapping.h"

#include <map>
#include <regex>
#include <set>
#include <string>
#include <utility>

#include <absl/strings/numbers.h>
#include <google/protobuf/descriptor.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/sync/connections.h"
#include "core/sync/record_text.h"

namespace brobygger::sync {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using grant::v1::GrantApplication;
using v1::FieldMapping;

constexpr char kOre[] = "_ore";

using Targets = std::map<std::string, std::vector<std::string>>;

Targets MakeTargets() {
  Targets targets;
  for (const char* field :
       {"title", "pool", "kind", "state", "department_id", "written_department", "received_date",
        "decided_date", "reporting_due_date", "currency", "kle", "facet", "case_id", "applied_ore",
        "awarded_ore", "disbursed_ore"}) {
    targets[field] = {field};
  }
  for (const char* amount : {"applied", "awarded", "disbursed"}) {
    targets[amount] = {std::string(amount) + kOre};
  }
  for (const char* part : {"external_id", "written_name", "written_cvr"}) {
    targets[std::string("applicant.") + part] = {"applicant", part};
  }
  for (const char* part : {"from_date", "to_date"}) {
    targets[std::string("period.") + part] = {"period", part};
  }
  return targets;
}

// Where each target goes: a path of field names.
const Targets& AllTargets() {
  static const Targets kTargets = MakeTargets();
  return kTargets;
}

absl::Status Wrong(const FieldMapping& mapping, const std::string& why) {
  return base::MakeError(errors::v1::ERROR_REASON_CONNECTION_INVALID,
                         "the mapping of '" + mapping.source_field() + "' to '" + mapping.target() +
                             "' in applications cannot be used: " + why,
                         {{"field", "applications.mappings"}, {"target", mapping.target()}});
}

absl::Status WrongValue(const std::string& target, const std::string& what) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID, target + " " + what,
                         {{"field", target}});
}

// "ACTIVE" or the whole name, as the enum has it.
absl::Status SetEnum(const std::string& target,
                     const std::string& text,
                     const FieldDescriptor& field,
                     Message& message) {
  const auto& type = *field.enum_type();
  const std::string& zero = type.value(0)->name();
  const std::string prefix = zero.substr(0, zero.size() - std::string("UNSPECIFIED").size());
  const auto* value = type.FindValueByName(prefix + text);
  if (value == nullptr) {
    std::string known;
    for (int i = 1; i < type.value_count(); ++i) {
      known += (i == 1 ? "" : ", ") + type.value(i)->name().substr(prefix.size());
    }
    return WrongValue(target, "has the word '" + text + "', which is none of " + known +
                                  "; add it to the mapping's values");
  }
  message.GetReflection()->SetEnum(&message, &field, value);
  return absl::OkStatus();
}

struct TargetValue {
  const std::string& target;
  std::string text;
  bool is_number;
};

absl::Status SetAmount(const TargetValue& value, const FieldDescriptor& field, Message& message) {
  std::int64_t ore = 0;
  if (!value.target.ends_with(kOre)) {
    const auto amount = KronerToOre(value.text, value.is_number);
    if (!amount.ok()) return WrongValue(value.target, std::string(amount.status().message()));
    ore = *amount;
  } else if (!absl::SimpleAtoi(value.text, &ore)) {
    return WrongValue(value.target, "is no whole number of hundredths of a krone");
  }
  message.GetReflection()->SetInt64(&message, &field, ore);
  return absl::OkStatus();
}

absl::Status SetTarget(const TargetValue& value, GrantApplication& application) {
  Message* message = &application;
  const auto& path = AllTargets().at(value.target);
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    message = message->GetReflection()->MutableMessage(
        message, message->GetDescriptor()->FindFieldByName(path[i]));
  }
  const FieldDescriptor& field = *message->GetDescriptor()->FindFieldByName(path.back());
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(value.target, value.text, field, *message);
    case FieldDescriptor::CPPTYPE_INT64:
      return SetAmount(value, field, *message);
    default:
      message->GetReflection()->SetString(message, &field, value.text);
      return absl::OkStatus();
  }
}

bool IsNumber(const plugin::v1::Value& value) {
  return value.kind_case() == plugin::v1::Value::kNumber ||
         value.kind_case() == plugin::v1::Value::kDecimal;
}

// The whole kroner, with points between thousands perhaps, and the decimals.
const std::regex& AmountPattern(bool is_number) {
  static const std::regex kNumber("([0-9]+)(?:\\.([0-9]+))?");
  static const std::regex kText(
      "([0-9]{1,3}(?:\\.[0-9]{3})+|[0-9]+)(?:,([0-9]+))?|([0-9]+)\\.([0-9]{1,2})");
  return is_number ? kNumber : kText;
}

}  // namespace

StreamKey ApplicationStreamOf(const v1::Connection& connection) {
  const std::string& stream = connection.applications().stream();
  return {.connection_id = connection.id(), .stream = stream.empty() ? "applications" : stream};
}

absl::StatusOr<std::int64_t> KronerToOre(const std::string& text, bool is_number) {
  std::smatch parts;
  std::int64_t ore = 0;
  const bool amount = std::regex_match(text, parts, AmountPattern(is_number));
  const bool with_point = amount && parts.size() > 3 && parts[3].matched;
  std::string whole = amount ? parts.str(with_point ? 3 : 1) : "";
  const std::string decimals = amount ? parts.str(with_point ? 4 : 2) : "";
  std::erase(whole, '.');
  if (!amount || decimals.find_first_not_of('0', 2) != std::string::npos ||
      !absl::SimpleAtoi(whole + (decimals + "00").substr(0, 2), &ore)) {
    return absl::InvalidArgumentError(
        "is no amount of kroner such as 1234.50 or 1.234,50, 0 or more");
  }
  return ore;
}

absl::StatusOr<ApplicationMapping> ApplicationMapping::Make(const v1::Connection& connection) {
  ApplicationMapping mapping;
  mapping.connection_id_ = connection.id();
  mapping.applicant_stream_ = StreamOf(connection).stream;
  mapping.department_id_ = connection.department_id();
  const auto& mappings = connection.applications().mappings();
  mapping.mappings_.assign(mappings.begin(), mappings.end());
  if (ApplicationStreamOf(connection).stream == mapping.applicant_stream_) {
    return base::MakeError(errors::v1::ERROR_REASON_CONNECTION_INVALID,
                           "applications.stream must be another stream than the associations'",
                           {{"field", "applications.stream"}});
  }
  std::set<std::vector<std::string>> used;
  bool says_who = false;
  for (const FieldMapping& one : mapping.mappings_) {
    const auto target = AllTargets().find(one.target());
    if (one.source_field().empty() || target == AllTargets().end() ||
        !used.insert(target->second).second) {
      return Wrong(one,
                   "the target is unknown or used twice; see the list of targets in "
                   "deploy/connection.example.toml");
    }
    if (one.policy() != FieldMapping::POLICY_UNSPECIFIED) {
      return Wrong(one, "applications are only read, so it can have no policy");
    }
    says_who = says_who || one.target().starts_with("applicant.");
  }
  if (says_who) return mapping;
  return base::MakeError(
      errors::v1::ERROR_REASON_CONNECTION_INVALID,
      "no source field of applications is mapped to applicant.external_id, "
      "applicant.written_cvr or applicant.written_name; one must say who applies",
      {{"field", "applications.mappings"}});
}

absl::StatusOr<GrantApplication> ApplicationMapping::Tell(const plugin::v1::Record& record) const {
  GrantApplication application;
  for (const FieldMapping& mapping : mappings_) {
    const auto field = record.fields().find(mapping.source_field());
    if (field == record.fields().end()) continue;
    std::vector<std::string> texts = TextsOf(field->second);
    if (texts.empty() || !Translate(mapping, texts)) continue;
    BB_RETURN_IF_ERROR(SetTarget(
        {mapping.target(), std::move(texts.front()), IsNumber(field->second)}, application));
  }
  application.set_connection_id(connection_id_);
  application.set_external_id(record.external_id());
  if (application.department_id().empty()) application.set_department_id(department_id_);
  if (!application.applicant().external_id().empty()) {
    application.mutable_applicant()->set_stream(applicant_stream_);
  }
  return application;
}

std::vector<std::string> ApplicationMapping::SourceFields() const {
  std::set<std::string> fields;
  for (const FieldMapping& mapping : mappings_) fields.insert(mapping.source_field());
  return {fields.begin(), fields.end()};
}

}  // namespace brobygger::sync
