// What premises associations need and have, and that nobody has a place twice.
#include "core/grants/premises.h"

#include "core/registry/joining.h"
#include "core/registry/records.h"
#include "tests/core/grants/municipality.h"

namespace brobygger::grants {
namespace {

using grant::v1::PremisesNeedState;

constexpr auto kByItself = registry::v1::PERSPECTIVE_ASSOCIATION;

struct Town : Municipality {
  std::string department = Department("0615");
  std::string association = Associate("Lanternen");

  std::string Department(const std::string& code) {
    registry::v1::Department wanted;
    wanted.set_municipality_code(code);
    wanted.set_official_name("Kultur og Fritid");
    const auto made = Write([&](storage::Transaction& transaction) {
      return registry::CreateDepartment(transaction, wanted, "operator");
    });
    REQUIRE(made.ok());
    return made->id();
  }

  absl::StatusOr<PremisesNeed> State(const PremisesNeed& need) {
    return Write(
        [&](storage::Transaction& transaction) { return StateNeed(transaction, need, kByItself); });
  }

  absl::StatusOr<PremisesNeed> Settle(const std::string& id, PremisesNeedState state) {
    grant::v1::SettlePremisesNeedRequest request;
    request.set_premises_need_id(id);
    request.set_state(state);
    return Write(
        [&](storage::Transaction& transaction) { return SettleNeed(transaction, request); });
  }

  absl::StatusOr<PremisesAllocation> Give(const PremisesAllocation& wanted) {
    return Write([&](storage::Transaction& transaction) { return Allocate(transaction, wanted); });
  }

  absl::StatusOr<PremisesAllocation> GiveBack(const std::string& id,
                                              const std::string& day,
                                              const std::string& etag = "") {
    grant::v1::ReleasePremisesRequest request;
    request.set_premises_id(id);
    request.set_release_date(day);
    request.set_etag(etag);
    return Write([&](storage::Transaction& transaction) { return Release(transaction, request); });
  }

  std::vector<PremisesNeed> Needs(const std::string& of = "", bool settled = false) {
    grant::v1::ListPremisesNeedsRequest request;
    request.set_association_id(of);
    request.set_show_settled(settled);
    const auto page = ListNeeds(*store, request);
    REQUIRE(page.ok());
    return {page->needs().begin(), page->needs().end()};
  }

  std::vector<PremisesAllocation> Places(const std::string& of = "",
                                         const std::string& today = "2026-11-27") {
    grant::v1::ListPremisesRequest request;
    request.set_association_id(of);
    request.set_page_size(2);
    std::vector<PremisesAllocation> all;
    do {
      const auto page = ListPremises(*store, request, today);
      REQUIRE(page.ok());
      all.insert(all.end(), page->premises().begin(), page->premises().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  PremisesNeed Needing() const {
    PremisesNeed need;
    need.set_association_id(association);
    need.set_title("Lektiecafé");
    need.set_seats(15);
    return need;
  }

  PremisesAllocation Thursdays(const std::string& from = "18:00", const std::string& to = "20:00") {
    PremisesAllocation wanted;
    wanted.set_association_id(association);
    wanted.set_department_id(department);
    wanted.set_place("Kulturhuset, sal 2");
    wanted.mutable_slot()->set_weekday(grant::v1::WEEKDAY_THURSDAY);
    wanted.mutable_slot()->set_from_time(from);
    wanted.mutable_slot()->set_to_time(to);
    wanted.mutable_season()->set_from_date("2027-01-01");
    wanted.mutable_season()->set_to_date("2027-07-01");
    return wanted;
  }
};

}  // namespace

TEST_CASE("two clash at one place, on one day, at one time, in one season") {
  Town town;
  const PremisesAllocation one = town.Thursdays();
  const auto clashes = [&](const auto& edit) {
    PremisesAllocation other = one;
    edit(other);
    CHECK(Clash(one, other) == Clash(other, one));
    return Clash(one, other);
  };
  CHECK(clashes([](auto&) {}));
  CHECK(clashes([](auto& other) { other.set_place("KULTURHUSET - Sal 2"); }));
  CHECK_FALSE(clashes([](auto& other) { other.set_place("Kulturhuset, sal 1"); }));
  CHECK_FALSE(
      clashes([](auto& other) { other.mutable_slot()->set_weekday(grant::v1::WEEKDAY_FRIDAY); }));
  CHECK_FALSE(clashes([](auto& other) {
    other.mutable_slot()->set_from_time("20:00");
    other.mutable_slot()->set_to_time("22:00");
  }));
  CHECK(clashes([](auto& other) {
    other.mutable_slot()->set_from_time("19:59");
    other.mutable_slot()->set_to_time("22:00");
  }));
  CHECK_FALSE(clashes([](auto& other) {
    other.mutable_season()->set_from_date("2027-07-01");
    other.mutable_season()->set_to_date("2027-12-01");
  }));
  // What was given back before it began.
  CHECK_FALSE(clashes([](auto& other) { other.mutable_season()->set_to_date("2027-01-01"); }));
}

TEST_CASE("a place that somebody has is refused, and told by whom and until when") {
  Town town;
  const auto first = town.Give(town.Thursdays());
  INFO(first.status());
  REQUIRE(first.ok());
  CHECK(first->official_name() == "Lanternen");
  CHECK(first->department_name() == "Kultur og Fritid");
  PremisesAllocation second = town.Thursdays("19.00", "21.00");
  second.set_association_id(town.Associate("Fyrtårnet"));
  const auto refused = town.Give(second);
  CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_ALREADY_EXISTS);
  CHECK(base::ErrorMetadata(refused.status(), "premises_id") == first->id());
  CHECK(base::ErrorMetadata(refused.status(), "until") == "2027-07-01");
  const std::string said(refused.status().message());
  CHECK(said.find("Thursdays 18:00-20:00") != std::string::npos);
  CHECK(said.find("Lanternen") != std::string::npos);
  CHECK(town.Places().size() == 1);

  // A place of the same name in another town is another place.
  second.set_department_id(town.Department("0751"));
  CHECK(town.Give(second).ok());
}

TEST_CASE("what is given back is free from that day, and stays on record") {
  Town town;
  const auto first = town.Give(town.Thursdays());
  REQUIRE(first.ok());
  CHECK_FALSE(town.GiveBack(first->id(), "2026-12-31").ok());
  CHECK_FALSE(town.GiveBack(first->id(), "2027-07-01").ok());
  CHECK(base::ReasonOf(town.GiveBack("nothing", "").status()) ==
        errors::v1::ERROR_REASON_PREMISES_NOT_FOUND);
  CHECK(base::ReasonOf(town.GiveBack(first->id(), "2027-03-01", "r0").status()) ==
        errors::v1::ERROR_REASON_ETAG_MISMATCH);
  const auto back = town.GiveBack(first->id().substr(0, 8), "2027-03-01", first->etag());
  REQUIRE(back.ok());
  CHECK(back->released_date() == "2027-03-01");
  CHECK(back->season().to_date() == "2027-03-01");
  CHECK_FALSE(town.Give(town.Thursdays()).ok());
  PremisesAllocation later = town.Thursdays();
  later.mutable_season()->set_from_date("2027-03-01");
  CHECK(town.Give(later).ok());
  CHECK(town.Places().size() == 2);
  CHECK(town.Places("", "2027-04-01").size() == 1);
}

TEST_CASE("an allocation is refused by what is wrong with it") {
  Town town;
  const auto refused = [&](const auto& edit) {
    PremisesAllocation wanted = town.Thursdays();
    edit(wanted);
    return !town.Give(wanted).ok();
  };
  CHECK(refused([](auto& wanted) { wanted.clear_place(); }));
  CHECK(refused([](auto& wanted) { wanted.set_place("---"); }));
  CHECK(refused([](auto& wanted) { wanted.clear_season(); }));
  CHECK(refused([](auto& wanted) { wanted.mutable_season()->set_to_date("2026-12-31"); }));
  CHECK(refused([](auto& wanted) { wanted.mutable_season()->set_to_date("2027-01-01"); }));
  CHECK(refused([](auto& wanted) { wanted.mutable_slot()->clear_weekday(); }));
  CHECK(refused([](auto& wanted) { wanted.mutable_slot()->set_to_time("18:00"); }));
  CHECK(refused([](auto& wanted) { wanted.mutable_slot()->set_to_time("25:00"); }));
  CHECK(refused([](auto& wanted) { wanted.mutable_slot()->set_from_time("24:00"); }));
  CHECK(refused([](auto& wanted) { wanted.mutable_slot()->set_from_time("six"); }));
  CHECK(refused([](auto& wanted) { wanted.set_department_id("nobody"); }));
  CHECK(refused([](auto& wanted) { wanted.set_association_id("nobody"); }));
  CHECK(refused([](auto& wanted) { wanted.set_premises_need_id("nothing"); }));
  CHECK_FALSE(refused([](auto& wanted) {
    wanted.mutable_slot()->set_from_time("9.30");
    wanted.mutable_slot()->set_to_time("24");
  }));
  CHECK(town.Places()[0].slot().from_time() == "09:30");
  CHECK(town.Places()[0].slot().to_time() == "24:00");
}

TEST_CASE("a need is stated, changed, met by an allocation, and listed while it is open") {
  Town town;
  const auto stated = town.State(town.Needing());
  INFO(stated.status());
  REQUIRE(stated.ok());
  CHECK(stated->stated_by() == kByItself);
  CHECK(stated->state() == grant::v1::PREMISES_NEED_STATE_OPEN);
  PremisesNeed changed = *stated;
  changed.set_seats(20);
  const auto second = town.State(changed);
  REQUIRE(second.ok());
  CHECK(second->id() == stated->id());
  CHECK(base::ReasonOf(town.State(changed).status()) == errors::v1::ERROR_REASON_ETAG_MISMATCH);
  CHECK(town.Needs().size() == 1);

  PremisesAllocation answer = town.Thursdays();
  answer.set_premises_need_id(stated->id().substr(0, 8));
  answer.set_association_id(town.Associate("Fyrtårnet"));
  CHECK_FALSE(town.Give(answer).ok());
  answer.set_association_id(town.association);
  const auto given = town.Give(answer);
  REQUIRE(given.ok());
  CHECK(given->premises_need_id() == stated->id());
  CHECK(town.Needs().empty());
  CHECK(town.Needs("", true)[0].state() == grant::v1::PREMISES_NEED_STATE_MET);
  REQUIRE(town.Settle(stated->id(), grant::v1::PREMISES_NEED_STATE_OPEN).ok());
  CHECK(town.Needs().size() == 1);
  CHECK_FALSE(town.Settle("nothing", grant::v1::PREMISES_NEED_STATE_MET).ok());
}

TEST_CASE("a need is refused by what is wrong with it") {
  Town town;
  const auto refused = [&](const auto& edit) {
    PremisesNeed need = town.Needing();
    edit(need);
    return !town.State(need).ok();
  };
  CHECK(refused([](auto& need) { need.clear_title(); }));
  CHECK(refused([](auto& need) { need.set_title("Til muslimer"); }));
  CHECK(refused([](auto& need) { need.set_note("Ring til 010190-1234"); }));
  CHECK(refused([](auto& need) { need.set_seats(0); }));
  CHECK(refused([](auto& need) { need.add_slots(); }));
  CHECK(refused([](auto& need) { need.set_id("nothing"); }));
  CHECK(refused([](auto& need) {
    need.mutable_valid()->set_from_date("2027-02-01");
    need.mutable_valid()->set_to_date("2027-01-01");
  }));
  CHECK_FALSE(refused([](auto&) {}));
}

TEST_CASE("needs and allocations outlive a merge and its undoing") {
  Town town;
  const std::string other = town.Associate("Lanternen Fjordby");
  REQUIRE(town.State(town.Needing()).ok());
  REQUIRE(town.Give(town.Thursdays()).ok());
  const auto merge = town.Write([&](storage::Transaction& transaction) {
    const auto left = registry::GetAssociation(transaction, town.association);
    const auto right = registry::GetAssociation(transaction, other);
    return registry::JoinAssociations(transaction, *left, *right, "d1", "operator");
  });
  REQUIRE(merge.ok());
  for (const std::string& id : {town.association, other}) {
    REQUIRE(town.Needs(id).size() == 1);
    REQUIRE(town.Places(id).size() == 1);
    CHECK(town.Places(id)[0].association_id() == merge->record().survivor_association_id());
  }
  PremisesNeed changed = town.Needs(other)[0];
  changed.set_seats(3);
  REQUIRE(town.State(changed).ok());
  REQUIRE(town.Write([&](storage::Transaction& transaction) {
                return registry::UndoJoin(transaction, *merge);
              })
              .ok());
  CHECK(town.Needs(town.association).size() == 1);
  CHECK(town.Needs(other).empty());
  CHECK(town.Places(other).empty());
}

}  // namespace brobygger::grants
