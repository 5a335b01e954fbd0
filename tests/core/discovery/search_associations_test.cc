#include "core/discovery/search_associations.h"

#include "core/access/scope.h"
#include "core/base/error.h"
#include "core/discovery/search_parts.h"
#include "core/search/follower.h"
#include "tests/core/discovery/town.h"

namespace brobygger::discovery {
namespace {

using search::v1::SearchAssociationsRequest;
using search::v1::SearchAssociationsResponse;

// The town, and an index that follows it.
struct SearchedTown : Town {
  feed::Feed feed{*store};
  search::Follower follower{*store, feed, {}};
  std::string cafe = Associate("Lektiecafeen Nordby", registry::v1::THEME_CULTURE);
  std::string choir = Associate("Sangkoret Nordby");

  absl::StatusOr<SearchAssociationsResponse> Search(
      const SearchAssociationsRequest& request,
      search::FieldSet allowed = search::FieldSet::All()) {
    const auto revision = (*store->Latest())->revision();
    REQUIRE(follower.AwaitRevision(revision, absl::Now() + absl::Seconds(60)));
    return SearchAssociations(Ask(), follower.shelf(), request, allowed);
  }
  SearchAssociationsResponse Found(const std::string& query) {
    SearchAssociationsRequest request;
    request.set_query(query);
    auto response = Search(request);
    INFO(response.status());
    REQUIRE(response.ok());
    return *std::move(response);
  }
  std::vector<std::string> Ids(const std::string& query) {
    std::vector<std::string> ids;
    const SearchAssociationsResponse found = Found(query);
    for (const auto& hit : found.hits()) ids.push_back(hit.association_id());
    return ids;
  }
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a hit tells what it is and why", "[discovery]") {
  SearchedTown town;
  const auto found = town.Found("lektiecafeen");
  REQUIRE(found.hits_size() == 1);
  CHECK(found.total_count() == 1);
  CHECK_FALSE(found.catching_up());
  CHECK(found.hits(0).official_name() == "Lektiecafeen Nordby");
  CHECK(found.hits(0).municipality_code() == "0615");
  CHECK(found.hits(0).themes(0) == registry::v1::THEME_CULTURE);
  CHECK(found.hits(0).reasons(0).field() == "name");
}

TEST_CASE("a volunteer centre finds and counts only what agreed", "[discovery]") {
  SearchedTown town;
  town.Agree(town.choir, false, true);
  town.caller = town.As("volunteer-centre", "0615");
  SearchAssociationsRequest request;
  request.set_query("nordby");
  request.add_facets("municipality");
  const auto found = town.Search(request);
  REQUIRE(found.ok());
  REQUIRE(found->hits_size() == 1);
  CHECK(found->hits(0).association_id() == town.choir);
  CHECK(found->total_count() == 1);
  CHECK(found->facets(0).counts(0).count() == 1);
}

TEST_CASE("what an association takes back holds at once for a list begun before", "[discovery]") {
  SearchedTown town;
  town.Agree(town.cafe, false, true);
  town.Agree(town.choir, false, true);
  const auto operator_caller = town.caller;
  town.caller = town.As("volunteer-centre", "0615");
  SearchAssociationsRequest request;
  request.set_page_size(1);
  const auto first = town.Search(request);
  REQUIRE(first->hits_size() == 1);
  REQUIRE(first->hits(0).association_id() == town.cafe);
  town.Agree(town.choir, false, false);
  request.set_page_token(first->next_page_token());
  const auto second = town.Search(request);
  REQUIRE(second.ok());
  CHECK(second->hits_size() == 0);
}

TEST_CASE("who knows an association can be asked for, as far as the caller hears", "[discovery]") {
  SearchedTown town;
  town.Meet(town.integration, town.cafe, 3);
  CHECK(town.Ids("known-by:" + town.integration) == Ids{town.cafe});
  CHECK(town.Ids("known-by:integration") == Ids{town.cafe});
  CHECK(town.Ids("nordby -known-by:integration") == Ids{town.choir});
  CHECK(town.Ids("known-by:integration known-by:\"Kultur og Fritid\"").empty());
  CHECK_FALSE(town.Found("known-by:integration").has_total_count());
  // Elsewhere it is not there: it did not agree.
  town.caller = town.As("caseworker", "0621");
  CHECK(town.Ids("known-by:integration").empty());
  CHECK(town.Ids("nordby").empty());
  CHECK(town.Found("").total_count() == 0);
  town.Agree(town.choir, true, false);
  CHECK(town.Ids("nordby") == Ids{town.choir});
  CHECK(town.Found("").total_count() == 1);
}

TEST_CASE("an unknown department comes with those there are", "[discovery]") {
  SearchedTown town;
  SearchAssociationsRequest request;
  request.set_query("known-by:nobody");
  const auto refused = town.Search(request);
  CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_QUERY_INVALID);
  CHECK(base::ErrorMetadata(refused.status(), "allowed").find("Integration") != std::string::npos);
}

TEST_CASE("what is not granted is not told, asked or counted", "[discovery]") {
  SearchedTown town;
  const search::FieldSet granted = {search::Field::kName, search::Field::kLanguage};
  SearchAssociationsRequest request;
  const auto all = town.Search(request, granted);
  REQUIRE(all.ok());
  CHECK(all->hits(0).municipality_code().empty());
  CHECK(all->hits(0).themes().empty());
  CHECK(all->hits(0).activities().empty());
  for (const char* query : {"theme:culture", "known-by:integration", "municipality:0615"}) {
    request.set_query(query);
    const auto refused = town.Search(request, granted);
    CHECK(base::ErrorMetadata(refused.status(), "allowed") == "name,language");
  }
  request.set_query("");
  request.add_facets("theme");
  const auto refused = town.Search(request, granted);
  CHECK(base::ErrorMetadata(refused.status(), "field") == "facets[0]");
  CHECK(base::ErrorMetadata(refused.status(), "allowed") == "language");
}

TEST_CASE("a page token of one caller is no good for another", "[discovery]") {
  SearchedTown town;
  SearchAssociationsRequest request;
  request.set_page_size(1);
  const auto first = town.Search(request);
  request.set_page_token(first->next_page_token());
  town.caller = town.As("caseworker", "0615");
  const auto stolen = town.Search(request);
  CHECK(base::ReasonOf(stolen.status()) == errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID);
}

TEST_CASE("the index reaches those associations that the rule about them lets a caller see",
          "[discovery]") {
  using access::CallerKind;
  search::SegmentBuilder builder;
  std::vector<access::AssociationFacts> all;
  for (const char* const municipality : {"0615", "0621", ""}) {
    for (const int agreed : {0, 1, 2, 3}) {
      registry::v1::Association association;
      association.set_id("a" + std::to_string(all.size()));
      association.set_municipality_code(municipality);
      auto& consent = *association.mutable_visibility_consent();
      consent.set_volunteer_centres((agreed & 1) != 0);
      consent.set_other_municipalities((agreed & 2) != 0);
      all.push_back({.id = association.id(),
                     .municipality_code = municipality,
                     .other_municipalities = consent.other_municipalities(),
                     .volunteer_centres = consent.volunteer_centres()});
      builder.Add(search::ToDocument(association));
    }
  }
  const search::Part part{builder.Finish(), nullptr};
  for (const auto kind : {CallerKind::kOperator, CallerKind::kEmployee, CallerKind::kSystem,
                          CallerKind::kVolunteerCentre, CallerKind::kAssociation, CallerKind::kDoor,
                          CallerKind::kStranger}) {
    for (const char* const municipality : {"0615", "0999", "0000", "615", "+615", ""}) {
      for (const char* const itself : {"", "a1", "a9"}) {
        access::Caller caller;
        caller.kind = kind;
        caller.municipality_code = municipality;
        caller.association_id = itself;
        const search::Bits reached = search::WithinReach(part, ReachOf(caller));
        for (const auto& each : all) {
          INFO(static_cast<int>(kind)
               << " of " << municipality << ", " << itself << " sees " << each.id);
          CHECK(reached.Has(*part.segment->Find(each.id)) ==
                (access::SightOf(caller, each) != access::Sight::kNothing));
        }
      }
    }
  }
}

}  // namespace brobygger::discovery
