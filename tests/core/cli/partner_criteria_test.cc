#include "core/cli/partner_criteria.h"

#include <catch2/catch.hpp>

#include "core/base/error.h"

namespace brobygger::cli {
namespace {

namespace reasons = errors::v1;

TEST_CASE("several codes may be typed with commas between them, and titles may hold one") {
  CriteriaOptions options;
  options.languages = {"ar,kmr", "so"};
  options.weekdays = {"tirsdag, torsdag"};
  options.themes = {"culture,library"};
  options.audiences = {"children,youth"};
  options.municipalities = {"0615,0998"};
  options.activities = {"Leg, sang og musik"};
  const auto criteria = ToCriteria(options);
  REQUIRE(criteria.ok());
  CHECK(criteria->language_codes_size() == 3);
  CHECK(criteria->weekdays(1) == "torsdag");
  CHECK(criteria->themes_size() == 2);
  CHECK(criteria->audiences_size() == 2);
  CHECK(criteria->municipality_codes(1) == "0998");
  CHECK(criteria->activities_size() == 1);
  options.themes = {"culture,football"};
  CHECK(ToCriteria(options).status().message().find("'football' is no theme") == 0);
}

TEST_CASE("an error about criteria names the option, and those that there are") {
  const auto refused = NamingOptions(base::MakeError(
      reasons::ERROR_REASON_QUERY_INVALID,
      "criteria.min_capacity is nothing that you may ask by. There is: themes, language_codes.",
      {{"field", "criteria.min_capacity"}, {"allowed", "themes,language_codes"}}));
  CHECK(refused.message() ==
        "'--capacity' is nothing that you may ask by. There is: --theme, --language.");
  CHECK(base::ErrorMetadata(refused, "allowed") == "--theme,--language");
  const auto day = NamingOptions(
      base::MakeError(reasons::ERROR_REASON_QUERY_INVALID,
                      "criteria.weekdays[0] is no day of the week. There is: monday, tuesday.",
                      {{"field", "criteria.weekdays[0]"}, {"allowed", "monday,tuesday"}}));
  CHECK(day.message() == "'--weekday' is no day of the week. There is: monday, tuesday.");
  CHECK(NamingOptions(absl::OkStatus()).ok());
}

}  // namespace
}  // namespace brobygger::cli
