// Who knows whom, and how much of it each caller is told.
#include "core/base/day.h"
#include "core/base/error.h"
#include "tests/core/discovery/town.h"

namespace brobygger::discovery {
namespace {

using base::ReasonOf;

TEST_CASE("the same question gets the answer of its caller's level") {
  Town town;
  const std::string lawan = town.Associate("Lawan");
  town.Meet(town.integration, lawan, 10, "konsulent");
  const auto ask = [&](const access::Caller& caller) {
    town.caller = caller;
    return town.Knows(lawan).associations(0);
  };
  const auto own = ask(town.As("caseworker", "0615", town.integration));
  REQUIRE(own.acquaintances_size() == 1);
  CHECK(own.acquaintances(0).level() == v1::DISCLOSURE_LEVEL_TOUCHPOINTS);
  REQUIRE(own.acquaintances(0).touchpoints_size() == 1);
  CHECK(own.acquaintances(0).touchpoints(0).our_role() == "konsulent");

  const auto colleague = ask(town.As("caseworker", "0615", town.culture));
  REQUIRE(colleague.acquaintances_size() == 1);
  CHECK(colleague.acquaintances(0).level() == v1::DISCLOSURE_LEVEL_SUMMARY);
  CHECK(colleague.acquaintances(0).familiarity().last_date() == base::DayOf(town.clock.Now(), -10));
  CHECK(colleague.acquaintances(0).our_roles().empty());
  CHECK(colleague.acquaintances(0).touchpoints().empty());

  const auto coordinator = ask(town.As("coordinator", "0615", town.culture));
  REQUIRE(coordinator.acquaintances(0).our_roles_size() == 1);
  CHECK(coordinator.acquaintances(0).touchpoints().empty());

  // Whoever asks for a purpose that needs less is told less, of their own department's as well.
  CHECK(ask(town.As("coordinator", "0615", town.culture, "overview")).acquaintances(0).level() ==
        v1::DISCLOSURE_LEVEL_SUMMARY);
  const auto grants = ask(town.As("caseworker", "0615", town.integration, "grants"));
  CHECK(grants.acquaintances(0).level() == v1::DISCLOSURE_LEVEL_SUMMARY);
  CHECK(grants.acquaintances(0).touchpoints().empty());
}

TEST_CASE("others hear that somebody knows an association only if it agreed, and whom to ask") {
  Town town;
  const std::string lawan = town.Associate("Lawan");
  town.Meet(town.integration, lawan, 10, "konsulent");
  const auto neighbour = town.As("caseworker", "0621", town.elsewhere);
  const auto centre = town.As("volunteer-centre", "0615");
  const auto ask = [&](const access::Caller& caller) {
    town.caller = caller;
    return town.Knows(lawan).associations(0).acquaintances();
  };
  // For who may not hear of it there is no such association.
  const auto hears = [&](const access::Caller& caller) {
    town.caller = caller;
    v1::WhoKnowsRequest request;
    request.set_association_id(lawan);
    const auto known = WhoKnows(town.Ask(), request);
    const bool none = ReasonOf(known.status()) == errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND;
    REQUIRE(known.ok() != none);
    return known.ok();
  };
  CHECK_FALSE(hears(neighbour));
  CHECK_FALSE(hears(centre));
  town.Agree(lawan, true, false);
  CHECK(ask(neighbour).size() == 1);
  CHECK_FALSE(hears(centre));
  town.Agree(lawan, false, true);
  CHECK_FALSE(hears(neighbour));
  REQUIRE(ask(centre).size() == 1);
  const auto told = ask(centre)[0];
  CHECK(told.department_name() == "Integration");
  CHECK(told.contact_email() == "integration@horsens.example");
  CHECK(told.level() == v1::DISCLOSURE_LEVEL_EXISTENCE);
  CHECK_FALSE(told.has_familiarity());
  CHECK(told.our_roles().empty());
  CHECK(told.touchpoints().empty());
  // Taken back, it is gone at the next question.
  town.Agree(lawan, false, false);
  CHECK_FALSE(hears(centre));
}

TEST_CASE("what is only planned is no contact to those who hear that there is one") {
  Town town;
  const std::string lawan = town.Associate("Lawan");
  town.Meet(town.integration, lawan, -10);
  town.Agree(lawan, true, true);
  town.caller = town.As("volunteer-centre", "0615");
  CHECK(town.Knows(lawan).associations(0).acquaintances().empty());
  town.caller = town.As("caseworker", "0615", town.culture);
  CHECK_FALSE(town.Knows(lawan).associations(0).acquaintances(0).familiarity().next_date().empty());
}

TEST_CASE(
    "associations of a theme are listed with who knows them, page by page, unknown ones too") {
  Town town;
  for (int i = 0; i < 7; ++i) {
    const std::string id = town.Associate(
        "Forening " + std::to_string(i),
        i % 2 == 0 ? registry::v1::THEME_CULTURE : registry::v1::THEME_HEALTH_AND_PREVENTION);
    if (i == 4) town.Meet(town.culture, id, 3);
  }
  v1::WhoKnowsRequest request;
  request.set_theme(registry::v1::THEME_CULTURE);
  request.set_page_size(3);
  std::vector<std::string> names;
  int known = 0;
  do {
    const auto page = WhoKnows(town.Ask(), request);
    REQUIRE(page.ok());
    for (const auto& each : page->associations()) {
      names.push_back(each.official_name());
      known += each.acquaintances_size();
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  CHECK(names == std::vector<std::string>{"Forening 0", "Forening 2", "Forening 4", "Forening 6"});
  CHECK(known == 1);
}

TEST_CASE("a volunteer centre is shown no association that did not agree to it") {
  Town town;
  const std::string lawan = town.Associate("Lawan");
  town.Associate("Havnens Venner");
  town.Agree(lawan, false, true);
  town.caller = town.As("volunteer-centre", "0615");
  v1::WhoKnowsRequest request;
  request.set_municipality_code("0615");
  const auto known = WhoKnows(town.Ask(), request);
  REQUIRE(known.ok());
  REQUIRE(known->associations_size() == 1);
  CHECK(known->associations(0).official_name() == "Lawan");
}

TEST_CASE("a question about nothing, or about what is not there, is refused in words") {
  Town town;
  const auto reason = [&](const v1::WhoKnowsRequest& request) {
    return ReasonOf(WhoKnows(town.Ask(), request).status());
  };
  CHECK(reason({}) == errors::v1::ERROR_REASON_FIELD_INVALID);
  v1::WhoKnowsRequest request;
  request.set_association_id("7c0c4f6e-0000-4000-8000-000000000000");
  CHECK(reason(request) == errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
  request.Clear();
  request.set_municipality_code("9999");
  CHECK_FALSE(WhoKnows(town.Ask(), request).ok());
  request.set_municipality_code("0615");
  request.set_page_token("damaged");
  CHECK(reason(request) == errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID);
}

TEST_CASE("the matrix tells of each department in a column of its own") {
  Town town;
  const std::string lawan = town.Associate("Lawan");
  town.Associate("Havnens Venner");
  town.Meet(town.integration, lawan, 10);
  town.Meet(town.culture, lawan, 20);
  v1::GetContactMatrixRequest request;
  request.set_municipality_code("0615");
  const auto matrix = GetContactMatrix(town.Ask(), request);
  REQUIRE(matrix.ok());
  REQUIRE(matrix->columns_size() == 2);
  CHECK(matrix->columns(0).department_name() == "Integration");
  CHECK(matrix->columns(1).department_name() == "Kultur og Fritid");
  REQUIRE(matrix->rows_size() == 2);
  CHECK(matrix->rows(0).cells().empty());
  REQUIRE(matrix->rows(1).cells_size() == 2);
  CHECK(matrix->rows(1).cells(0).column() == 0);
  CHECK(matrix->rows(1).cells(0).familiarity().last_date() == base::DayOf(town.clock.Now(), -10));
  CHECK(matrix->rows(1).cells(0).level() == v1::DISCLOSURE_LEVEL_SUMMARY);
}

}  // namespace
}  // namespace brobygger::discovery
