#include "plugins/reference/registry/writing.h"

#include <algorithm>
#include <cctype>

#include <google/protobuf/util/message_differencer.h>

#include "plugins/reference/registry/schema.h"

namespace brobygger::reference {
namespace {

using sdk::FieldSchema;
using sdk::Value;

constexpr int kRetrySeconds = 7;

OperationResult Result(const Operation& operation, OperationResult::Outcome outcome) {
  OperationResult result;
  result.set_op_id(operation.op_id());
  result.set_outcome(outcome);
  return result;
}

OperationResult Rejected(const Operation& operation, const absl::Status& why) {
  OperationResult result = Result(operation, OperationResult::OUTCOME_REJECTED);
  *result.add_diagnostics() = sdk::DiagnosticOf(why);
  return result;
}

absl::Status Refuse(const std::string& field, const std::string& da, const std::string& en) {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_REJECTED,
                         .code = "reference.registry.refused",
                         .da = "Feltet '" + field + "': " + da + ".",
                         .en = "Field '" + field + "': " + en + ".",
                         .path = field});
}

absl::Status NotThere() {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_NOT_FOUND,
                         .code = "reference.registry.not_found",
                         .da = "Posten findes ikke i kilden.",
                         .en = "The record is not at the source.",
                         .path = "external_id"});
}

OperationResult Retry(const Operation& operation) {
  OperationResult result = Result(operation, OperationResult::OUTCOME_RETRY);
  sdk::Diagnostic later =
      sdk::ToDiagnostic({.kind = sdk::Diagnostic::CLASS_RATE_LIMITED,
                         .code = "reference.registry.busy",
                         .da = "Kildesystemet har for travlt. Der prøves igen om lidt.",
                         .en = "The source system is too busy. It is tried again in a while."});
  later.mutable_retry_after()->set_seconds(kRetrySeconds);
  *result.add_diagnostics() = std::move(later);
  return result;
}

bool Same(const Value& a, const Value& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

bool FitsType(const Value& value, FieldSchema::Type type) {
  switch (value.kind_case()) {
    case Value::kEmpty:
      return true;
    case Value::kText:
      return type == FieldSchema::TYPE_TEXT;
    case Value::kFlag:
      return type == FieldSchema::TYPE_BOOL;
    case Value::kNumber:
      return type == FieldSchema::TYPE_INT;
    case Value::kDecimal:
      return type == FieldSchema::TYPE_DECIMAL;
    case Value::kDate:
      return type == FieldSchema::TYPE_DATE;
    case Value::kInstant:
      return type == FieldSchema::TYPE_INSTANT;
    case Value::kList:
      return type == FieldSchema::TYPE_LIST;
    default:
      return false;
  }
}

// Code points of UTF-8.
std::size_t Length(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

bool IsCvr(const std::string& text) {
  return text.size() == 8 && std::all_of(text.begin(), text.end(),
                                         [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

OperationResult Writing::Apply(const Operation& operation) {
  if (faults_.Has("retry")) return Retry(operation);
  // The hub repeats an operation whose answer it did not get: the effect is there.
  if (const std::string id = source_.RowOf(operation.op_id()); !id.empty()) {
    OperationResult again = Result(operation, OperationResult::OUTCOME_APPLIED);
    if (const Source::Row* row = source_.Find(id)) *again.mutable_stored() = Source::ToRecord(*row);
    return again;
  }
  if (operation.kind() == Operation::KIND_CREATE) return Create(operation);
  const Source::Row* const row = source_.Find(operation.external_id());
  if (row == nullptr) return Rejected(operation, NotThere());
  if (operation.kind() == Operation::KIND_DELETE) return Delete(operation, *row);
  if (operation.kind() == Operation::KIND_UPDATE) return Update(operation, *row);
  return Rejected(operation, Refuse("kind", "ukendt", "unknown"));
}

OperationResult Writing::Create(const Operation& operation) {
  if (!operation.foreign_id().empty()) {
    // The source keeps our id unique, so a create can never make a second record.
    const Source::Row* const other = source_.FindForeign(operation.foreign_id());
    if (other != nullptr && !other->deleted()) {
      return Rejected(operation, Refuse("foreign_id", "findes allerede", "is there already"));
    }
  }
  if (absl::Status wrong = CheckFields(operation, nullptr); !wrong.ok()) {
    return Rejected(operation, wrong);
  }
  if (operation.set().count("name") == 0) {
    return Rejected(operation, Refuse("name", "mangler", "is missing"));
  }
  sdk::Record record;
  record.set_external_id(source_.NewId());
  record.set_foreign_id(operation.foreign_id());
  for (const auto& [name, value] : operation.set()) {
    (*record.mutable_fields())[name] = AsStored(name, value);
  }
  return Finish(std::move(record), operation.op_id());
}

OperationResult Writing::Update(const Operation& operation, const Source::Row& row) {
  if (row.deleted()) return Rejected(operation, NotThere());
  if (IsStale(operation, row)) {
    OperationResult stale = Result(operation, OperationResult::OUTCOME_STALE);
    *stale.mutable_stored() = Source::ToRecord(row);
    return stale;
  }
  if (absl::Status wrong = CheckFields(operation, &row); !wrong.ok()) {
    return Rejected(operation, wrong);
  }
  sdk::Record record = row.record();
  bool differs = false;
  for (const auto& [name, value] : operation.set()) {
    const Value stored = AsStored(name, value);
    auto& now = (*record.mutable_fields())[name];
    differs = differs || !Same(now, stored);
    now = stored;
  }
  if (!operation.foreign_id().empty() && operation.foreign_id() != record.foreign_id()) {
    record.set_foreign_id(operation.foreign_id());
    differs = true;
  }
  if (differs) return Finish(std::move(record), operation.op_id());
  OperationResult same = Result(operation, OperationResult::OUTCOME_NO_CHANGE);
  *same.mutable_stored() = Source::ToRecord(row);
  return same;
}

OperationResult Writing::Delete(const Operation& operation, const Source::Row& row) {
  if (row.deleted()) return Result(operation, OperationResult::OUTCOME_NO_CHANGE);
  if (IsStale(operation, row)) {
    OperationResult stale = Result(operation, OperationResult::OUTCOME_STALE);
    *stale.mutable_stored() = Source::ToRecord(row);
    return stale;
  }
  sdk::Record record = row.record();
  record.set_deleted(true);
  record.clear_fields();
  return Finish(std::move(record), operation.op_id());
}

OperationResult Writing::Finish(sdk::Record record, const std::string& op_id) {
  OperationResult result;
  result.set_op_id(op_id);
  result.set_outcome(OperationResult::OUTCOME_APPLIED);
  if (dry_run_) {
    // What would be stored; its id and etag are known only when it is.
    *result.mutable_stored() = std::move(record);
  } else {
    *result.mutable_stored() = Source::ToRecord(source_.Store(std::move(record), op_id));
  }
  return result;
}

bool Writing::IsStale(const Operation& operation, const Source::Row& row) const {
  const sdk::Record now = Source::ToRecord(row);
  if (faults_.Has("stale")) return true;
  if (!operation.if_etag().empty() && operation.if_etag() != now.etag()) return true;
  return std::any_of(operation.expected().begin(), operation.expected().end(),
                     [&](const auto& expected) {
                       const auto found = now.fields().find(expected.first);
                       return found == now.fields().end() || !Same(found->second, expected.second);
                     });
}

absl::Status Writing::CheckFields(const Operation& operation, const Source::Row* row) const {
  const sdk::Record record = row == nullptr ? sdk::Record() : row->record();
  for (const auto& [name, value] : operation.set()) {
    const auto now = record.fields().find(name);
    const bool first = now == record.fields().end() || Same(now->second, value);
    if (absl::Status wrong = CheckField(name, value, first); !wrong.ok()) return wrong;
  }
  return absl::OkStatus();
}

// `first`: the field holds nothing else yet.
absl::Status Writing::CheckField(const std::string& name, const Value& value, bool first) const {
  const FieldSchema* const field = FindField(schema_, name);
  if (field == nullptr) return Refuse(name, "findes ikke", "is not there");
  if (field->computed()) return Refuse(name, "regnes ud af kilden", "is worked out by the source");
  if (field->write_once() && !first) {
    return Refuse(name, "kan kun skrives én gang", "can be written only once");
  }
  if (!FitsType(value, field->type()))
    return Refuse(name, "er af forkert type", "has a wrong type");
  if (field->required() && (value.has_empty() || (value.has_text() && value.text().empty()))) {
    return Refuse(name, "må ikke være tomt", "must not be empty");
  }
  if (name == "purpose" && faults_.Has("rejects_purpose")) {
    return Refuse(name, "afvises", "is refused");
  }
  return value.has_text() ? CheckText(*field, value.text()) : absl::OkStatus();
}

absl::Status Writing::CheckText(const FieldSchema& field, const std::string& text) const {
  if (field.name() == "cvr" && !IsCvr(text)) {
    return Refuse("cvr", "skal have otte cifre", "must have eight digits");
  }
  if (field.max_length() > 0 && Length(text) > field.max_length()) {
    return Refuse(field.name(), "er for langt", "is too long");
  }
  if (field.name() == "parent") {
    const Source::Row* const parent = source_.Find(text);
    if (parent == nullptr || parent->deleted()) {
      return Refuse("parent", "landsforeningen findes ikke", "no such national association");
    }
  }
  return absl::OkStatus();
}

Value Writing::AsStored(const std::string& name, const Value& value) const {
  Value stored = value;
  if (name == "name" && faults_.Has("upper_case") && value.has_text()) {
    std::string text = value.text();
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    stored.set_text(std::move(text));
  }
  return stored;
}

}  // namespace brobygger::reference
