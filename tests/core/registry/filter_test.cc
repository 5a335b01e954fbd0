#include "core/registry/filter.h"

#include <random>
#include <string>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "tests/core/registry/registry_fixture.h"

namespace brobygger::registry {
namespace {

Association Sample() {
  Association association = Named("Kulturforeningen S\xC3\xB8lund");
  association.set_kind(v1::ASSOCIATION_KIND_LOCAL);
  association.set_status(v1::ASSOCIATION_STATUS_ACTIVE);
  association.add_other_names()->set_text("KFS");
  AddIdentifier(association, "DK-CVR", "36729929");
  AddIdentifier(association, "SBSYS", "25052943");
  association.add_language_codes("da");
  association.add_language_codes("zh-Hant");
  association.add_addresses()->set_postal_code("8700");
  association.add_activities()->add_themes(v1::THEME_CULTURE);
  association.add_provenance()->set_connection_id("grants");
  // 2024-05-01 12:00 UTC.
  association.mutable_update_time()->set_seconds(1'714'564'800);
  association.mutable_create_time()->set_seconds(1'714'564'800 - 86'400);
  return association;
}

bool Passes(const std::string& text) {
  const auto filter = ParseFilter(text);
  INFO(text);
  INFO(filter.status().message());
  REQUIRE(filter.ok());
  return Matches(*filter, Sample());
}

TEST_CASE("filters let through what they describe") {
  const std::string filter = GENERATE(
      "", "  ", "status = ACTIVE", "status=active", "status : ASSOCIATION_STATUS_ACTIVE",
      "status != ENDED", "kind = LOCAL", "legal_form = UNSPECIFIED", "NOT legal_form:*",
      "official_name = \"kulturforeningen  S\xC3\x98LUND\"", "official_name : kultur",
      "official_name:'s\xC3\xB8lund'", "official_name > a AND official_name < \xC3\xA6",
      "other_names : kfs", "other_names = \"KFS\"", "other_names != \"KF\"", "other_names : *",
      "municipality_code = \"0615\"", "municipality_code = 0615", "municipality_code >= 0600",
      "identifiers = \"DK-CVR:36729929\"", "identifiers : DK-CVR:36729929", "identifiers : *",
      "cvr = \"DK 36 72 99 29\"", "cvr : *", "cvr != 25052943", "language_codes : DA",
      "language_codes = \"zh-hant\"", "language_codes != \"en\"", "themes : CULTURE",
      "themes != LIBRARY", "postal_code = 8700", "connection = grants", "update_time >= 2024-05-01",
      "update_time < 2024-05-02", "create_time < 2024-05-01", "update_time = 2024-05-01T12:00:00Z",
      "update_time = \"2024-05-01T14:00:00+02:00\"", "-status = ENDED", "NOT NOT status = ACTIVE",
      "(status = ACTIVE)", "status = ENDED OR status = ACTIVE", "status = ACTIVE AND kind = LOCAL",
      // OR binds tighter than AND.
      "kind = LOCAL OR kind = BRANCH AND status = ACTIVE",
      "official_name : \"kultur\" AND (status = ENDED OR -cvr : \"25052943\")");
  CHECK(Passes(filter));
}

TEST_CASE("filters hold back what they do not describe") {
  const std::string filter = GENERATE(
      "status = ENDED", "status != ACTIVE", "NOT status = ACTIVE", "kind : BRANCH",
      "legal_form : *", "official_name = kultur", "official_name : sport", "official_name < a",
      "other_names : x", "municipality_code != 0615", "identifiers = \"SBSYS:36729929\"",
      "cvr = 25052943", "cvr != 36729929", "language_codes = zh", "themes = LIBRARY",
      "postal_code != 8700", "connection = centre", "update_time < 2024-05-01",
      "create_time > 2024-05-01", "kind = LOCAL OR kind = BRANCH AND status = ENDED",
      "status = ACTIVE AND -official_name : kultur");
  CHECK_FALSE(Passes(filter));
}

TEST_CASE("an identifier that has ended is not found") {
  Association association = Sample();
  association.mutable_identifiers(0)->mutable_valid()->set_to_date("2020-01-01");
  CHECK_FALSE(Matches(*ParseFilter("cvr = 36729929"), association));
  CHECK_FALSE(Matches(*ParseFilter("cvr : *"), association));
}

TEST_CASE("a filter that cannot be read is refused at the right place") {
  const auto [filter, position] = GENERATE(table<std::string, std::string>({
      {"status", "7"},
      {"status =", "9"},
      {"= ACTIVE", "1"},
      {"status = ACTIVE kind = LOCAL", "17"},
      {"status = ACTIVE AND", "20"},
      {"status = ACTIVE AND AND kind = LOCAL", "21"},
      {"(status = ACTIVE", "1"},
      {"status = ACTIVE)", "16"},
      {"status = HAPPY", "10"},
      {"status < ACTIVE", "8"},
      {"colour = red", "1"},
      {"official_name = \"open", "17"},
      {"update_time > yesterday", "15"},
      {"update_time : 2024-05-01", "13"},
      {"cvr = 12345678", "7"},
      {"identifiers = 36729929", "15"},
      {"identifiers = \"X:1\"", "15"},
      {"official_name = \"\xC3\xA6\xC3\xB8\xC3\xA5\" & x", "23"},
      {"official_name = \"a\" = b", "21"},
      {"status = (ACTIVE)", "10"},
  }));
  const auto status = ParseFilter(filter).status();
  CAPTURE(filter, status.message());
  CHECK(base::ReasonOf(status) == errors::v1::ERROR_REASON_FILTER_INVALID);
  CHECK(base::ErrorMetadata(status, "field") == "filter");
  CHECK(base::ErrorMetadata(status, "position") == position);
}

TEST_CASE("a filter that is too long, too deep or not text is refused") {
  std::string many = "status = ACTIVE";
  for (int i = 0; i < 130; ++i) many += " OR kind = LOCAL";
  const std::string filter =
      GENERATE_COPY(std::string(4001, 'x'), std::string(30, '(') + "status = ACTIVE",
                    std::string(3000, '-') + "status = ACTIVE", many, std::string("status = \xFF"));
  CHECK(base::ReasonOf(ParseFilter(filter).status()) == errors::v1::ERROR_REASON_FILTER_INVALID);
}

TEST_CASE("no text makes the filter reader fall over") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::vector<std::string> words = {"status",      "official_name",
                                          "update_time", "cvr",
                                          "=",           "!=",
                                          "<",           ":",
                                          "*",           "(",
                                          ")",           "-",
                                          "AND",         "OR",
                                          "NOT",         "ACTIVE",
                                          "\"x\"",       "\"",
                                          "'",           "\\",
                                          "36729929",    "2024-05-01",
                                          "\xC3\xA6",    ","};
  int read = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::size_t size = random() % 12; size > 0; --size) {
      text += words[random() % words.size()] + (random() % 3 == 0 ? "" : " ");
    }
    CAPTURE(text);
    const auto filter = ParseFilter(text);
    if (filter.ok()) {
      ++read;
      Matches(*filter, Sample());
    } else {
      const int position = std::stoi(base::ErrorMetadata(filter.status(), "position"));
      REQUIRE(position >= 1);
      REQUIRE(position <= static_cast<int>(text.size()) + 1);
    }
  }
  CHECK(read > 0);
}

}  // namespace
}  // namespace brobygger::registry
