// What a source in memory does with the operations it is sent.
#include <cctype>
#include <string>

#include "tests/support/fake_source.h"

namespace brobygger::support {
namespace {

using plugin::v1::Operation;
using plugin::v1::OperationResult;
using plugin::v1::Record;
using plugin::v1::Value;

OperationResult Refused(const std::string& code) {
  OperationResult result;
  result.set_outcome(OperationResult::OUTCOME_REJECTED);
  auto& why = *result.add_diagnostics();
  why.set_code(code);
  (*why.mutable_text())["en"] = "refused by the fake: " + code;
  (*why.mutable_text())["da"] = "afvist: " + code;
  return result;
}

// The live record an operation is about, or null.
Record* RecordOf(FakeSource& source, const Operation& operation) {
  const auto named = source.records.find(operation.external_id());
  if (named != source.records.end()) return &named->second;
  if (source.inserts_blindly && operation.kind() == Operation::KIND_CREATE) return nullptr;
  for (auto& [id, record] : source.records) {
    if (!operation.foreign_id().empty() && record.foreign_id() == operation.foreign_id()) {
      return &record;
    }
  }
  return nullptr;
}

bool IsStale(const Record& record, const Operation& operation) {
  for (const auto& [field, value] : operation.expected()) {
    const auto held = record.fields().find(field);
    if (held == record.fields().end() ||
        held->second.SerializeAsString() != value.SerializeAsString()) {
      return true;
    }
  }
  return false;
}

// The first field that is longer than its column, or "".
std::string TooLong(const FakeSource& source, const Operation& operation) {
  for (const auto& [field, value] : operation.set()) {
    const auto most = source.longest.find(field);
    if (most != source.longest.end() && value.text().size() > most->second) return field;
  }
  return "";
}

}  // namespace

std::string FakeSource::Holding(const std::string& field, std::string text) const {
  const auto most = cut_to.find(field);
  if (most != cut_to.end() && text.size() > most->second) text.resize(most->second);
  if (upper_cased.count(field) == 0) return text;
  for (char& sign : text) sign = static_cast<char>(std::toupper(static_cast<unsigned char>(sign)));
  return text;
}

OperationResult FakeSource::Carry(const Operation& operation) {
  if (before_write) before_write(operation);
  OperationResult result;
  if (puts_off > 0) {
    --puts_off;
    result.set_outcome(OperationResult::OUTCOME_RETRY);
    return result;
  }
  const auto refusal = refuses.find(operation.foreign_id());
  if (refusal != refuses.end()) return Refused(refusal->second);
  for (const auto& [id, record] : gone) {
    if (record.foreign_id() == operation.foreign_id()) return Refused("fake.row_gone");
  }
  if (const std::string field = TooLong(*this, operation); !field.empty()) {
    ++texts_refused;
    OperationResult too_long = Refused("fake.too_long");
    too_long.mutable_diagnostics(0)->set_path(field);
    return too_long;
  }
  Record* record = RecordOf(*this, operation);
  if (record == nullptr && operation.kind() != Operation::KIND_CREATE) {
    return Refused("fake.not_found");
  }
  if (record == nullptr) {
    const std::string id = "n" + std::to_string(++written);
    record = &records[id];
    record->set_external_id(id);
    // It tells every column, as a table does.
    for (const auto& field : wanted_fields) (*record->mutable_fields())[field].mutable_empty();
  } else if (!ignores_expected && IsStale(*record, operation)) {
    result.set_outcome(OperationResult::OUTCOME_STALE);
    *result.mutable_stored() = *record;
    return result;
  }
  Record next = *record;
  if (!operation.foreign_id().empty()) next.set_foreign_id(operation.foreign_id());
  for (const auto& [field, value] : operation.set()) {
    Value& held = (*next.mutable_fields())[field];
    held = value;
    if (!value.text().empty()) held.set_text(Holding(field, value.text()));
    if (held.text().size() < value.text().size()) ++texts_cut;
  }
  const bool same = next.SerializeAsString() == record->SerializeAsString();
  result.set_outcome(same ? OperationResult::OUTCOME_NO_CHANGE : OperationResult::OUTCOME_APPLIED);
  if (!same) {
    ++written;
    Touch(next.external_id());
  }
  *record = next;
  const bool says_what = !keeps_still || operation.kind() == Operation::KIND_CREATE;
  if (says_what) *result.mutable_stored() = next;
  return result;
}

}  // namespace brobygger::support
