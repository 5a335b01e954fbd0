#include "core/discovery/blank_spots.h"

#include "core/base/day.h"
#include "core/base/error.h"
#include "tests/core/discovery/town.h"

namespace brobygger::discovery {
namespace {

struct Map : Town {
  std::string unknown = Associate("Aften");
  std::string alone = Associate("Bro");
  std::string silent = Associate("Cykel");
  std::string lively = Associate("Dans");

  Map() {
    Meet(integration, alone, 5);
    for (const std::string& department : {integration, culture}) {
      Meet(department, silent, 200);
      Meet(department, lively, 20);
    }
    // Known elsewhere is not known here.
    Meet(elsewhere, unknown, 5);
  }

  v1::ListBlankSpotsResponse Spots(v1::BlankSpotKind kind = v1::BLANK_SPOT_KIND_UNSPECIFIED) {
    v1::ListBlankSpotsRequest request;
    request.set_municipality_code("0615");
    request.set_kind(kind);
    const auto spots = ListBlankSpots(Ask(), request);
    INFO(spots.status());
    REQUIRE(spots.ok());
    return *spots;
  }
};

TEST_CASE("associations that nobody knows, one department alone, or nobody has met lately") {
  Map map;
  const auto spots = map.Spots();
  CHECK(spots.association_count() == 4);
  CHECK(spots.nobody_count() == 1);
  CHECK(spots.one_department_count() == 1);
  CHECK(spots.silent_count() == 1);
  REQUIRE(spots.blank_spots_size() == 3);
  CHECK(spots.blank_spots(0).association_id() == map.unknown);
  CHECK_FALSE(spots.blank_spots(0).has_acquaintance());
  CHECK(spots.blank_spots(1).association_id() == map.alone);
  CHECK(spots.blank_spots(1).acquaintance().department_name() == "Integration");
  CHECK(spots.blank_spots(2).kind() == v1::BLANK_SPOT_KIND_SILENT);
  CHECK(map.Spots(v1::BLANK_SPOT_KIND_NOBODY).blank_spots_size() == 1);
  // A meeting that is planned ends the silence.
  map.Meet(map.culture, map.silent, -3);
  CHECK(map.Spots().silent_count() == 0);
}

TEST_CASE("blank spots come page by page") {
  Map map;
  v1::ListBlankSpotsRequest request;
  request.set_municipality_code("0615");
  request.set_page_size(1);
  std::vector<std::string> names;
  do {
    const auto page = ListBlankSpots(map.Ask(), request);
    REQUIRE(page.ok());
    REQUIRE(page->blank_spots_size() == 1);
    names.push_back(page->blank_spots(0).official_name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  CHECK(names == std::vector<std::string>{"Aften", "Bro", "Cykel"});
}

TEST_CASE("only the municipality's own employees may ask over all of it") {
  Map map;
  v1::ListBlankSpotsRequest request;
  request.set_municipality_code("0615");
  const auto reason = [&](const access::Caller& caller) {
    map.caller = caller;
    return base::ReasonOf(ListBlankSpots(map.Ask(), request).status());
  };
  CHECK(reason(map.As("caseworker", "0621", map.elsewhere)) ==
        errors::v1::ERROR_REASON_NOT_ALLOWED);
  CHECK(reason(map.As("volunteer-centre", "0615")) == errors::v1::ERROR_REASON_NOT_ALLOWED);
  CHECK(reason(map.As("caseworker", "0615", map.culture)) == errors::v1::ERROR_REASON_UNSPECIFIED);
}

TEST_CASE("a contact that hangs on one role is found") {
  Map map;
  const std::string frail = map.Associate("Eng");
  map.Meet(map.integration, frail, 5, "brobygger");
  map.Meet(map.integration, frail, 50, "brobygger");
  const std::string firm = map.Associate("Fjord");
  map.Meet(map.integration, firm, 5, "brobygger");
  map.Meet(map.integration, firm, 9, "leder");
  v1::ListOnePersonDependenciesRequest request;
  request.set_municipality_code("0615");
  const auto found = ListOnePersonDependencies(map.Ask(), request);
  REQUIRE(found.ok());
  CHECK(found->known_count() == 2);
  REQUIRE(found->dependencies_size() == 1);
  CHECK(found->dependencies(0).association_id() == frail);
  REQUIRE(found->dependencies(0).acquaintance().our_roles_size() == 1);
  map.caller = map.As("caseworker", "0615", map.culture);
  // The role is told from L2 on; that it hangs on one, before.
  const auto less = ListOnePersonDependencies(map.Ask(), request);
  CHECK(less->dependencies(0).acquaintance().our_roles().empty());
}

TEST_CASE("who reached out is counted over twelve months, and told when it is one-sided") {
  Map map;
  const auto began = [&](contact::v1::ContactInitiator who, int days_ago) {
    contact::v1::Touchpoint wanted;
    wanted.set_association_id(map.lively);
    wanted.set_department_id(map.integration);
    wanted.set_date(base::DayOf(map.clock.Now(), -days_ago));
    wanted.set_initiator(who);
    map.Write([&](storage::Transaction& transaction) {
      return contact::AddTouchpoint(transaction, wanted, access::LocalOperator());
    });
  };
  for (int i = 1; i <= 4; ++i) began(contact::v1::CONTACT_INITIATOR_ASSOCIATION, i);
  began(contact::v1::CONTACT_INITIATOR_MUNICIPALITY, 400);
  v1::GetInitiativeBalanceRequest request;
  request.set_association_id(map.lively);
  auto balance = GetInitiativeBalance(map.Ask(), request);
  REQUIRE(balance.ok());
  CHECK(balance->association_count() == 4);
  CHECK(balance->municipality_count() == 0);
  CHECK(balance->unknown_count() == 2);
  CHECK_FALSE(balance->one_sided());
  began(contact::v1::CONTACT_INITIATOR_MUNICIPALITY, 3);
  CHECK(GetInitiativeBalance(map.Ask(), request)->one_sided());
  request.set_department_id(map.culture);
  CHECK(GetInitiativeBalance(map.Ask(), request)->association_count() == 0);
}

TEST_CASE("who is told only that there are contacts hears nothing of their days and numbers") {
  Map map;
  map.caller = map.As("operator", "0615", map.integration);
  const auto spots = map.Spots();
  // That nobody knows it, or one department alone, is what existence tells.
  CHECK(spots.nobody_count() == 1);
  CHECK(spots.one_department_count() == 1);
  CHECK(spots.silent_count() == 0);
  CHECK(spots.blank_spots_size() == 2);
  v1::ListBlankSpotsRequest silent;
  silent.set_municipality_code("0615");
  silent.set_kind(v1::BLANK_SPOT_KIND_SILENT);
  CHECK(base::ReasonOf(ListBlankSpots(map.Ask(), silent).status()) ==
        errors::v1::ERROR_REASON_NOT_ALLOWED);
  v1::GetInitiativeBalanceRequest balance;
  balance.set_municipality_code("0615");
  CHECK(base::ReasonOf(GetInitiativeBalance(map.Ask(), balance).status()) ==
        errors::v1::ERROR_REASON_NOT_ALLOWED);
  v1::ListOnePersonDependenciesRequest hangs;
  hangs.set_municipality_code("0615");
  CHECK(base::ReasonOf(ListOnePersonDependencies(map.Ask(), hangs).status()) ==
        errors::v1::ERROR_REASON_NOT_ALLOWED);
  // For a purpose of summaries it is told.
  map.caller = map.As("caseworker", "0615", map.culture, "overview");
  CHECK(map.Spots().silent_count() == 1);
  CHECK(GetInitiativeBalance(map.Ask(), balance).ok());
}

}  // namespace
}  // namespace brobygger::discovery
