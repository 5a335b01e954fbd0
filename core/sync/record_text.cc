#include "core/sync/record_text.h"

#include <algorithm>
#include <iterator>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/model/identifiers.h"

namespace brobygger::sync {
namespace {

using plugin::v1::Value;

absl::Status RefuseCprIn(const Value& value, const std::string& field) {
  if (value.kind_case() == Value::kList) {
    for (const Value& item : value.list().items()) BB_RETURN_IF_ERROR(RefuseCprIn(item, field));
  }
  if (value.kind_case() == Value::kGroup) {
    for (const auto& [name, part] : value.group().fields()) {
      BB_RETURN_IF_ERROR(RefuseCprIn(part, field));
    }
  }
  // An id of ours that a source keeps may hold ten digits in a row.
  const std::string text = TextOf(value);
  if (base::IsUuid(text) || !model::LooksLikeCpr(text)) return absl::OkStatus();
  return base::MakeError(
      errors::v1::ERROR_REASON_CPR_REFUSED,
      "the field '" + field +
          "' looks like a CPR number, which is never stored; remove it at the source",
      {{"field", field}});
}

}  // namespace

std::string TextOf(const Value& value) {
  switch (value.kind_case()) {
    case Value::kText:
      return value.text();
    case Value::kFlag:
      return value.flag() ? "true" : "false";
    case Value::kNumber:
      return std::to_string(value.number());
    case Value::kDecimal:
      return value.decimal();
    case Value::kDate:
      return value.date();
    case Value::kInstant:
      return base::DayOf(base::ToInstant(value.instant()));
    default:
      return "";
  }
}

std::vector<std::string> TextsOf(const Value& value) {
  std::vector<std::string> texts;
  if (value.kind_case() == Value::kList) {
    for (const Value& item : value.list().items()) texts.push_back(TextOf(item));
  } else {
    texts.push_back(TextOf(value));
  }
  std::erase(texts, std::string());
  return texts;
}

bool Translate(const v1::FieldMapping& mapping, std::vector<std::string>& texts) {
  if (mapping.values().empty()) return true;
  for (std::string& text : texts) {
    const auto word = mapping.values().find(text);
    if (word == mapping.values().end()) return false;
    text = word->second;
  }
  return true;
}

void KeepMapped(const std::vector<v1::FieldMapping>& mappings, plugin::v1::Record& record) {
  auto& fields = *record.mutable_fields();
  for (auto field = fields.begin(); field != fields.end();) {
    const bool wanted = std::any_of(mappings.begin(), mappings.end(), [&](const auto& mapping) {
      return mapping.source_field() == field->first;
    });
    field = wanted ? std::next(field) : fields.erase(field);
  }
}

std::function<absl::Status(plugin::v1::Record&)> MappedFields(
    const std::vector<v1::FieldMapping>& mappings) {
  return [&mappings](plugin::v1::Record& record) -> absl::Status {
    BB_RETURN_IF_ERROR(RefuseCpr(record));
    KeepMapped(mappings, record);
    return absl::OkStatus();
  };
}

absl::Status RefuseCpr(const plugin::v1::Record& record) {
  if (model::LooksLikeCpr(record.external_id())) {
    return base::MakeError(
        errors::v1::ERROR_REASON_CPR_REFUSED,
        "the record's key looks like a CPR number, which is never stored; choose "
        "another key column",
        {{"field", "external_id"}});
  }
  for (const auto& [name, value] : record.fields()) {
    BB_RETURN_IF_ERROR(RefuseCprIn(value, name));
  }
  return absl::OkStatus();
}

}  // namespace brobygger::sync
