#include "core/cli/search_words.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "core/cli/department.h"
#include "core/cli/discovery_words.h"
#include "core/cli/text_width.h"

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

// Says the values of facets: "culture", "at least 20 places", "Integration".
class Values {
 public:
  explicit Values(Session& session) : session_(session) {}

  std::string TextOf(const std::string& field, const std::string& value) {
    if (field == "capacity") {
      return absl::StrCat(DiscoveryText("at_least", session_.language()), " ", value, " ",
                          DiscoveryText("places", session_.language()));
    }
    if (field != "known-by") return OneCleanLine(value);
    if (!departments_) departments_ = DepartmentsOf(session_, "");
    if (!departments_->ok()) return value;
    for (const auto& department : **departments_) {
      if (department.id() == value) return OneCleanLine(department.official_name());
    }
    return value;
  }

 private:
  Session& session_;
  std::optional<absl::StatusOr<std::vector<registry::v1::Department>>> departments_;
};

}  // namespace

std::vector<std::string> FacetWords(bool of_associations) {
  std::vector<std::string> words = {"theme",  "audience", "language", "area",    "municipality",
                                    "status", "weekday",  "capacity", "activity"};
  if (of_associations) words.emplace_back("known-by");
  return words;
}

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
  Values values(session);
  for (const auto& facet : facets) {
    std::vector<std::string> counts;
    for (const auto& count : facet.counts()) {
      if (static_cast<int>(counts.size()) == kFacetValuesShown) break;
      counts.push_back(
          absl::StrCat(values.TextOf(facet.field(), count.value()), " ", count.count()));
    }
    session.Say(absl::StrCat(facet.field(), ": ", absl::StrJoin(counts, " · ")));
  }
}

}  // namespace brobygger::cli
