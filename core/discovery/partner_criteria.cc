#include "core/discovery/partner_criteria.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/text.h"
#include "core/search/words.h"

namespace brobygger::discovery {
namespace {

using search::Field;
using search::FieldSet;
using search::Query;
using search::QueryOptions;

constexpr std::size_t kLongestText = 200;

absl::Status Invalid(const std::string& place,
                     const std::string& what,
                     const std::vector<std::string>& allowed = {}) {
  std::string text = absl::StrCat("criteria.", place, " ", what, ".");
  std::vector<base::ErrorField> facts = {{"field", absl::StrCat("criteria.", place)}};
  if (!allowed.empty()) {
    absl::StrAppend(&text, " There is: ", absl::StrJoin(allowed, ", "), ".");
    facts.emplace_back("allowed", absl::StrJoin(allowed, ","));
  }
  return base::MakeError(errors::v1::ERROR_REASON_QUERY_INVALID, text, facts);
}

// What stands beside the text of PartnerCriteria, in the order of its fields.
constexpr std::array<std::pair<Field, const char*>, 9> kMembers = {
    {{Field::kTheme, "themes"},
     {Field::kAudience, "audiences"},
     {Field::kLanguage, "language_codes"},
     {Field::kArea, "areas"},
     {Field::kActivity, "activities"},
     {Field::kWeekday, "weekdays"},
     {Field::kCapacity, "min_capacity"},
     {Field::kUpdated, "updated_since_date"},
     {Field::kMunicipality, "municipality_codes"}}};

std::vector<std::string> MembersOf(FieldSet fields) {
  std::vector<std::string> members;
  for (const auto& [field, member] : kMembers) {
    if (fields.Has(field)) members.emplace_back(member);
  }
  return members;
}

// Adds to a query what stands beside its text.
class Adder {
 public:
  Adder(const QueryOptions& options, Query& query) : options_(options), query_(query) {}

  // Words or phrases of which any must be in the field.
  absl::Status AddTexts(Field field,
                        const char* name,
                        const google::protobuf::RepeatedPtrField<std::string>& values) {
    if (values.empty()) return absl::OkStatus();
    BB_RETURN_IF_ERROR(CheckField(field, name, values.size()));
    search::TextClause clause;
    clause.fields = FieldSet{field};
    clause.firm = true;
    for (int i = 0; i < values.size(); ++i) {
      const std::string place = absl::StrCat(name, "[", i, "]");
      const std::string& value = values[i];
      if (value.size() > kLongestText) return Invalid(place, "is longer than 200 bytes");
      if (!model::IsUtf8(value)) return Invalid(place, "is not UTF-8");
      std::vector<std::string> words = search::FoldedWords(value);
      if (words.empty()) return Invalid(place, "holds no letter and no digit to look for");
      const std::size_t star = value.find('*');
      const bool begins = star != std::string::npos;
      if (begins && (star + 1 < value.size() || words.size() > 1)) {
        return Invalid(place, "may hold a \"*\" only at the end of one word");
      }
      auto kind = words.size() == 1 ? search::Wording::Kind::kWord : search::Wording::Kind::kPhrase;
      if (begins) kind = search::Wording::Kind::kPrefix;
      clause.wordings.push_back({kind, std::move(words)});
      clause.written += (clause.written.empty() ? "" : ",") + value;
    }
    query_.texts.push_back(std::move(clause));
    return absl::OkStatus();
  }

  // Values of which any must hold.
  absl::Status AddFilter(Field field, const char* name, const std::vector<std::string>& values) {
    if (values.empty()) return absl::OkStatus();
    BB_RETURN_IF_ERROR(CheckField(field, name, static_cast<int>(values.size())));
    search::Filter filter{.field = field, .numbers = {}, .texts = {}};
    for (std::size_t i = 0; i < values.size(); ++i) {
      for (const search::ValueError& error : search::AddFilterValue(values[i], filter)) {
        return Invalid(absl::StrCat(name, "[", i, "]"), error.what, error.allowed);
      }
    }
    query_.filters.push_back(std::move(filter));
    return absl::OkStatus();
  }

  // Numbers of an enum.
  absl::Status AddCodes(Field field,
                        const char* name,
                        const google::protobuf::RepeatedField<int>& values) {
    if (values.empty()) return absl::OkStatus();
    // Who may not ask by the field is not told its codes either.
    BB_RETURN_IF_ERROR(CheckField(field, name, values.size()));
    std::vector<std::string> words;
    for (const int value : values) {
      // What is no code is no word of the filter's, which says what there is.
      words.push_back(value > 0 ? search::FacetWord(field, static_cast<std::uint32_t>(value)) : "");
    }
    return AddFilter(field, name, words);
  }

 private:
  // A field that was not granted is one that there is not, whatever is asked of it.
  absl::Status CheckField(Field field, const char* name, int values) const {
    if (!options_.allowed.Has(field)) {
      return Invalid(name, "is nothing that you may ask by", MembersOf(options_.allowed));
    }
    if (static_cast<std::size_t>(values) > search::kMostValues) {
      return Invalid(name, absl::StrCat("has more than ", search::kMostValues, " values"));
    }
    return absl::OkStatus();
  }

  const QueryOptions& options_;
  Query& query_;
};

std::vector<std::string> ListOf(const google::protobuf::RepeatedPtrField<std::string>& values) {
  return {values.begin(), values.end()};
}

}  // namespace

absl::StatusOr<Query> ParseCriteria(const v1::PartnerCriteria& criteria,
                                    const QueryOptions& options) {
  BB_ASSIGN_OR_RETURN(Query query, search::ParseQuery(criteria.query(), options));
  Adder adder(options, query);
  BB_RETURN_IF_ERROR(adder.AddTexts(Field::kActivity, "activities", criteria.activities()));
  BB_RETURN_IF_ERROR(adder.AddTexts(Field::kArea, "areas", criteria.areas()));
  BB_RETURN_IF_ERROR(adder.AddCodes(Field::kTheme, "themes", criteria.themes()));
  BB_RETURN_IF_ERROR(adder.AddCodes(Field::kAudience, "audiences", criteria.audiences()));
  BB_RETURN_IF_ERROR(
      adder.AddFilter(Field::kLanguage, "language_codes", ListOf(criteria.language_codes())));
  BB_RETURN_IF_ERROR(adder.AddFilter(Field::kWeekday, "weekdays", ListOf(criteria.weekdays())));
  BB_RETURN_IF_ERROR(adder.AddFilter(Field::kMunicipality, "municipality_codes",
                                     ListOf(criteria.municipality_codes())));
  if (criteria.min_capacity() < 0) return Invalid("min_capacity", "is less than 0");
  if (criteria.min_capacity() > 0) {
    BB_RETURN_IF_ERROR(
        adder.AddFilter(Field::kCapacity, "min_capacity", {absl::StrCat(criteria.min_capacity())}));
  }
  if (!criteria.updated_since_date().empty()) {
    BB_RETURN_IF_ERROR(
        adder.AddFilter(Field::kUpdated, "updated_since_date", {criteria.updated_since_date()}));
  }
  return query;
}

}  // namespace brobygger::discovery
