#include "core/cli/search_words.h"

#include <algorithm>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "core/cli/discovery_words.h"

namespace brobygger::cli {
namespace {

using search::v1::SearchReason;

constexpr int kFacetValuesShown = 8;

// "name", "purpose (lektier)", "name (newroz, sounds alike)".
std::string ReasonText(const SearchReason& reason, const std::string& language) {
  const std::string field = DiscoveryText("search_field_" + reason.field(), language);
  const std::string how =
      DiscoveryText(absl::StrCat("search_how_", static_cast<int>(reason.how())), language);
  if (reason.found().empty() || reason.how() == search::v1::SEARCH_HOW_EXACT) return field;
  return how.empty() ? fmt::format("{} ({})", field, reason.found())
                     : fmt::format("{} ({}, {})", field, reason.found(), how);
}

}  // namespace

std::string MatchedText(const google::protobuf::RepeatedPtrField<SearchReason>& reasons,
                        const std::string& language) {
  std::vector<std::string> texts;
  for (const SearchReason& reason : reasons) {
    std::string text = ReasonText(reason, language);
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) {
      texts.push_back(std::move(text));
    }
  }
  return absl::StrJoin(texts, ", ");
}

void SayFacets(Session& session,
               const google::protobuf::RepeatedPtrField<search::v1::SearchFacet>& facets) {
  for (const auto& facet : facets) {
    std::vector<std::string> counts;
    for (const auto& count : facet.counts()) {
      if (static_cast<int>(counts.size()) == kFacetValuesShown) break;
      counts.push_back(absl::StrCat(count.value(), " ", count.count()));
    }
    session.Say(absl::StrCat(facet.field(), ": ", absl::StrJoin(counts, " · ")));
  }
}

}  // namespace brobygger::cli
