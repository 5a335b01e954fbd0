// association search.
#include <algorithm>
#include <memory>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "brobygger/search/v1/search_service.pb.h"

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/discovery_words.h"
#include "core/cli/output.h"
#include "core/cli/paging.h"
#include "core/cli/search_words.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using search::v1::SearchAssociationsRequest;
using search::v1::SearchAssociationsResponse;
using search::v1::SearchHit;

struct SearchOptions {
  std::vector<std::string> words;
  std::vector<std::string> facets;
  std::uint64_t min_revision = 0;
  PageOptions page;
};

std::vector<Column> HitColumns() {
  return {{"id", "ID"},
          {"official_name", "NAME"},
          {"area", "AREA"},
          {"languages", "LANGUAGES"},
          {"activities", "ACTIVITIES"},
          {"matched", "MATCHED"}};
}

// Each hit has to be looked at for who knows it.
bool IsCounted(const std::string& field, const SearchAssociationsResponse& answer) {
  return std::any_of(answer.facets().begin(), answer.facets().end(),
                     [&](const auto& facet) { return facet.field() == field; });
}

void SayWhatElse(Session& session,
                 const SearchOptions& options,
                 const SearchAssociationsResponse& answer) {
  const auto say = [&](bool holds, const char* key) {
    if (holds) session.Warn(DiscoveryText(key, session.language()));
  };
  say(answer.relaxed() && answer.hits_size() > 0, "search_relaxed");
  say(answer.partial(), "search_partial");
  say(answer.catching_up(), "search_catching_up");
  const auto missing = [&](const std::string& field) { return !IsCounted(field, answer); };
  say(std::any_of(options.facets.begin(), options.facets.end(), missing), "search_too_many");
}

Outcome Search(Session& session, const SearchOptions& options) {
  SearchAssociationsRequest request;
  request.set_query(absl::StrJoin(options.words, " "));
  request.set_min_revision(options.min_revision);
  for (const std::string& facet : options.facets) request.add_facets(facet);
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "hits", HitColumns()));
  const bool whole_ids = session.format() != Format::kTable;
  SearchAssociationsResponse first;
  const auto add = [&](const SearchAssociationsResponse& page) {
    if (first.revision() == 0) first = page;
    for (const SearchHit& hit : page.hits()) {
      const std::string& id = hit.association_id();
      writer.Add(hit, {{whole_ids ? id : id.substr(0, kShownIdLength)},
                       {hit.official_name()},
                       {hit.area()},
                       {absl::StrJoin(hit.language_codes(), ", ")},
                       {absl::StrJoin(hit.activities(), ", ")},
                       {MatchedText(hit.reasons(), session.language())}});
    }
    return page.hits_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<SearchAssociationsResponse>(session, request, options.page, add)));
  pages.last.clear_hits();
  writer.Finish(&pages.last);
  if (session.format() == Format::kTable) SayFacets(session, first.facets());
  SayWhatElse(session, options, first);
  SayHowMany(session, pages.count, "association", pages.last.next_page_token());
  return 0;
}

Outcome Health(Session& session) {
  BB_ASSIGN_OR_RETURN(const auto health, session.Call<search::v1::GetSearchHealthResponse>(
                                             search::v1::GetSearchHealthRequest()));
  WriteRecord(session, health, [&] {
    Rows rows{{{"state", "STATE"},
               {"associations", "ASSOCIATIONS"},
               {"skipped", "SKIPPED"},
               {"revision", "REVISION"},
               {"megabytes", "MB"}},
              {}};
    const std::string key = absl::StrCat("search_state_", static_cast<int>(health.state()));
    rows.cells.push_back({{DiscoveryText(key, session.language())},
                          {absl::StrCat(health.association_count())},
                          {absl::StrCat(health.skipped_count())},
                          {absl::StrCat(health.revision())},
                          {fmt::format("{:.1f}", static_cast<double>(health.bytes()) / 1e6)}});
    return rows;
  });
  return 0;
}

}  // namespace

void AddAssociationSearch(const Command& parent) {
  const auto options = std::make_shared<SearchOptions>();
  Command search = parent.Add(
      "search",
      "Find associations by words, as in: lektiecafe nordby language:ar weekday:thursday");
  search
      .Words("QUERY", options->words,
             {.summary = "Words, \"phrases\", prefix*, field:value and -not; nothing: all"})
      .Options("--facet", options->facets,
               {.summary = "Count the hits by this, too",
                .completes = Completes::kWord,
                .words = FacetWords(/*of_associations=*/true)})
      .Number("--min-revision", options->min_revision,
              "Wait until what this revision changed can be found");
  AddPageOptions(search, options->page);
  search.Does([options](Session& session) { return Search(session, *options); });

  Command health = parent.Add("search-health", "How the index behind association search is doing");
  health.Does([](Session& session) { return Health(session); });
}

}  // namespace brobygger::cli
