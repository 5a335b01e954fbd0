// In as the plugin reads it and the hub maps it, and out again as the hub publishes it: rule 42 and
// the table of the plugin's README. The two share no code, since no core module may include a
// plugin and no plugin a core module; here they are held against each other.
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/exchange/hsds.h"
#include "core/sync/mapping.h"
#include "plugins/centres/hsds/organization.h"
#include "plugins/centres/hsds/terms.h"
#include "tests/support/temp_folder.h"

namespace brobygger::hsds {
namespace {

using Json = nlohmann::json;
using registry::v1::Association;

Json Published() {
  std::ifstream file(BB_SOURCE_DIR "/tests/fixtures/hsds/organization_full.json");
  return Json::parse(file);
}

sync::v1::Connection ConnectionOf() {
  sync::v1::Connection connection;
  connection.set_default_municipality_code("0615");
  const std::pair<const char*, const char*> kMappings[] = {
      {"name", "official_name"},
      {"alternate_name", "other_name"},
      {"description", "purpose.da"},
      {"website", "website"},
      {"cvr", "cvr"},
      {"emails", "email"},
      {"phones", "phone"},
      {"address_street", "address.street"},
      {"address_house_number", "address.house_number"},
      {"address_floor_and_door", "address.floor_and_door"},
      {"address_postal_code", "address.postal_code"},
      {"address_postal_district", "address.postal_district"},
      {"activities", "activities"},
      {"language_codes", "language_code"}};
  for (const auto& [source, target] : kMappings) {
    auto& mapping = *connection.add_mappings();
    mapping.set_source_field(source);
    mapping.set_target(target);
  }
  return connection;
}

Association In(const Json& published) {
  const auto parsed = ParseAnswer(published.dump(), "/test");
  REQUIRE(parsed.ok());
  const json& list = ListAt(*parsed, "services");
  const std::vector<json> services(list.begin(), list.end());
  const auto record = ToRecord({.organization = &*parsed, .services = &services, .language = "da"});
  REQUIRE(record.ok());
  const auto mapping = sync::Mapping::Make(ConnectionOf());
  REQUIRE(mapping.ok());
  const auto told = mapping->Tell(*record);
  INFO(told.status().message());
  REQUIRE(told.ok());
  Association association = told->association;
  association.set_id(record->external_id());
  return association;
}

Json Out(const Association& association) {
  return Json::parse(exchange::ToHsds(association).dump());
}

// What the published schema has against `organization`; "" if nothing.
std::string Complaints(const Json& organization) {
  const support::TempFolder folder;
  const std::string file = (folder.path() / "out.json").string();
  std::ofstream(file) << organization.dump();
  const std::string command = std::string("/usr/bin/python3 -I " BB_HSDS_VALIDATE " " BB_SOURCE_DIR
                                          "/tests/fixtures/schemas/organization.json.gz ") +
                              file + " 2>&1";
  FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string said;
  for (int sign = 0; (sign = std::fgetc(pipe)) != EOF;) said += static_cast<char>(sign);
  pclose(pipe);
  return said;
}

TEST_CASE("the validator finds what is missing, and takes the published example", "[hsds]") {
  CHECK(Complaints(Published()) == "valid\n");
  Json without = Published();
  without["services"][0].erase("status");
  CHECK(Complaints(without).find("'status' is a required property") != std::string::npos);
}

TEST_CASE("the published example survives in and out with all that HSDS requires", "[hsds]") {
  const Json published = Published();
  const Json out = Out(In(published));
  CHECK(Complaints(out) == "valid\n");
  for (const char* required : {"id", "name", "description"}) {
    CHECK(out[required] == published[required]);
  }
  REQUIRE(out["services"].size() == published["services"].size());
  for (const char* required : {"id", "name", "status"}) {
    CHECK(out["services"][0][required] == published["services"][0][required]);
  }
  REQUIRE(out["phones"].size() == 1);
  CHECK(out["phones"][0]["number"] == "+441234234567");
  // A company number of Great Britain and an address there are none the registry can hold.
  CHECK_FALSE(out.contains("organization_identifiers"));
  CHECK_FALSE(out.contains("locations"));
  CHECK(out.dump().find("Persona") == std::string::npos);
}

TEST_CASE("the registry's lists are those that terms can mean", "[hsds]") {
  for (const auto* list : {registry::v1::Theme_descriptor(), registry::v1::Audience_descriptor(),
                           registry::v1::AgeBand_descriptor()}) {
    for (int i = 1; i < list->value_count(); ++i) {
      std::string word = list->value(i)->name();
      const bool age = word.starts_with("AGE_BAND_");
      word[age ? 8 : word.find('_')] = ':';
      for (char& sign : word) sign = sign == '_' ? '-' : static_cast<char>(std::tolower(sign));
      CAPTURE(word);
      REQUIRE(ToTermValue(word).has_value());
      CHECK(ToTermValue(word)->name == list->value(i)->name());
    }
  }
  for (const char* wrong :
       {"theme:football", "culture", "theme", "theme:", "theme:unspecified", ""}) {
    CHECK_FALSE(ToTermValue(wrong).has_value());
  }
}

TEST_CASE("what a hub publishes is read by another with its terms", "[hsds]") {
  Association published;
  published.set_id("0b6f3f0e-8a1c-4a57-9d0f-7f1d2f6c1a01");
  published.set_official_name("Lektiecaféen Nordbyen");
  published.set_municipality_code("0615");
  auto& activity = *published.add_activities();
  activity.set_id("5d3e7a42-2b44-4b8e-8f62-6d6f3c1b0d11");
  activity.set_title("Lektiecafé");
  activity.add_themes(registry::v1::THEME_SCHOOL_AND_HOMEWORK);
  activity.add_audiences(registry::v1::AUDIENCE_CHILDREN);
  activity.add_age_bands(registry::v1::AGE_BAND_0_12);
  activity.add_age_bands(registry::v1::AGE_BAND_65_PLUS);
  activity.set_status(registry::v1::ACTIVITY_STATUS_ACTIVE);
  activity.set_recurrence_rule("FREQ=WEEKLY;BYDAY=TH");
  activity.add_language_codes("ar");
  const Association read = In(Out(published));
  REQUIRE(read.activities_size() == 1);
  CHECK(read.activities(0).DebugString() == activity.DebugString());
}

TEST_CASE("the example in Denmark keeps its address and its CVR number, too", "[hsds]") {
  Json published = Published();
  Json& address = published["locations"][0]["addresses"][0];
  address.update({{"address_1", "Søndre Kaj 13, 2. tv"},
                  {"city", "Fjordby"},
                  {"state_province", "Horsens"},
                  {"postal_code", "9998"},
                  {"country", "DK"},
                  {"address_type", "physical"}});
  published["organization_identifiers"][0].update({{"identifier_scheme", "DK-CVR"},
                                                   {"identifier_type", "CVR-nummer"},
                                                   {"identifier", "99100605"}});
  const Json out = Out(In(published));
  CHECK(Complaints(out) == "valid\n");
  for (const char* required :
       {"address_1", "city", "state_province", "postal_code", "country", "address_type"}) {
    CHECK(out["locations"][0]["addresses"][0][required] == address[required]);
  }
  CHECK(out["locations"][0]["location_type"] == published["locations"][0]["location_type"]);
  CHECK(out["organization_identifiers"][0]["identifier_scheme"] == "DK-CVR");
  CHECK(out["organization_identifiers"][0]["identifier"] == "99100605");
}

}  // namespace
}  // namespace brobygger::hsds
