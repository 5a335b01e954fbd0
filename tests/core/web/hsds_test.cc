// /hsds: a profile of the Open Referral HSDS 3.0 API. That the texts fit the published schemas is
// for core.exchange.schemas and journeys.hsds.
#include <set>

#include <absl/strings/match.h>

#include "core/exchange/hsds_terms.h"
#include "tests/core/web/callers_test_door.h"

namespace brobygger::web {
namespace {

using nlohmann::json;

std::vector<std::string> IdsOf(const json& page) {
  std::vector<std::string> ids;
  for (const auto& item : page.at("contents")) ids.push_back(item.at("id"));
  return ids;
}

TEST_CASE("what the API is, is told to everybody") {
  CallersTestDoor door;
  const json root = json::parse(R"({"version": "3.0", "profile": "https://hub.example/hsds/profile",
    "openapi_url": "https://hub.example/hsds/openapi.json"})");
  CHECK(door.Json("/hsds/", "") == root);
  CHECK(door.Json("/hsds", "") == root);
  CHECK(absl::StrContains(door.Fetch("/hsds/profile", "").body, "HSDS 3.0"));
  const json paths = door.Json("/hsds/openapi.json", "").at("paths");
  for (const char* path : {"/hsds/", "/hsds/organizations", "/hsds/organizations/{id}",
                           "/hsds/services", "/hsds/services/{id}", "/hsds/taxonomies",
                           "/hsds/taxonomy_terms", "/hsds/taxonomy_terms/{id}"}) {
    CHECK(paths.contains(path));
  }
  CHECK(door.Fetch("/hsds/?page=1", "").status == 400);
  CHECK(door.partners.calls() == 0);
}

TEST_CASE("organizations of HSDS are partners, by pages that are numbered") {
  CallersTestDoor door({.page = 3});
  door.partners.SetPartners(Partners(7));
  const json first = door.Json("/hsds/organizations?per_page=3");
  CHECK(first.at("total_items") == 7);
  CHECK(first.at("total_pages") == 3);
  CHECK(first.at("page_number") == 1);
  CHECK(first.at("size") == 3);
  CHECK(first.at("first_page") == true);
  CHECK(first.at("last_page") == false);
  CHECK(first.at("contents").at(0) ==
        json::parse(R"({"id": "00000000-8a1c-4a57-9d0f-7f1d2f6c1a01", "name": "Forening 0",
          "alternate_name": "Lektiecaféen", "description": "Lektiehjælp",
          "email": "kontakt@lektiecafe.example", "website": "https://lektiecafe.example"})"));
  const json last = door.Json("/hsds/organizations?per_page=3&page=3&format=json");
  CHECK(last.at("last_page") == true);
  CHECK(IdsOf(last) == std::vector<std::string>{IdOf(6)});
}

TEST_CASE("an organization of HSDS is told with as much of its services as is asked for") {
  CallersTestDoor door;
  door.partners.SetPartners({FullPartner(1, 2), BarePartner(2)});
  const json one = door.Json("/hsds/organizations/" + IdOf(1));
  CHECK(one.at("services").size() == 2);
  CHECK(one.at("services").at(0) ==
        json({{"id", ActivityIdOf(1, 0)}, {"name", "Lektiecafé 0"}, {"status", "active"}}));
  CHECK(one.at("organization_identifiers").at(0).at("identifier") == "99100265");
  // Of an address no more is told than its postal district.
  CHECK(one.at("locations").at(0).at("name") == "Fjordby");
  CHECK_FALSE(one.at("locations").at(0).contains("addresses"));
  const json whole = door.Json("/hsds/organizations/" + IdOf(1) + "?full_service=true");
  CHECK(whole.at("services").at(0).at("schedules").at(0).at("byday") == "TH");
  CHECK(whole.at("services").at(0).at("assured_date") == "2026-05-04");
  const json list = door.Json("/hsds/organizations?full=true");
  CHECK(list.at("contents").at(0) == one);
  CHECK(door.Json("/hsds/organizations?full_service=true").at("contents").at(0) == whole);
  CHECK(door.Json("/hsds/organizations/" + IdOf(2)).size() == 3);
  CHECK(door.Fetch("/hsds/organizations/" + IdOf(3)).status == 404);
}

TEST_CASE("services of HSDS are the partners' activities, over all of them") {
  CallersTestDoor door({.page = 2});
  auto partners = Partners(5, 3);
  partners.insert(partners.begin() + 2, BarePartner(9));
  door.partners.SetPartners(partners);
  std::vector<std::string> ids;
  for (int page = 1; page <= 4; ++page) {
    const json told = door.Json("/hsds/services?per_page=4&page=" + std::to_string(page));
    CHECK(told.at("total_items") == 15);
    CHECK(told.at("total_pages") == 4);
    for (const auto& id : IdsOf(told)) ids.push_back(id);
  }
  CHECK(ids.size() == 15);
  CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 15);
  CHECK(ids.at(7) == ActivityIdOf(2, 1));
  for (const auto& id : ids) {
    const json service = door.Json("/hsds/services/" + id);
    REQUIRE(service.at("id") == id);
    REQUIRE(service.at("organization").at("id") == service.at("organization_id"));
    REQUIRE(service.at("attributes").size() == 2);
  }
  CHECK(door.Json("/hsds/services?full=true").at("contents").at(7) ==
        door.Json("/hsds/services/" + ids.at(7)));
}

TEST_CASE("a service of HSDS that came after the list was kept is found all the same") {
  CallersTestDoor door;
  door.partners.SetPartners(Partners(2));
  CHECK(door.Fetch("/hsds/services/" + ActivityIdOf(0, 0)).status == 200);
  CHECK(door.Fetch("/hsds/services/" + ActivityIdOf(5, 0)).status == 404);
  door.partners.SetPartners(Partners(6));
  CHECK(door.Fetch("/hsds/services/" + ActivityIdOf(5, 0)).status == 200);
  // One that is gone is gone, though a list that is kept still has it.
  door.partners.SetPartners({BarePartner(5)});
  CHECK(door.Fetch("/hsds/services/" + ActivityIdOf(5, 0)).status == 404);
}

TEST_CASE("an activity whose id is no UUID has an HSDS id all the same") {
  CallersTestDoor door;
  auto partner = FullPartner(1);
  partner.mutable_activities(0)->set_id("aktivitet-7");
  door.partners.SetPartners({partner});
  const auto id = IdsOf(door.Json("/hsds/services")).at(0);
  CHECK(door.Json("/hsds/services/" + id).at("name") == "Lektiecafé 0");
}

TEST_CASE("services of HSDS are filtered by term, taxonomy, organization and time") {
  CallersTestDoor door;
  auto partners = Partners(4, 2);
  partners[3].mutable_activities(1)->clear_themes();
  partners[3].mutable_activities(1)->add_age_bands(registry::v1::AGE_BAND_13_18);
  door.partners.SetPartners(partners);
  const auto term = [](const char* taxonomy, int value) {
    for (const auto& each : exchange::HsdsTerms()) {
      if (each.taxonomy == std::string(taxonomy) && each.value == value) {
        return exchange::HsdsTermId(each);
      }
    }
    return std::string();
  };
  const auto found = [&](const std::string& query) {
    return IdsOf(door.Json("/hsds/services?" + query));
  };
  const auto culture = term("theme", registry::v1::THEME_CULTURE);
  CHECK(found("taxonomy_term_id=" + culture) ==
        std::vector<std::string>{ActivityIdOf(0, 1), ActivityIdOf(1, 1), ActivityIdOf(2, 1)});
  CHECK(door.partners.Asked().back().criteria().themes(0) == registry::v1::THEME_CULTURE);
  CHECK(found("taxonomy_term_id=" + term("age_band", registry::v1::AGE_BAND_13_18)) ==
        std::vector<std::string>{ActivityIdOf(3, 1)});
  CHECK(found("taxonomy_id=" + exchange::HsdsTaxonomyId("theme")).size() == 7);
  CHECK(found("organization_id=" + IdOf(2)) ==
        std::vector<std::string>{ActivityIdOf(2, 0), ActivityIdOf(2, 1)});
  CHECK(found("organization_id=" + IdOf(2) + "&taxonomy_term_id=" + culture) ==
        std::vector<std::string>{ActivityIdOf(2, 1)});
  CHECK(found("modified_after=2026-05-28T20:26:43Z") ==
        std::vector<std::string>{ActivityIdOf(3, 0), ActivityIdOf(3, 1)});
  CHECK(door.partners.Asked().back().criteria().updated_since_date() == "2026-05-28");
  CHECK(found("modified_after=2026-05-28").size() == 8);
  CHECK(found("search=lektiecaf%C3%A9").size() == 8);
  CHECK(door.partners.Asked().back().criteria().query() == "lektiecafé");
  const json minimal = door.Json("/hsds/services?minimal=true&per_page=10000");
  CHECK(minimal.at("contents").size() == 8);
  CHECK(minimal.at("contents").at(0) ==
        json({{"id", ActivityIdOf(0, 0)}, {"last_modified", "2026-05-28T20:26:40Z"}}));
}

TEST_CASE("HSDS pages, parameters and addresses that are wrong are answered with what there is") {
  CallersTestDoor door;
  door.partners.SetPartners(Partners(5));
  const auto facts = [&](const std::string& target) {
    const Answer answer = door.Fetch(target);
    INFO(target << " " << answer.body);
    REQUIRE(answer.status == 400);
    return json::parse(answer.body).at("facts");
  };
  for (const std::string list : {"/hsds/organizations", "/hsds/services", "/hsds/taxonomy_terms"}) {
    for (const std::string wrong : {"page=0", "page=-1", "page=x", "page=1000001", "per_page=0",
                                    "per_page=10001", "format=ndjson", "search=%zz"}) {
      CHECK(facts(list + "?" + wrong).contains("field"));
    }
    CHECK(absl::StrContains(facts(list + "?Page=1").at("allowed").get<std::string>(), "per_page"));
  }
  CHECK(facts("/hsds/organizations?per_page=2&page=4").at("allowed") == "1 to 3");
  CHECK(facts("/hsds/organizations?page=2").at("allowed") == "1");
  CHECK(facts("/hsds/services?per_page=501").at("field") == "per_page");
  CHECK(facts("/hsds/services?taxonomy_term_id=" + IdOf(1)).at("field") == "taxonomy_term_id");
  CHECK(facts("/hsds/services?taxonomy_id=theme").at("field") == "taxonomy_id");
  CHECK(facts("/hsds/services?postcode=9998").at("parameter") == "postcode");
  door.partners.SetPartners({});
  CHECK(door.Json("/hsds/organizations").at("empty") == true);
  for (const std::string& none : std::vector<std::string>{
           "/hsds/service_at_locations", "/hsds/organizations/", "/hsds/organizations/7",
           "/hsds/services/{id}", "/hsds/x/" + IdOf(1), "/hsds/taxonomies/" + IdOf(1),
           "/hsds//organizations"}) {
    CAPTURE(none);
    CHECK(door.Fetch(none).status == 404);
  }
}

TEST_CASE("our lists are taxonomies whose terms the services name") {
  CallersTestDoor door;
  const json taxonomies = door.Json("/hsds/taxonomies", "");
  CHECK(taxonomies.at("total_items") == 3);
  const json terms = door.Json("/hsds/taxonomy_terms?per_page=500", "");
  CHECK(terms.at("total_items") == 11 + 11 + 5);
  for (const auto& term : terms.at("contents")) {
    REQUIRE(door.Json("/hsds/taxonomy_terms/" + term.at("id").get<std::string>(), "") == term);
    const std::string taxonomy = term.at("taxonomy_id");
    REQUIRE(door.Json("/hsds/taxonomies/" + taxonomy, "").at("name") == term.at("taxonomy"));
  }
  door.partners.SetPartners(Partners(1));
  const json service = door.Json("/hsds/services?full=true").at("contents").at(0);
  const json named = service.at("attributes").at(0).at("taxonomy_term");
  CHECK(door.Json("/hsds/taxonomy_terms/" + named.at("id").get<std::string>(), "") == named);
  CHECK(named.at("description") == "school and homework (KLE 17)");
  const auto count = [&](const std::string& query) {
    return door.Json("/hsds/taxonomy_terms?" + query, "").at("total_items");
  };
  CHECK(count("taxonomy_id=" + exchange::HsdsTaxonomyId("age_band")) == 5);
  CHECK(count("search=KULTUR") == 1);
  CHECK(count("top_only=true") == 27);
  CHECK(count("parent_id=" + IdOf(1)) == 0);
}

TEST_CASE("more on an HSDS page than one answer holds is refused, with what to do") {
  CallersTestDoor door;
  auto partners = Partners(4, 1);
  for (auto& partner : partners) {
    (*partner.mutable_purpose()->mutable_by_language())["en"] = std::string(2 << 20, 'x');
  }
  door.partners.SetPartners(partners);
  const Answer answer = door.Fetch("/hsds/organizations?full=true");
  CHECK(answer.status == 400);
  CHECK(json::parse(answer.body).at("facts").at("field") == "per_page");
  CHECK(door.Fetch("/hsds/organizations?full=true&per_page=2").status == 200);
}

}  // namespace
}  // namespace brobygger::web
