#include "core/model/fields.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/model/field_table.h"

namespace brobygger::model {
namespace {

// One value of each form, in the text that the record gives back.
const std::vector<std::pair<std::string, std::string>>& Samples() {
  static const std::vector<std::pair<std::string, std::string>> samples = {
      {"official_name", "Fjordby Folkedans"},
      {"municipality_code", "0615"},
      {"kind", "LOCAL"},
      {"legal_form", "VOLUNTARY_ASSOCIATION"},
      {"status", "ACTIVE"},
      {"delegation", "WORK_GROUPS"},
      {"founded_date", "1987-05-01"},
      {"dissolved_date", "2020-01-31"},
      {"coverage_area", "Fjordby og omegn"},
      {"advertising_protected", "true"},
      {"coverage_municipality_codes", R"(["0615","0751"])"},
      {"phones", R"(["+4520101012"])"},
      {"emails", R"(["info@eksempel.dk"])"},
      {"websites", R"(["https://eksempel.dk"])"},
      {"language_codes", R"(["da","kmr"])"},
      {"identifiers.DK-CVR", "36729929"},
      {"identifiers.BB-0615", "folkedans"},
      {"purpose.da", "At danse \"sammen\"\nhver uge"},
      {"purpose.kmr", "Dans"},
      {"other_names", R"([{"kind":"KIND_FORMER","text":"Fjordby Danseforening"}])"},
      {"addresses", R"([{"house_number":"2B","postal_code":"8700","street":"Havnegade"}])"},
      {"statutes", R"({"adopted_date":"2019-03-01","items_present":["purpose"]})"},
      {"activities",
       R"([{"description":{"by_language":{"da":"Dans","en":"Dance"}},"id":"a1","price_oere":"5000",)"
       R"("title":"Tirsdagsdans"}])"},
      {"minority", R"({"basis":"BASIS_OWN_WORDS","is_minority_association":false})"},
      {"resource_statements", R"([{"members_total":0,"year":2025}])"},
      {"board_seats", R"([{"id":"s1","role":"ROLE_CHAIR"}])"},
  };
  return samples;
}

Association Filled() {
  Association association;
  for (const auto& [path, text] : Samples()) REQUIRE(SetFieldText(association, path, text).ok());
  return association;
}

TEST_CASE("every field gives back the text it was set from") {
  const Association association = Filled();
  for (const auto& [path, text] : Samples()) {
    CAPTURE(path);
    CHECK(FieldText(association, path).value_or("no such path") == text);
  }
}

TEST_CASE("an empty text clears a field and only that") {
  for (const auto& [path, text] : Samples()) {
    CAPTURE(path);
    Association association = Filled();
    REQUIRE(SetFieldText(association, path, "").ok());
    CHECK(FieldText(association, path).value_or("?").empty());
    CHECK(ChangedPaths(Filled(), association) == std::vector<std::string>{path});
  }
}

TEST_CASE("the filled paths are those that were set, sorted") {
  std::vector<std::string> wanted;
  for (const auto& [path, text] : Samples()) wanted.push_back(path);
  std::sort(wanted.begin(), wanted.end());
  Association association = Filled();
  association.set_id("x");
  association.set_etag("r1");
  CHECK(FilledPaths(association) == wanted);
  CHECK(FilledPaths(Association()).empty());
}

TEST_CASE("every field of the message is a path or set by the hub alone") {
  const auto* descriptor = Association::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const std::string& name = descriptor->field(i)->name();
    CAPTURE(name);
    const bool keyed =
        name == "identifiers" || name == "purpose" || name == "offers" || name == "wishes";
    CHECK(IsFieldPath(name) == !(keyed || IsOutputOnly(name)));
  }
}

TEST_CASE("texts in several languages are set, told and emptied a language at a time") {
  Association association;
  for (const std::string field : {"purpose", "offers", "wishes"}) {
    CAPTURE(field);
    REQUIRE(SetFieldText(association, field + ".da", "Mad og musik").ok());
    REQUIRE(SetFieldText(association, field + ".en", "Food and music").ok());
    CHECK(*FieldText(association, field + ".da") == "Mad og musik");
    REQUIRE(SetFieldText(association, field + ".da", "").ok());
    CHECK(*FieldText(association, field + ".en") == "Food and music");
    REQUIRE(SetFieldText(association, field + ".en", "").ok());
  }
  CHECK_FALSE(association.has_purpose());
  CHECK_FALSE(association.has_offers());
  CHECK_FALSE(association.has_wishes());
}

TEST_CASE("paths that no source may tell are refused by name") {
  const std::string path = GENERATE("", "id", "etag", "provenance", "update_time", "no_such_field",
                                    "purpose", "purpose.", "identifiers", "identifiers.",
                                    "status.x", ".", "official_name.da", "addresses.0");
  CAPTURE(path);
  Association association;
  const auto status = SetFieldText(association, path, "x");
  CHECK(base::ReasonOf(status) == errors::v1::ERROR_REASON_FIELD_INVALID);
  CHECK(base::ErrorMetadata(status, "field") == path);
  CHECK_FALSE(FieldText(association, path).ok());
  CHECK_FALSE(IsFieldPath(path));
}

TEST_CASE("a text of the wrong form is refused and leaves the field as it was") {
  const auto [path, text] = GENERATE(table<std::string, std::string>({
      {"status", "active and well"},
      {"status", "UNSPECIFIED"},
      {"advertising_protected", "ja"},
      {"phones", "+4520101012"},
      {"phones", "[1]"},
      {"phones", "[\"\xFF\"]"},
      {"addresses", "{}"},
      {"addresses", "[{\"no_such\":1}]"},
      {"addresses", R"([],"official_name":"Hacked")"},
      {"statutes", "[]"},
      {"activities", R"([{"capacity":"many"}])"},
  }));
  CAPTURE(path, text);
  Association association = Filled();
  const auto status = SetFieldText(association, path, text);
  CHECK(base::ReasonOf(status) == errors::v1::ERROR_REASON_FIELD_INVALID);
  CHECK(ChangedPaths(Filled(), association).empty());
}

TEST_CASE("an identifier's path means the one that is in use") {
  Association association;
  auto* old = association.add_identifiers();
  old->set_scheme("DK-CVR");
  old->set_value("36729929");
  old->mutable_valid()->set_to_date("2020-01-01");
  CHECK(FieldText(association, "identifiers.DK-CVR").value_or("") == "36729929");
  auto* current = association.add_identifiers();
  current->set_scheme("DK-CVR");
  current->set_value("25052943");
  CHECK(FieldText(association, "identifiers.DK-CVR").value_or("") == "25052943");

  REQUIRE(SetFieldText(association, "identifiers.DK-CVR", "").ok());
  CHECK(FieldText(association, "identifiers.DK-CVR").value_or("") == "36729929");
}

TEST_CASE("an identifier whose interval changed is a changed path") {
  const Association before = Filled();
  Association after = before;
  after.mutable_identifiers(0)->mutable_valid()->set_from_date("2001-01-01");
  CHECK(ChangedPaths(before, after) ==
        std::vector<std::string>{"identifiers." + after.identifiers(0).scheme()});
}

TEST_CASE("formatting noise is the same value") {
  const auto [path, left, right] = GENERATE(table<std::string, std::string, std::string>({
      {"official_name", "Fjordby  Dans ", "Fjordby Dans"},
      {"purpose.da", "a\r\nb", "a b"},
      {"identifiers.DK-CVR", "DK 36 72 99 29", "36729929"},
      {"phones", R"(["20 10 10 12"])", R"(["+4520101012"])"},
      {"phones", R"(["20101012","30101012"])", R"(["30101012","20101012"])"},
      {"emails", R"(["Info@Eksempel.DK"])", R"(["info@eksempel.dk"])"},
      {"websites", R"(["http://www.Eksempel.dk/"])", R"(["eksempel.dk"])"},
      {"addresses", R"([{"street":"A","postal_code":"8700"}])",
       R"([ {"postal_code":"8700", "street":"A"} ])"},
  }));
  CAPTURE(path, left, right);
  CHECK(SameValue(path, left, right));
  CHECK(SameValue(path, right, left));
}

TEST_CASE("values that differ in more than formatting differ") {
  const auto [path, left, right] = GENERATE(table<std::string, std::string, std::string>({
      {"official_name", "Fjordby Dans", "fjordby dans"},
      {"official_name", "Fjordby Dans", ""},
      {"phones", R"(["20101012"])", "[]"},
      {"identifiers.DK-CVR", "36729929", "25052943"},
      {"addresses", R"([{"street":"A"}])", ""},
      {"no_such_field", "a", "b"},
  }));
  CAPTURE(path, left, right);
  CHECK_FALSE(SameValue(path, left, right));
}

TEST_CASE("random edits are found by their paths, and only those") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    Association after = Filled();
    std::set<std::string> wanted;
    for (std::size_t edits = random() % 6; edits > 0; --edits) {
      const auto& path = Samples()[random() % Samples().size()].first;
      REQUIRE(SetFieldText(after, path, "").ok());
      wanted.insert(path);
    }
    const auto changed = ChangedPaths(Filled(), after);
    CHECK(std::set<std::string>(changed.begin(), changed.end()) == wanted);
  }
}

}  // namespace
}  // namespace brobygger::model
