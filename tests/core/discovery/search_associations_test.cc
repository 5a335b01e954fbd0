#include "core/discovery/search_associations.h"

#include "core/access/scope.h"
#include "core/base/error.h"
#include "core/discovery/search_parts.h"
#include "tests/core/discovery/searched_town.h"

namespace brobygger::discovery {
namespace {

using search::v1::SearchAssociationsRequest;
using search::v1::SearchAssociationsResponse;

struct Searched : SearchedTown {
  std::string cafe = Associate("Lektiecafeen Nordby", registry::v1::THEME_CULTURE);
  std::string choir = Associate("Sangkoret Nordby");

  absl::StatusOr<SearchAssociationsResponse> Search(
      const SearchAssociationsRequest& request,
      search::FieldSet allowed = search::FieldSet::All()) {
    return SearchAssociations(Ask(), Shelf(), request, allowed);
  }
  SearchAssociationsResponse Found(const SearchAssociationsRequest& request) {
    auto response = Search(request);
    INFO(response.status());
    REQUIRE(response.ok());
    return *std::move(response);
  }
  SearchAssociationsResponse Found(const std::string& query) {
    SearchAssociationsRequest request;
    request.set_query(query);
    return Found(request);
  }
  std::vector<std::string> Ids(const std::string& query) {
    std::vector<std::string> ids;
    const SearchAssociationsResponse found = Found(query);
    for (const auto& hit : found.hits()) ids.push_back(hit.association_id());
    return ids;
  }
  SearchAssociationsResponse Counted(const std::string& query) {
    SearchAssociationsRequest request;
    request.set_query(query);
    request.set_page_size(1);
    request.add_facets("known-by");
    request.add_facets("municipality");
    return Found(request);
  }
  // "integration 2, culture 1".
  std::string KnownBy(const std::string& query) {
    const auto found = Counted(query);
    std::string text;
    for (const auto& [name, id] :
         {std::pair("integration", integration), std::pair("culture", culture),
          std::pair("elsewhere", elsewhere)}) {
      for (const auto& each : found.facets(1).counts()) {
        if (each.value() != id) continue;
        text += (text.empty() ? "" : ", ") + std::string(name) + " " + std::to_string(each.count());
      }
    }
    return text;
  }
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a hit tells what it is and why", "[discovery]") {
  Searched town;
  const auto found = town.Found("lektiecafeen");
  REQUIRE(found.hits_size() == 1);
  CHECK(found.total_count() == 1);
  CHECK_FALSE(found.catching_up());
  CHECK(found.hits(0).official_name() == "Lektiecafeen Nordby");
  CHECK(found.hits(0).municipality_code() == "0615");
  CHECK(found.hits(0).themes(0) == registry::v1::THEME_CULTURE);
  CHECK(found.hits(0).reasons(0).field() == "name");
}

TEST_CASE("an activity that has ended is not told of a hit", "[discovery]") {
  Searched town;
  CHECK(town.Found("lektiecafeen").hits(0).themes_size() == 1);
  town.Change(town.cafe, [](auto& association) {
    association.mutable_activities(0)->set_status(registry::v1::ACTIVITY_STATUS_ENDED);
  });
  const auto found = town.Found("lektiecafeen");
  CHECK(found.hits(0).themes().empty());
  CHECK(found.hits(0).activities().empty());
}

TEST_CASE("a volunteer centre finds and counts only what agreed", "[discovery]") {
  Searched town;
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
  Searched town;
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
  Searched town;
  town.Meet(town.integration, town.cafe, 3);
  CHECK(town.Ids("known-by:" + town.integration) == Ids{town.cafe});
  CHECK(town.Ids("known-by:integration") == Ids{town.cafe});
  CHECK(town.Ids("nordby -known-by:integration") == Ids{town.choir});
  CHECK(town.Ids("known-by:integration known-by:\"Kultur og Fritid\"").empty());
  CHECK(town.Found("known-by:integration").total_count() == 1);
  CHECK(town.Found("-known-by:integration").total_count() == 1);
  // Elsewhere it is not there: it did not agree.
  town.caller = town.As("caseworker", "0621");
  CHECK(town.Ids("known-by:integration").empty());
  CHECK(town.Ids("nordby").empty());
  CHECK(town.Found("").total_count() == 0);
  town.Agree(town.choir, true, false);
  CHECK(town.Ids("nordby") == Ids{town.choir});
  CHECK(town.Found("").total_count() == 1);
}

TEST_CASE("hits are counted by who knows them, as far as the caller hears", "[discovery]") {
  Searched town;
  const std::string kolding = town.Associate("Sangkoret Kolding");
  town.Meet(town.integration, town.cafe, 3);
  town.Meet(town.integration, town.choir, 3);
  town.Meet(town.culture, town.choir, 3);
  town.Meet(town.elsewhere, town.choir, 3);
  town.Meet(town.culture, kolding, -3);  // is only planned
  CHECK(town.KnownBy("nordby") == "integration 2, culture 1, elsewhere 1");
  CHECK(town.KnownBy("") == "integration 2, culture 2, elsewhere 1");
  CHECK(town.KnownBy("lektiecafeen") == "integration 1");
  CHECK(town.KnownBy("known-by:\"Kultur og Fritid\" nordby") ==
        "integration 1, culture 1, elsewhere 1");
  CHECK(town.KnownBy("-known-by:integration") == "culture 1");
  // A value finds as many as it counts.
  const auto found = town.Counted("");
  REQUIRE(found.facets_size() == 2);
  CHECK(found.facets(1).field() == "known-by");
  for (const auto& each : found.facets(1).counts()) {
    CHECK(town.Found("known-by:" + each.value()).total_count() == each.count());
  }
  // Not only of the page.
  CHECK(found.hits_size() == 1);
  CHECK(found.total_count() == 3);
}

TEST_CASE("nothing can be counted of who knows an association that the caller may not hear",
          "[discovery]") {
  Searched town;
  const std::string planned = town.Associate("Planen Nordby");
  town.Meet(town.integration, town.cafe, 3);
  town.Meet(town.elsewhere, town.cafe, 3);
  town.Meet(town.integration, planned, -3);
  const auto as = [&town](const char* role, const char* municipality) {
    town.caller = town.As(role, municipality);
  };
  const auto agree = [&](bool municipalities, bool centres) {
    town.caller = access::LocalOperator();
    town.Agree(town.cafe, municipalities, centres);
    town.Agree(planned, municipalities, centres);
  };
  // Those at home hear of their own departments; elsewhere it is not there.
  as("caseworker", "0615");
  CHECK(town.KnownBy("") == "integration 2");
  as("caseworker", "0621");
  CHECK(town.KnownBy("").empty());
  as("volunteer-centre", "0615");
  CHECK(town.KnownBy("").empty());
  // Where it agreed that others hear of it, they do, but not of what is only planned.
  agree(true, false);
  as("caseworker", "0615");
  CHECK(town.KnownBy("") == "integration 2, elsewhere 1");
  as("caseworker", "0621");
  CHECK(town.KnownBy("") == "integration 1, elsewhere 1");
  CHECK(town.KnownBy("planen").empty());
  as("volunteer-centre", "0615");
  CHECK(town.KnownBy("").empty());
  agree(false, true);
  as("volunteer-centre", "0615");
  CHECK(town.KnownBy("") == "integration 1, elsewhere 1");
  as("caseworker", "0621");
  CHECK(town.KnownBy("").empty());
  // Whoever is told nothing of it learns nothing by asking, either.
  as("caseworker", "0615");
  town.caller.disclosure = {};
  CHECK(town.KnownBy("").empty());
  CHECK(town.Ids("known-by:integration").empty());
  CHECK(town.Found("-known-by:integration").total_count() == 3);
}

TEST_CASE("who knows a hit is counted in a list begun before as it is now", "[discovery]") {
  Searched town;
  town.Meet(town.integration, town.cafe, 3);
  town.Meet(town.integration, town.choir, 3);
  town.Agree(town.cafe, false, true);
  town.Agree(town.choir, false, true);
  town.caller = town.As("volunteer-centre", "0615");
  SearchAssociationsRequest request;
  request.set_page_size(1);
  request.add_facets("known-by");
  const auto first = town.Search(request);
  REQUIRE(first.ok());
  CHECK(first->facets(0).counts(0).count() == 2);
  town.Agree(town.choir, false, false);
  request.set_page_token(first->next_page_token());
  const auto second = town.Search(request);
  REQUIRE(second.ok());
  CHECK(second->facets(0).counts(0).count() == 1);
}

TEST_CASE("hits are counted by places and titles of activities", "[discovery]") {
  Searched town;
  town.Cafe("Nordby Lektiehjaelp");
  SearchAssociationsRequest request;
  for (const char* facet : {"capacity", "activity"}) request.add_facets(facet);
  const auto found = town.Search(request);
  REQUIRE(found.ok());
  REQUIRE(found->facets_size() == 2);
  REQUIRE(found->facets(0).counts_size() == 3);
  CHECK(found->facets(0).counts(2).value() == "20");
  CHECK(found->facets(0).counts(2).count() == 1);
  REQUIRE(found->facets(1).counts_size() == 2);
  CHECK(found->facets(1).counts(0).value() == "Aktivitet");
  CHECK(found->facets(1).counts(1).value() == "Lektiecafe");
}

TEST_CASE("what cannot be counted is refused with what can", "[discovery]") {
  Searched town;
  for (const char* unknown : {"purpose", "updated", "name", "", "Theme", "known_by"}) {
    SearchAssociationsRequest request;
    request.add_facets("theme");
    request.add_facets(unknown);
    const auto refused = town.Search(request);
    CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_QUERY_INVALID);
    CHECK(base::ErrorMetadata(refused.status(), "field") == "facets[1]");
    CHECK(base::ErrorMetadata(refused.status(), "allowed") ==
          "activity,area,theme,audience,language,municipality,status,weekday,capacity,known-by");
  }
}

TEST_CASE("an unknown department comes with those there are", "[discovery]") {
  Searched town;
  SearchAssociationsRequest request;
  request.set_query("known-by:nobody");
  const auto refused = town.Search(request);
  CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_QUERY_INVALID);
  CHECK(base::ErrorMetadata(refused.status(), "allowed").find("Integration") != std::string::npos);
}

TEST_CASE("what is not granted is not told, asked or counted", "[discovery]") {
  Searched town;
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
  for (const char* query : {"capacity:1", "activity:aktivitet", "-capacity:1"}) {
    request.set_query(query);
    CHECK_FALSE(town.Search(request, granted).ok());
  }
  request.set_query("");
  for (const char* facet : {"theme", "capacity", "activity", "known-by"}) {
    request.clear_facets();
    request.add_facets(facet);
    const auto refused = town.Search(request, granted);
    CHECK(base::ErrorMetadata(refused.status(), "field") == "facets[0]");
    CHECK(base::ErrorMetadata(refused.status(), "allowed") == "language");
  }
}

TEST_CASE("a page token of one caller is no good for another", "[discovery]") {
  Searched town;
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
