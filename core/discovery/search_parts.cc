#include "core/discovery/search_parts.h"

#include <cstdint>
#include <optional>
#include <vector>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "core/access/scope.h"
#include "core/base/error.h"

namespace brobygger::discovery {
namespace {

using search::Field;
using search::FieldSet;

search::v1::SearchHow ToProto(search::How how) {
  switch (how) {
    case search::How::kExact:
      return search::v1::SEARCH_HOW_EXACT;
    case search::How::kPhrase:
      return search::v1::SEARCH_HOW_PHRASE;
    case search::How::kEnding:
      return search::v1::SEARCH_HOW_ENDING;
    case search::How::kPrefix:
      return search::v1::SEARCH_HOW_PREFIX;
    case search::How::kPart:
      return search::v1::SEARCH_HOW_PART;
    case search::How::kSound:
      return search::v1::SEARCH_HOW_SOUND;
    case search::How::kMeaning:
      return search::v1::SEARCH_HOW_MEANING;
    case search::How::kMistake:
      return search::v1::SEARCH_HOW_MISTAKE;
  }
  return search::v1::SEARCH_HOW_UNSPECIFIED;
}

// A code as the index has it; none of what is none.
std::optional<std::uint16_t> NumberOf(const std::string& municipality_code) {
  std::uint32_t number = 0;
  if (!absl::SimpleAtoi(municipality_code, &number) || number == 0) return std::nullopt;
  const bool same = search::FacetWord(Field::kMunicipality, number) == municipality_code;
  return same ? std::optional(static_cast<std::uint16_t>(number)) : std::nullopt;
}

}  // namespace

absl::StatusOr<FieldSet> FacetsOf(const google::protobuf::RepeatedPtrField<std::string>& names,
                                  FieldSet allowed) {
  FieldSet offered = search::kFacetFields;
  offered.Add(Field::kKnownBy);
  offered = offered & allowed;
  FieldSet facets;
  for (int i = 0; i < names.size(); ++i) {
    const auto field = search::FieldOf(names[i]);
    if (field && offered.Has(*field)) {
      facets.Add(*field);
      continue;
    }
    const auto words = search::WordsOf(offered);
    return base::MakeError(
        errors::v1::ERROR_REASON_QUERY_INVALID,
        absl::StrCat("facets[", i, "] names nothing that can be counted. There is: ",
                     absl::StrJoin(words, ", "), "."),
        {{"field", absl::StrCat("facets[", i, "]")}, {"allowed", absl::StrJoin(words, ",")}});
  }
  return facets;
}

search::Reach ReachOf(const access::Caller& caller) {
  using access::CallerKind;
  search::Reach reach{.all = access::SeesAll(caller)};
  switch (caller.kind) {
    case CallerKind::kAssociation:
      reach.association_id = caller.association_id;
      break;
    case CallerKind::kVolunteerCentre:
      reach.shown_to_centres = true;
      break;
    case CallerKind::kEmployee:
    case CallerKind::kSystem:
      reach.shown_to_municipalities = true;
      reach.municipality = NumberOf(caller.municipality_code);
      break;
    default:
      break;
  }
  return reach;
}

void TellReasons(const search::Hit& hit,
                 google::protobuf::RepeatedPtrField<search::v1::SearchReason>& told) {
  for (const search::Reason& reason : hit.reasons) {
    auto& each = *told.Add();
    each.set_field(search::WordOf(reason.field));
    each.set_how(ToProto(reason.how));
    each.set_asked(reason.asked);
    each.set_found(reason.found);
  }
}

void TellFacets(const search::Answer& answer,
                google::protobuf::RepeatedPtrField<search::v1::SearchFacet>& list) {
  for (const search::Facet& facet : answer.facets) {
    auto& told = *list.Add();
    told.set_field(search::WordOf(facet.field));
    for (const search::FacetCount& count : facet.counts) {
      auto& each = *told.add_counts();
      each.set_value(count.value);
      each.set_count(static_cast<std::int64_t>(count.count));
    }
  }
}

}  // namespace brobygger::discovery
