// /v1: what a volunteer centre's system asks and is told, and what it is told instead.
#include <absl/strings/str_split.h>

#include "tests/core/web/callers_test_door.h"
#include "tests/support/captured_log.h"

namespace brobygger::web {
namespace {

using nlohmann::json;

const std::string kPartners = "/v1/partners";

absl::Status Reason(errors::v1::ErrorReason reason) { return base::MakeError(reason, "as it is"); }

TEST_CASE("a partner is told in words, and only what was told to us") {
  CallersTestDoor door;
  door.partners.SetPartners({FullPartner(1), BarePartner(2)});
  const Answer answer = door.Fetch(kPartners);
  CHECK(answer.status == 200);
  CHECK(answer.fields.at("content-type") == "application/json");
  CHECK(answer.fields.at("cache-control") == "private, no-cache");
  CHECK(answer.fields.at("vary") == "Authorization, X-Api-Key");
  const json told = json::parse(answer.body);
  CHECK(told.at("total") == 2);
  CHECK_FALSE(told.contains("next_page_token"));
  CHECK_FALSE(told.contains("relaxed"));
  CHECK(told.at("partners").at(1) == json({{"id", IdOf(2)}, {"name", "Forening 2"}}));
  CHECK(told.at("partners").at(0) == json::parse(R"({
    "id": "00000001-8a1c-4a57-9d0f-7f1d2f6c1a01", "name": "Forening 1",
    "other_names": ["Lektiecaféen"], "municipality": "0998", "status": "active",
    "purpose": {"da": "Lektiehjælp"}, "area": "Nordbyen", "postal_districts": ["Fjordby"], "places": ["Biblioteket"],
    "themes": ["school-and-homework"], "audiences": ["children"], "languages": ["ar"],
    "activities": [{"id": "00000001-8a1c-4a57-9d0f-000000000000", "title": "Lektiecafé 0",
      "themes": ["school-and-homework"], "audiences": ["children"], "languages": ["ar"],
      "recurrence_rule": "FREQ=WEEKLY;BYDAY=TH", "place": "Biblioteket", "price_oere": 0,
      "open_to_public": true, "capacity": 20, "status": "active", "fits": true}],
    "capacity": 20, "last_confirmed": "2026-05-04", "updated": "2026-05-28T20:26:41Z",
    "identifiers": [{"scheme": "DK-CVR", "value": "99100265"}],
    "contact": {"emails": ["kontakt@lektiecafe.example"], "phones": ["+4510550265"],
      "websites": ["https://lektiecafe.example"]},
    "reasons": [{"field": "activity", "how": "ending", "asked": "lektiecafeer",
      "found": "lektiecafe"}]})"));
  CHECK(door.Json("/v1/partners/" + IdOf(2)) == told.at("partners").at(1));
}

TEST_CASE("what is asked for reaches the hub: values of one parameter or, parameters and") {
  CallersTestDoor door;
  const Answer answer = door.Fetch(
      kPartners +
      "?q=lektiecaf%C3%A9&theme=culture,library&theme=school-and-homework&audience=children"
      "&language=ar%2Ckmr&area=nordbyen,+havnen&activity=fodbold&weekday=torsdag&capacity=20"
      "&updated_since=2026-11-01&municipality=0998&page_size=7&page_token=");
  CHECK(answer.status == 200);
  CHECK(answer.body == "{\"partners\":[],\"total\":0}\n");
  const auto request = door.partners.Asked().at(0);
  const auto& criteria = request.criteria();
  CHECK(request.page_size() == 7);
  CHECK(criteria.query() == "lektiecafé");
  CHECK(criteria.themes_size() == 3);
  CHECK(criteria.themes(2) == registry::v1::THEME_SCHOOL_AND_HOMEWORK);
  CHECK(criteria.audiences(0) == registry::v1::AUDIENCE_CHILDREN);
  CHECK(criteria.language_codes(1) == "kmr");
  CHECK(criteria.areas(1) == "havnen");
  CHECK(criteria.activities(0) == "fodbold");
  CHECK(criteria.weekdays(0) == "torsdag");
  CHECK(criteria.min_capacity() == 20);
  CHECK(criteria.updated_since_date() == "2026-11-01");
  CHECK(criteria.municipality_codes(0) == "0998");
}

TEST_CASE("pages follow each other by the hub's token") {
  CallersTestDoor door;
  door.partners.SetPartners(Partners(5));
  std::vector<std::string> names;
  std::string token;
  do {
    const json page = door.Json(kPartners + "?page_size=2&page_token=" + token);
    for (const auto& partner : page.at("partners")) names.push_back(partner.at("name"));
    token = page.value("next_page_token", "");
  } while (!token.empty());
  CHECK(names == std::vector<std::string>{"Forening 0", "Forening 1", "Forening 2", "Forening 3",
                                          "Forening 4"});
}

TEST_CASE("the caller's key and address go along, and nothing of the door's own") {
  CallersTestDoor door;
  const Answer ours = door.Fetch(kPartners, "authorization: bearer   " + kKey +
                                                "\r\nbrobygger-client-certificate: forged\r\n"
                                                "brobygger-client-address: 10.0.0.1\r\n"
                                                "X-Real-IP: 10.0.0.1\r\n");
  CHECK(ours.status == 200);
  auto said = door.partners.Said();
  CHECK(said.at("authorization") == "Bearer " + kKey);
  CHECK(said.at("brobygger-client-address") == "127.0.0.1");
  CHECK(said.count("brobygger-client-certificate") == 0);
  CHECK(said.count("x-real-ip") == 0);
  CHECK(door.Fetch(kPartners, kShowOther).status == 200);
  CHECK(door.partners.Said().at("authorization") == "Bearer " + kOtherKey);
}

TEST_CASE("behind a proxy the address is what the proxy says, or none") {
  CallersTestDoor door({}, {}, {.address_field = "X-Real-IP"});
  door.Fetch(kPartners, kShow + "x-real-ip: 2001:db8::7\r\n");
  CHECK(door.partners.Said().at("brobygger-client-address") == "2001:db8::7");
  for (const std::string said :
       {"", "X-Real-IP: 192.0.2.7\r\nX-Real-IP: 192.0.2.8\r\n",
        "X-Real-IP: 192.0.2.7, 10.0.0.1\r\n", "X-Real-IP: evil\r\n", "X-Real-IP: \r\n"}) {
    CAPTURE(said);
    CHECK(door.Fetch(kPartners, kShow + said).status == 200);
    CHECK(door.partners.Said().count("brobygger-client-address") == 0);
  }
}

TEST_CASE("who shows no key, or something else, is told how; the hub is not asked") {
  CallersTestDoor door;
  for (const std::string target :
       {"/v1/partners", "/v1/partners.csv", "/hsds/organizations", "/hsds/services"}) {
    for (const std::string shown :
         {"", "Authorization: Basic YnI6YnI=\r\n", "Authorization: Bearer eyJhbGciOi.J9.x\r\n",
          "Authorization: Bearer\r\n", "X-Api-Key: \r\n", "X-Api-Key: bb_a b\r\n"}) {
      CAPTURE(target, shown);
      const Answer answer = door.Fetch(target, shown);
      CHECK(answer.status == 401);
      CHECK(answer.fields.at("content-type") == "application/problem+json");
      CHECK(answer.fields.at("cache-control") == "no-store");
      CHECK(answer.fields.at("www-authenticate") ==
            (shown.empty() ? "Bearer realm=\"brobygger\""
                           : "Bearer realm=\"brobygger\", error=\"invalid_token\""));
      const json problem = json::parse(answer.body);
      CHECK(problem.at("status") == 401);
      CHECK(problem.at("reason") == "NOT_SIGNED_IN");
      CHECK(problem.at("detail").get<std::string>().find("X-Api-Key") != std::string::npos);
    }
  }
  CHECK(door.Fetch(kPartners, kShow + kShowOther).status == 400);
  CHECK(door.Fetch(kPartners, kShow + kShow).status == 400);
  CHECK(door.partners.calls() == 0);
}

TEST_CASE("a key that is revoked is refused at the next request, whatever is kept") {
  CallersTestDoor door;
  door.partners.SetPartners(Partners(3));
  const std::vector<std::string> targets = {kPartners,
                                            "/v1/partners.csv",
                                            "/hsds/organizations",
                                            "/hsds/organizations?page=2&per_page=2",
                                            "/hsds/services",
                                            "/hsds/services/" + ActivityIdOf(1, 0),
                                            "/hsds/organizations/" + IdOf(1)};
  for (const auto& target : targets) REQUIRE(door.Fetch(target).status == 200);
  door.partners.Revoke(kKey);
  for (const auto& target : targets) {
    CAPTURE(target);
    const Answer answer = door.Fetch(target);
    CHECK(answer.status == 401);
    CHECK(answer.fields.at("www-authenticate") ==
          "Bearer realm=\"brobygger\", error=\"invalid_token\"");
    CHECK(answer.body.find("Forening") == std::string::npos);
    CHECK(door.Fetch(target, kShowOther).status == 200);
  }
}

TEST_CASE("the hub's refusals are told with their reason and facts") {
  CallersTestDoor door;
  const auto told = [&](const absl::Status& fault) {
    door.partners.FailWith(fault);
    return door.Fetch(kPartners);
  };
  const Answer quota =
      told(base::MakeRetryError(errors::v1::ERROR_REASON_QUOTA_EXCEEDED, "too many calls",
                                std::chrono::seconds(17), {{"quota", "calls"}}));
  CHECK(quota.status == 429);
  CHECK(quota.fields.at("retry-after") == "17");
  CHECK(json::parse(quota.body) ==
        json::parse(R"({"type": "about:blank", "title": "Too Many Requests", "status": 429,
          "detail": "too many calls; try again in 17 s", "reason": "QUOTA_EXCEEDED",
          "facts": {"quota": "calls", "retry_after_seconds": "17"}})"));
  const Answer wrong = told(base::MakeError(errors::v1::ERROR_REASON_QUERY_INVALID, "no such day",
                                            {{"field", "weekdays"}, {"allowed", "monday"}}));
  CHECK(wrong.status == 400);
  CHECK(json::parse(wrong.body).at("facts").at("allowed") == "monday");
  CHECK(told(Reason(errors::v1::ERROR_REASON_TOO_MANY_TRIES)).status == 429);
  CHECK(told(Reason(errors::v1::ERROR_REASON_NOT_ALLOWED)).status == 403);
  CHECK(told(Reason(errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND)).status == 404);
  CHECK(told(Reason(errors::v1::ERROR_REASON_SEARCH_PAGE_GONE)).status == 409);
  CHECK(told(Reason(errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID)).status == 400);
  for (const auto reason :
       {errors::v1::ERROR_REASON_OVERLOADED, errors::v1::ERROR_REASON_STOPPING,
        errors::v1::ERROR_REASON_SEARCH_BEHIND, errors::v1::ERROR_REASON_DEADLINE_PASSED}) {
    const Answer away = told(Reason(reason));
    CHECK(away.status == 503);
    CHECK(away.fields.at("retry-after") == "5");
  }
}

TEST_CASE("the hub's names of what was asked are told as parameters") {
  CallersTestDoor door;
  const auto told = [&](const std::string& target, const std::string& field) {
    door.partners.FailWith(base::MakeError(errors::v1::ERROR_REASON_QUERY_INVALID,
                                           field + " is not there", {{"field", field}}));
    const json problem = json::parse(door.Fetch(target).body);
    return problem.at("facts").at("field").get<std::string>() + "|" +
           problem.at("detail").get<std::string>();
  };
  CHECK(told(kPartners, "criteria.weekdays[0]") == "weekday|'weekday' is not there");
  CHECK(told("/v1/partners.csv", "criteria.query") == "q|'q' is not there");
  CHECK(told("/hsds/organizations", "criteria.query") == "search|'search' is not there");
  CHECK(told("/hsds/services", "criteria.updated_since_date") ==
        "modified_after|'modified_after' is not there");
  // Whatever else it names stays as it is.
  for (const std::string field : {"criteria.", "criteria.other", "weekdays", "criteria"}) {
    CHECK(told(kPartners, field) == field + "|" + field + " is not there");
  }
}

TEST_CASE("an error without a reason is told without its words") {
  CallersTestDoor door;
  door.partners.FailWith(absl::InternalError("sqlite: /var/lib/brobygger is on fire"));
  const Answer answer = door.Fetch(kPartners);
  CHECK(answer.status == 500);
  CHECK(answer.body.find("sqlite") == std::string::npos);
  CHECK_FALSE(json::parse(answer.body).contains("reason"));
}

TEST_CASE("a hub that is away is told as such, and found again") {
  CallersTestDoor door;
  door.partners.Stop();
  for (const std::string& target : {kPartners, std::string("/hsds/organizations")}) {
    const Answer answer = door.Fetch(target);
    CHECK(answer.status == 503);
    CHECK(answer.fields.at("retry-after") == "5");
    CHECK(json::parse(answer.body).at("detail") == "the hub cannot answer just now; try again");
  }
  door.partners.Start();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (door.Fetch(kPartners).status != 200 && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
  CHECK(door.Fetch(kPartners).status == 200);
}

std::string Fact(const Answer& answer, const char* name) {
  return json::parse(answer.body).at("facts").value(name, "");
}

TEST_CASE("what the door can see is wrong is answered with what is allowed") {
  CallersTestDoor door;
  const Answer unknown = door.Fetch(kPartners + "?Theme=culture");
  CHECK(unknown.status == 400);
  CHECK(Fact(unknown, "parameter") == "Theme");
  CHECK(Fact(unknown, "allowed") ==
        "q, theme, audience, language, area, activity, weekday, capacity, updated_since, "
        "municipality, page_size, page_token");
  CHECK(Fact(door.Fetch("/v1/partners.csv?page_size=5"), "parameter") == "page_size");
  CHECK(Fact(door.Fetch("/v1/partners/" + IdOf(1) + "?q=a"), "parameter") == "q");
  const Answer theme = door.Fetch(kPartners + "?theme=culture,football");
  CHECK(theme.status == 400);
  CHECK(Fact(theme, "field") == "theme");
  CHECK(absl::StrContains(Fact(theme, "allowed"), "school-and-homework"));
  CHECK_FALSE(absl::StrContains(Fact(theme, "allowed"), "unspecified"));
  CHECK(door.Fetch(kPartners + "?theme=unspecified").status == 400);
  CHECK(Fact(door.Fetch(kPartners + "?audience=dogs"), "field") == "audience");
  for (const std::string wrong : {"page_size=0", "page_size=501", "capacity=many", "q=%ff",
                                  "updated_since=yesterday", "page_token=a&page_token=b"}) {
    CAPTURE(wrong);
    const Answer answer = door.Fetch(kPartners + "?" + wrong);
    CHECK(answer.status == 400);
    CHECK(Fact(answer, "field") != "");
  }
  CHECK(door.Fetch(kPartners + "?q=" + std::string(4095, 'a')).status == 414);
  CHECK(door.Fetch(kPartners + "?q=" + std::string(17'000, 'a')).status == 431);
  CHECK(door.partners.calls() == 0);
}

TEST_CASE("an address that there is not names those that there are") {
  CallersTestDoor door;
  for (const std::string target : {"/v1", "/v1/", "/v1/partner", "/v1/partners/", "/v1/partners/7",
                                   "/v1/partners/../partners", "/v1/%70artners"}) {
    CAPTURE(target);
    const Answer answer = door.Fetch(target);
    CHECK(answer.status == 404);
    CHECK(absl::StrContains(answer.body, "/v1/partners.csv"));
  }
  CHECK(door.Fetch("/v1/partners/" + IdOf(4)).status == 404);
  CHECK(door.Fetch("/v1x").body == "not found\n");
}

TEST_CASE("without a socket for callers there is nothing for them") {
  support::TempFolder folder;
  FakeHub fake(folder.path() / "hub.sock");
  HubClient hub(fake.address());
  RunningServer plain(Routes(hub));
  for (const std::string target : {"/v1/partners", "/hsds/", "/hsds/organizations"}) {
    const Answer answer = plain.Connect().Fetch(target, kShow);
    CHECK(answer.status == 404);
    CHECK(answer.body == "not found\n");
  }
  CHECK(plain.Connect().Fetch("/healthz").status == 200);
}

TEST_CASE("who has the answer already is told so, and a changed one is another") {
  CallersTestDoor door;
  door.partners.SetPartners(Partners(3));
  for (const std::string& target :
       {kPartners, std::string("/v1/partners.csv"), "/v1/partners/" + IdOf(1),
        std::string("/hsds/organizations"), "/hsds/organizations/" + IdOf(1),
        std::string("/hsds/services")}) {
    CAPTURE(target);
    const Answer first = door.Fetch(target);
    const std::string tag = first.fields.at("etag");
    REQUIRE(tag.size() == 34);
    CHECK(tag.front() == '"');
    const Answer again = door.Fetch(target, kShow + "If-None-Match: \"x\", " + tag + "\r\n");
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(again.fields.at("etag") == tag);
    CHECK(again.fields.at("vary") == first.fields.at("vary"));
    CHECK(again.fields.count("content-type") == 0);
    // Another key is asked about before it is told even that.
    CHECK(door.Fetch(target, "X-Api-Key: bb_unknown\r\nIf-None-Match: " + tag + "\r\n").status ==
          401);
  }
  const std::string tag = door.Fetch(kPartners).fields.at("etag");
  door.partners.Touch();
  CHECK(door.Fetch(kPartners, kShow + "If-None-Match: " + tag + "\r\n").status == 304);
  door.partners.SetPartners(Partners(2));
  CHECK(door.Fetch(kPartners, kShow + "If-None-Match: " + tag + "\r\n").status == 200);
}

TEST_CASE("the whole list is a table with Danish headings") {
  CallersTestDoor door({.page = 2});
  auto partners = Partners(5);
  partners.push_back(BarePartner(5));
  // Its activities were not told, but what they are about was.
  partners.back().add_themes(registry::v1::THEME_CULTURE);
  door.partners.SetPartners(partners);
  const Answer answer = door.Fetch("/v1/partners.csv?language=ar");
  CHECK(answer.status == 200);
  CHECK(answer.fields.at("content-type") == "text/csv; charset=utf-8; header=present");
  CHECK(answer.fields.at("content-disposition") == "attachment; filename=\"foreninger.csv\"");
  const std::vector<std::string> lines = absl::StrSplit(answer.body, "\r\n");
  REQUIRE(lines.size() == 8);
  CHECK(absl::StartsWith(lines[0], "\xEF\xBB\xBFId;Navn;"));
  CHECK(absl::StartsWith(lines[5], IdOf(4) + ";Forening 4;"));
  CHECK(absl::StrContains(lines[6], ";kultur;"));
  for (const auto& request : door.partners.Asked()) {
    CHECK(request.criteria().language_codes(0) == "ar");
  }
}

TEST_CASE("a query that finds too little, or not all, says so") {
  CallersTestDoor door;
  door.partners.SetFlags(true, true);
  const json told = door.Json(kPartners);
  CHECK(told.at("partial") == true);
  CHECK(told.at("catching_up") == true);
}

TEST_CASE("the document says what may be asked, and is told to everybody") {
  CallersTestDoor door;
  const json document = door.Json("/v1/openapi.json", "");
  CHECK(document.at("openapi") == "3.1.0");
  CHECK(document.at("servers") == json::parse(R"([{"url": "https://hub.example"}])"));
  CHECK(document.at("security") == json::parse(R"([{"bearer": []}, {"field": []}])"));
  const auto& parameters = document.at("paths").at("/v1/partners").at("get").at("parameters");
  CHECK(parameters.size() == 12);
  CHECK(parameters.at(10) == json::parse(R"({"name": "page_size", "in": "query", "required": false,
    "description": "How many; usually 50.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 500}})"));
  CHECK(document.at("paths").at("/v1/partners/{id}").at("get").at("parameters").at(0).at("in") ==
        "path");
  CHECK(door.partners.calls() == 0);
}

TEST_CASE("no key and no answer reaches the log, whatever goes wrong") {
  const std::string log = support::CapturedLog([] {
    CallersTestDoor door;
    door.partners.SetPartners(Partners(3));
    for (const auto& target : std::vector<std::string>{"/v1/partners", "/v1/partners?key=" + kKey,
                                                       "/v1/" + kKey, "/hsds/organizations"}) {
      door.Fetch(target);
    }
    door.partners.FailWith(absl::InternalError("fault with " + kKey));
    door.Fetch(kPartners);
    door.partners.Stop();
    door.Fetch(kPartners);
    door.Fetch("/hsds/services");
  });
  REQUIRE(log.find("hub_not_reached") != std::string::npos);
  CHECK(log.find("h6Jd0Zr3qWq") == std::string::npos);
  CHECK(log.find("bb_") == std::string::npos);
  CHECK(log.find("Forening") == std::string::npos);
  CHECK(log.find("partners") == std::string::npos);
}

}  // namespace
}  // namespace brobygger::web
