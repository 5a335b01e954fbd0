#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "brobygger/sdk/error.h"

#include "plugins/centres/hsds/activity.h"
#include "plugins/centres/hsds/config.h"
#include "plugins/centres/hsds/organization.h"

namespace brobygger::hsds {
namespace {

using plugin::v1::Record;

json Parsed(const std::string& text) {
  auto answer = ParseAnswer(text, "/test");
  REQUIRE(answer.ok());
  return *std::move(answer);
}

std::string Example() {
  std::ifstream file(BB_SOURCE_DIR "/tests/fixtures/hsds/organization_full.json");
  return {std::istreambuf_iterator<char>(file), {}};
}

Record RecordOf(const std::string& text) {
  const json organization = Parsed(text);
  const json& list = ListAt(organization, "services");
  const std::vector<json> services(list.begin(), list.end());
  auto record = ToRecord({.organization = &organization, .services = &services, .language = "da"});
  INFO(record.status().message());
  REQUIRE(record.ok());
  return *std::move(record);
}

std::string TextOf(const Record& record, const std::string& field) {
  return record.fields().at(field).text();
}

std::vector<std::string> ListOf(const Record& record, const std::string& field) {
  std::vector<std::string> texts;
  for (const auto& item : record.fields().at(field).list().items()) texts.push_back(item.text());
  return texts;
}

using Texts = std::vector<std::string>;

TEST_CASE("the published example is told as an association", "[hsds]") {
  const Record record = RecordOf(Example());
  CHECK(record.external_id() == "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610");
  CHECK(TextOf(record, "name") == "Example Organization Inc.");
  CHECK(TextOf(record, "alternate_name") == "Example Org");
  CHECK(TextOf(record, "website") == "http://example.com");
  CHECK(record.fields().at("founded_year").number() == 2011);
  CHECK(ListOf(record, "emails") == Texts{"email@example.com"});
  CHECK(ListOf(record, "phones") == Texts{"+44 1234 234567"});
  CHECK(ListOf(record, "contact_functions") == Texts{"Reception Manager"});
  CHECK(ListOf(record, "language_codes") == Texts{"ur"});
  const json activities = json::parse(TextOf(record, "activities"));
  REQUIRE(activities.size() == 1);
  CHECK(activities[0]["id"] == "ac148810-d857-441c-9679-408f346de14b");
  CHECK(activities[0]["title"] == "Community Counselling");
  CHECK(activities[0]["status"] == "ACTIVITY_STATUS_ACTIVE");
  CHECK(activities[0]["place"] == "MyCity Civic Center");
  CHECK(activities[0]["recurrence_rule"] == "FREQ=WEEKLY;BYMONTHDAY=2,3,4;BYDAY=TH,FR");
}

TEST_CASE("no person's name passes the parser, wherever it stands", "[hsds]") {
  const std::string text = Example();
  REQUIRE(text.find("Ann Persona") != std::string::npos);
  REQUIRE(text.find("A. Persona") != std::string::npos);
  const json parsed = Parsed(text);
  CHECK(parsed.dump().find("Persona") == std::string::npos);
  // But that there is one is known, and other things keep their names.
  CHECK(parsed["contacts"][0]["name"] == json(true));
  CHECK(parsed["locations"][0]["contacts"][0]["name"] == json(true));
  CHECK(parsed["locations"][0]["name"] == "MyCity Civic Center");
  CHECK(parsed["services"][0]["name"] == "Community Counselling");
  CHECK(RecordOf(text).DebugString().find("Persona") == std::string::npos);
}

TEST_CASE("a contact is told by its function; by its mail only if it is no person", "[hsds]") {
  const Record record = RecordOf(R"({"id": "1", "name": "Kor", "contacts": [
      {"name": "Jonna ZQ", "title": "Formand", "email": "jonna@zq.example", "phones": [{"number": "10550609"}]},
      {"name": "", "department": "Sekretariatet", "email": "kontor@kor.example", "phones": [{"number": "10550608"}]},
      {"name": null, "title": "Sekretariatet"}, "rod", null, 7]})");
  CHECK(ListOf(record, "contact_functions") == Texts{"Formand", "Sekretariatet"});
  CHECK(ListOf(record, "emails") == Texts{"kontor@kor.example"});
  CHECK(ListOf(record, "phones") == Texts{"10550608"});
}

TEST_CASE("a CVR number is found under each of its names", "[hsds]") {
  const auto [identifier, cvr] = GENERATE(table<std::string, std::string>({
      {R"({"identifier_scheme": "DK-CVR", "identifier_type": "x", "identifier": "99 10 06 05"})",
       "99100605"},
      {R"({"identifier_type": "CVR-nr.", "identifier": "DK99100605"})", "99100605"},
      {R"({"identifier_scheme": "GB-COH", "identifier_type": "Company number", "identifier": "12345678"})",
       ""},
      {R"({"identifier_scheme": "DK-CVR", "identifier": "1234567"})", ""},
      {R"("99100605")", ""},
  }));
  const Record record =
      RecordOf(R"({"id": "1", "name": "Kor", "organization_identifiers": [)" + identifier + "]}");
  CHECK(TextOf(record, "cvr") == cvr);
}

TEST_CASE("a Danish address is told in its parts, another country's not at all", "[hsds]") {
  const auto [line, street, number, floor] =
      GENERATE(table<std::string, std::string, std::string, std::string>({
          {"Søndre Kaj 13, 2. tv", "Søndre Kaj", "13", "2. tv"},
          {"Nørregade 4B", "Nørregade", "4B", ""},
          {"Havnen", "Havnen", "", ""},
          {"1-30 Main Street", "1-30 Main Street", "", ""},
          {"Torvet 7 C", "Torvet 7 C", "", ""},
      }));
  const auto told = [&](const std::string& country) {
    return RecordOf(
        R"({"id": "1", "name": "Kor", "locations": [{"location_type": "physical", "addresses": [
      {"address_1": ")" +
        line + R"(", "city": "Fjordby", "postal_code": "9998", "country": ")" + country +
        R"("}]}]})");
  };
  const Record danish = told("DK");
  CHECK(TextOf(danish, "address_street") == street);
  CHECK(TextOf(danish, "address_house_number") == number);
  CHECK(TextOf(danish, "address_floor_and_door") == floor);
  CHECK(TextOf(danish, "address_postal_code") == "9998");
  CHECK(TextOf(told(""), "address_postal_code") == "9998");
  CHECK(told("US").fields().at("address_postal_code").has_empty());
}

TEST_CASE("the place one can come to is told before a postal address", "[hsds]") {
  const Record record = RecordOf(R"({"id": "1", "name": "Kor", "locations": [
    {"location_type": "virtual", "addresses": [{"address_1": "Nettet 1", "address_type": "physical"}]},
    {"location_type": "postal", "addresses": [{"address_1": "Postboks 7", "address_type": "postal"}]},
    {"location_type": "physical", "addresses": [{"address_1": "Torvet 2", "address_type": "physical"}]}]})");
  CHECK(TextOf(record, "address_street") == "Torvet");
}

TEST_CASE("schedules become one rule where one can say it", "[hsds]") {
  const auto [schedules, rule] = GENERATE(table<std::string, std::string>({
      {"[]", ""},
      {R"([{"freq": "WEEKLY", "byday": "TH"}])", "FREQ=WEEKLY;BYDAY=TH"},
      {R"([{"freq": "weekly", "byday": "th, fr", "interval": 2}])",
       "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,FR"},
      {R"([{"freq": "WEEKLY", "byday": "MO"}, {"freq": "WEEKLY", "byday": "WE,MO"}])",
       "FREQ=WEEKLY;BYDAY=MO,WE"},
      {R"([{"freq": "MONTHLY", "byday": "1TU"}])", "FREQ=MONTHLY;BYDAY=1TU"},
      {R"([{"freq": "WEEKLY", "byday": "MO"}, {"freq": "MONTHLY", "byday": "1TU"}])", ""},
      {R"([{"freq": "SECONDLY"}])", ""},
      {R"([{"freq": "WEEKLY", "byday": "TH;COUNT=1"}])", ""},
      {R"([{"freq": "WEEKLY", "interval": 0}])", ""},
      {R"([{"freq": "MONTHLY", "bymonthday": "2,3\nX"}])", "FREQ=MONTHLY"},
      {R"(["WEEKLY", 7, null, {"description": "torsdage"}])", ""},
  }));
  CAPTURE(schedules);
  CHECK(RecurrenceOf(json::parse(schedules)) == rule);
}

TEST_CASE("a service's key that could be a person's number is told by its digest", "[hsds]") {
  const auto id_of = [](const std::string& id) {
    return json::parse(ActivitiesText({{{"id", id}, {"name", "Kor"}}}, "da"))[0]["id"]
        .get<std::string>();
  };
  CHECK(id_of("ac148810-d857-441c-9679-408f346de14b") == "ac148810-d857-441c-9679-408f346de14b");
  CHECK(id_of("17") == "17");
  for (const char* id : {"0101701234", "010170-1234", "ab010170-1234-441c-9679-408f346de14b"}) {
    CHECK(id_of(id) != id);
    CHECK(id_of(id).find_first_of("0123456789") == std::string::npos);
    CHECK(id_of(id).size() == 36);
    CHECK(id_of(id) == id_of(id));
  }
}

TEST_CASE("a text that the registry has no room for is left out, never cut", "[hsds]") {
  const std::string fits(2000, 'a');
  const auto described = [](const std::string& text) {
    return json::parse(
        ActivitiesText({{{"id", "1"}, {"name", "Kor"}, {"description", text}}}, "da"))[0];
  };
  CHECK(described(fits)["description"]["by_language"]["da"] == fits);
  CHECK_FALSE(described(fits + "a").contains("description"));
}

TEST_CASE("taxonomy terms mean what the configuration says, and nothing else", "[hsds]") {
  const auto config = ParseConfig(R"({"url": "https://x.example",
      "terms": {"Lektiehjælp": "theme:school-and-homework", "BD-1800": "audience:children",
                "0b6f3f0e-8a1c-4a57-9d0f-7f1d2f6c1a01": "age-band:13-18"}})");
  REQUIRE(config.ok());
  const json services = Parsed(R"({"services": [{"id": "1", "name": "Kor", "attributes": [
      {"taxonomy_term": {"id": "2", "code": "17", "name": "Lektiehjælp"}},
      {"taxonomy_term": {"code": "BD-1800", "name": "Children"}},
      {"taxonomy_term": {"code": "BD-1800.1", "name": "Girls", "id": "BD-1800"}},
      {"taxonomy_term": {"id": "0b6f3f0e-8a1c-4a57-9d0f-7f1d2f6c1a01", "name": "Teens"}},
      {"taxonomy_term": {"code": "THEME_CULTURE", "name": "kultur"}},
      {"taxonomy_term": {"code": "THEME_FOOTBALL", "name": "Library"}},
      {"taxonomy_term": "x"}, 7]}]})");
  const json activity =
      json::parse(ActivitiesText({services["services"][0]}, "da", config->terms))[0];
  CHECK(activity["themes"] == json({"THEME_SCHOOL_AND_HOMEWORK", "THEME_CULTURE"}));
  CHECK(activity["audiences"] == json({"AUDIENCE_CHILDREN"}));
  CHECK(activity["age_bands"] == json({"AGE_BAND_13_18"}));
}

TEST_CASE("wrong types and rubbish are as if they were not there", "[hsds]") {
  const Record record = RecordOf(R"({"id": 17, "name": "Kor", "phones": {"number": "1"},
      "locations": "x", "services": 3, "year_incorporated": "1998", "description": ["a"],
      "email": 5.5, "organization_identifiers": [[]], "contacts": null})");
  CHECK(record.external_id() == "17");
  CHECK(record.fields().at("founded_year").number() == 1998);
  CHECK(record.fields().at("phones").has_empty());
  CHECK(record.fields().at("description").has_empty());
  CHECK(record.fields().at("activities").has_empty());
}

TEST_CASE("where services are not known, nothing that comes of them is told", "[hsds]") {
  const json organization = Parsed(R"({"id": "1", "name": "Kor"})");
  const auto record = ToRecord({.organization = &organization, .language = "da"});
  REQUIRE(record.ok());
  for (const char* field : {"activities", "language_codes", "areas"}) {
    CHECK(record->fields().count(field) == 0);
  }
  CHECK(record->fields().at("description").has_empty());
}

TEST_CASE("an answer that is none is told by its kind", "[hsds]") {
  const auto [text, code] = GENERATE(
      table<std::string, std::string>({{"", "not_json"},
                                       {"{\"contents\": [", "not_json"},
                                       {"<!DOCTYPE html>", "html"},
                                       {" \n<html>", "html"},
                                       {"[]", "unexpected"},
                                       {"7", "unexpected"},
                                       {"null", "not_json"},
                                       {std::string("{\"name\": \"\xC3\x28\"}"), "not_json"}}));
  CAPTURE(text);
  const auto answer = ParseAnswer(text, "/organizations");
  REQUIRE_FALSE(answer.ok());
  CHECK(sdk::DiagnosticOf(answer.status()).code() == "centres.hsds." + code);
}

TEST_CASE("a configuration that will not do names the key", "[hsds]") {
  const auto [text, path] = GENERATE(table<std::string, std::string>({
      {R"({})", "url"},
      {R"({"url": "ftp://x.example"})", "url"},
      {R"({"url": "http://x.example"})", "url"},
      {R"({"url": "https://u:p@x.example"})", "url"},
      {R"({"url": "https://x.example/?key=1"})", "url"},
      {R"({"url": "https://x.example", "user": "a:b"})", "user"},
      {R"({"url": "https://x.example", "key_header": "X: y"})", "key_header"},
      {R"({"url": "https://x.example", "page_size": 5000})", "page_size"},
      {R"({"url": "https://x.example", "ca_file": "ca.pem"})", "ca_file"},
      {R"({"url": "https://x.example", "language": "da dk"})", "language"},
      {R"({"url": "https://x.example", "terms": ["culture"]})", "terms"},
      {R"({"url": "https://x.example", "terms": {"Kor": "culture"}})", "terms.Kor"},
      {R"({"url": "https://x.example", "terms": {"Kor": 7}})", "terms.Kor"},
      {R"({"url": "https://x.example", "timeout_seconds": 101})", "timeout_seconds"},
      {R"({"url": "https://x.example", "trust_last_modified": "ja"})", "trust_last_modified"},
  }));
  CAPTURE(text);
  const auto config = ParseConfig(text);
  REQUIRE_FALSE(config.ok());
  CHECK(sdk::DiagnosticOf(config.status()).path() == path);
}

}  // namespace
}  // namespace brobygger::hsds
