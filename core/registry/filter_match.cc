#include <algorithm>
#include <compare>

#include <absl/strings/ascii.h>

#include "core/base/clock.h"
#include "core/model/identifiers.h"
#include "core/model/names.h"
#include "core/registry/filter.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

template <typename Value>
bool Compare(FilterOp op, const Value& left, const Value& right) {
  switch (op) {
    case FilterOp::kEqual:
    case FilterOp::kHas:
      return left == right;
    case FilterOp::kNotEqual:
      return left != right;
    case FilterOp::kLess:
      return left < right;
    case FilterOp::kLessOrEqual:
      return left <= right;
    case FilterOp::kGreater:
      return left > right;
    case FilterOp::kGreaterOrEqual:
      return left >= right;
  }
  return false;
}

bool CompareText(const Comparison& comparison, const std::string& text) {
  if (comparison.any) return !text.empty();
  return Compare(comparison.op, text, comparison.text);
}

// A part of a name is enough for ":".
bool CompareName(const Comparison& comparison, const std::string& name) {
  if (comparison.any) return !name.empty();
  const std::string folded = model::FoldName(name);
  if (comparison.op != FilterOp::kHas) return Compare(comparison.op, folded, comparison.text);
  return folded.find(comparison.text) != std::string::npos;
}

bool CompareEnum(const Comparison& comparison, int number) {
  if (comparison.any) return number != 0;
  return Compare(comparison.op, number, comparison.number);
}

bool CompareTime(const Comparison& comparison, const google::protobuf::Timestamp& time) {
  const std::int64_t micros = base::ToInstant(time).time_since_epoch().count();
  return comparison.any || Compare(comparison.op, micros, comparison.micros);
}

// Whether any item equals the value; "!=" is true where none does.
template <typename Items, typename Equals>
bool CompareAny(const Comparison& comparison, const Items& items, Equals equals) {
  if (comparison.any) return !items.empty();
  const bool found = std::any_of(items.begin(), items.end(), equals);
  return found != (comparison.op == FilterOp::kNotEqual);
}

bool CompareOtherNames(const Comparison& comparison, const v1::Association& association) {
  return CompareAny(comparison, association.other_names(), [&](const v1::OtherName& name) {
    const std::string folded = model::FoldName(name.text());
    return comparison.op == FilterOp::kHas ? folded.find(comparison.text) != std::string::npos
                                           : folded == comparison.text;
  });
}

bool CompareIdentifiers(const Comparison& comparison, const v1::Association& association) {
  const bool cvr_only = comparison.field == FilterField::kCvr;
  const auto meant = [&](const v1::Identifier& identifier) {
    const bool scheme = !cvr_only || identifier.scheme() == model::kSchemeCvr;
    return scheme && IsCurrent(identifier);
  };
  const auto& all = association.identifiers();
  if (comparison.any) return std::any_of(all.begin(), all.end(), meant);
  return CompareAny(comparison, all, [&](const v1::Identifier& identifier) {
    if (!meant(identifier)) return false;
    return cvr_only ? identifier.value() == comparison.text
                    : IdentifierTerm(identifier.scheme(), identifier.value()) == comparison.text;
  });
}

bool CompareThemes(const Comparison& comparison, const v1::Association& association) {
  std::vector<int> themes;
  for (const v1::Activity& activity : association.activities()) {
    themes.insert(themes.end(), activity.themes().begin(), activity.themes().end());
  }
  return CompareAny(comparison, themes, [&](int theme) { return theme == comparison.number; });
}

bool CompareLists(const Comparison& comparison, const v1::Association& association) {
  switch (comparison.field) {
    case FilterField::kOtherNames:
      return CompareOtherNames(comparison, association);
    case FilterField::kThemes:
      return CompareThemes(comparison, association);
    case FilterField::kLanguageCodes:
      return CompareAny(comparison, association.language_codes(), [&](const std::string& code) {
        return absl::AsciiStrToLower(code) == comparison.text;
      });
    case FilterField::kPostalCode:
      return CompareAny(comparison, association.addresses(), [&](const v1::Address& address) {
        return address.postal_code() == comparison.text;
      });
    case FilterField::kConnection:
      return CompareAny(comparison, association.provenance(), [&](const v1::Provenance& source) {
        return source.connection_id() == comparison.text;
      });
    default:
      return CompareIdentifiers(comparison, association);
  }
}

bool Meets(const Comparison& comparison, const v1::Association& association) {
  switch (comparison.field) {
    case FilterField::kOfficialName:
      return CompareName(comparison, association.official_name());
    case FilterField::kMunicipalityCode:
      return CompareText(comparison, association.municipality_code());
    case FilterField::kKind:
      return CompareEnum(comparison, association.kind());
    case FilterField::kStatus:
      return CompareEnum(comparison, association.status());
    case FilterField::kLegalForm:
      return CompareEnum(comparison, association.legal_form());
    case FilterField::kCreateTime:
      return CompareTime(comparison, association.create_time());
    case FilterField::kUpdateTime:
      return CompareTime(comparison, association.update_time());
    default:
      return CompareLists(comparison, association);
  }
}

}  // namespace

bool Matches(const Filter& filter, const v1::Association& association) {
  const auto matches = [&](const Filter& part) { return Matches(part, association); };
  switch (filter.kind) {
    case Filter::Kind::kAnd:
      return std::all_of(filter.parts.begin(), filter.parts.end(), matches);
    case Filter::Kind::kOr:
      return std::any_of(filter.parts.begin(), filter.parts.end(), matches);
    case Filter::Kind::kNot:
      return !Matches(filter.parts[0], association);
    case Filter::Kind::kComparison:
      return Meets(*filter.comparison, association);
  }
  return false;
}

const Comparison* RequiredEqual(const Filter& filter, FilterField field) {
  if (filter.kind == Filter::Kind::kComparison) {
    const Comparison& comparison = *filter.comparison;
    const bool list = field == FilterField::kIdentifiers || field == FilterField::kCvr;
    const bool equal =
        comparison.op == FilterOp::kEqual || (list && comparison.op == FilterOp::kHas);
    return comparison.field == field && equal && !comparison.any ? &comparison : nullptr;
  }
  if (filter.kind != Filter::Kind::kAnd) return nullptr;
  for (const Filter& part : filter.parts) {
    if (const Comparison* found = RequiredEqual(part, field)) return found;
  }
  return nullptr;
}

}  // namespace brobygger::registry
