#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/time/time.h>
#include <google/protobuf/descriptor.h>

#include "core/base/status_macros.h"
#include "core/model/identifiers.h"
#include "core/model/names.h"
#include "core/registry/filter_words.h"

namespace brobygger::registry {
namespace {

using google::protobuf::EnumDescriptor;

// How the values of a field are written and compared.
enum class Form { kName, kText, kCode, kEnum, kIdentifier, kCvr, kTime };

struct FieldRule {
  std::string_view name;
  FilterField field;
  Form form;
  bool ordered;  // takes < <= > >=
};

constexpr std::array<FieldRule, 14> kFields = {{
    {"official_name", FilterField::kOfficialName, Form::kName, true},
    {"other_names", FilterField::kOtherNames, Form::kName, false},
    {"municipality_code", FilterField::kMunicipalityCode, Form::kText, true},
    {"kind", FilterField::kKind, Form::kEnum, false},
    {"status", FilterField::kStatus, Form::kEnum, false},
    {"legal_form", FilterField::kLegalForm, Form::kEnum, false},
    {"identifiers", FilterField::kIdentifiers, Form::kIdentifier, false},
    {"cvr", FilterField::kCvr, Form::kCvr, false},
    {"language_codes", FilterField::kLanguageCodes, Form::kCode, false},
    {"themes", FilterField::kThemes, Form::kEnum, false},
    {"postal_code", FilterField::kPostalCode, Form::kText, false},
    {"connection", FilterField::kConnection, Form::kText, false},
    {"create_time", FilterField::kCreateTime, Form::kTime, true},
    {"update_time", FilterField::kUpdateTime, Form::kTime, true},
}};

const EnumDescriptor* EnumOf(FilterField field) {
  switch (field) {
    case FilterField::kKind:
      return v1::AssociationKind_descriptor();
    case FilterField::kStatus:
      return v1::AssociationStatus_descriptor();
    case FilterField::kLegalForm:
      return v1::LegalForm_descriptor();
    default:
      return v1::Theme_descriptor();
  }
}

absl::StatusOr<const FieldRule*> FindRule(const FilterWord& field) {
  std::string names;
  for (const FieldRule& rule : kFields) {
    if (rule.name == field.text) return &rule;
    names += (names.empty() ? "" : ", ") + std::string(rule.name);
  }
  return FilterError(field.position, "there is no such field; there are " + names);
}

absl::Status CheckOp(const FieldRule& rule, const FilterWord& op, bool any) {
  const bool order =
      op.op != FilterOp::kEqual && op.op != FilterOp::kNotEqual && op.op != FilterOp::kHas;
  if (order && !rule.ordered) {
    return FilterError(op.position, std::string(rule.name) + " cannot be compared with " + op.text);
  }
  if (rule.form == Form::kTime && op.op == FilterOp::kHas && !any) {
    return FilterError(op.position, "compare a time with = != < <= > or >=");
  }
  return absl::OkStatus();
}

absl::Status ReadEnum(const FilterWord& value, Comparison& comparison) {
  const EnumDescriptor* type = EnumOf(comparison.field);
  const std::string& zero = type->value(0)->name();
  const std::string prefix = zero.substr(0, zero.rfind("UNSPECIFIED"));
  std::string words;
  for (int i = 0; i < type->value_count(); ++i) {
    const std::string word = type->value(i)->name().substr(prefix.size());
    words += (words.empty() ? "" : ", ") + word;
    if (word != absl::AsciiStrToUpper(value.text) && type->value(i)->name() != value.text) continue;
    comparison.number = type->value(i)->number();
    return absl::OkStatus();
  }
  return FilterError(value.position, "expected one of " + words);
}

absl::Status ReadTime(const FilterWord& value, Comparison& comparison) {
  absl::Time time;
  std::string error;
  const bool read = absl::ParseTime(absl::RFC3339_full, value.text, &time, &error) ||
                    absl::ParseTime("%Y-%m-%d", value.text, absl::UTCTimeZone(), &time, &error);
  if (!read) {
    return FilterError(value.position,
                       "expected a day (2026-11-23) or an instant (2026-11-23T12:00:00Z), in UTC");
  }
  comparison.micros = absl::ToUnixMicros(time);
  return absl::OkStatus();
}

absl::Status ReadCvr(const FilterWord& value, Comparison& comparison) {
  auto normal = model::NormalizeCvr(value.text);
  if (!normal.ok()) return FilterError(value.position, "this is not a CVR number");
  comparison.text = *std::move(normal);
  return absl::OkStatus();
}

absl::Status ReadIdentifier(const FilterWord& value, Comparison& comparison) {
  const std::size_t colon = value.text.find(':');
  if (colon == std::string::npos) {
    return FilterError(value.position, "expected \"SCHEME:value\", such as \"DK-CVR:36729929\"");
  }
  const std::string scheme = value.text.substr(0, colon);
  auto normal = model::NormalizeIdentifier(scheme, value.text.substr(colon + 1));
  if (!normal.ok()) return FilterError(value.position, "this is no identifier of a known scheme");
  comparison.text = scheme + ":" + *normal;
  return absl::OkStatus();
}

absl::Status ReadValue(Form form, const FilterWord& value, Comparison& comparison) {
  switch (form) {
    case Form::kName:
      comparison.text = model::FoldName(value.text);
      return absl::OkStatus();
    case Form::kText:
      comparison.text = value.text;
      return absl::OkStatus();
    case Form::kCode:
      comparison.text = absl::AsciiStrToLower(value.text);
      return absl::OkStatus();
    case Form::kEnum:
      return ReadEnum(value, comparison);
    case Form::kIdentifier:
      return ReadIdentifier(value, comparison);
    case Form::kCvr:
      return ReadCvr(value, comparison);
    case Form::kTime:
      return ReadTime(value, comparison);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Comparison> MakeComparison(const FilterWord& field,
                                          const FilterWord& op,
                                          const FilterWord& value) {
  BB_ASSIGN_OR_RETURN(const FieldRule* rule, FindRule(field));
  Comparison comparison;
  comparison.field = rule->field;
  comparison.op = op.op;
  const bool star = value.kind == FilterWord::Kind::kName && value.text == "*";
  comparison.any = star && op.op == FilterOp::kHas;
  BB_RETURN_IF_ERROR(CheckOp(*rule, op, comparison.any));
  if (!comparison.any) BB_RETURN_IF_ERROR(ReadValue(rule->form, value, comparison));
  return comparison;
}

}  // namespace brobygger::registry
