// Fields that go to and fro between two values.

#include "tests/core/sync/two_way_hub.h"

namespace brobygger::sync {
namespace {

void TellPhone(TwoWayHub& hub, const std::string& phone) {
  auto& value = (*hub.source.records.at("1").mutable_fields())["tlf"];
  value.set_text(phone);
  hub.source.Touch("1");
}

TEST_CASE("a field that goes to and fro more than three times a day waits for a person") {
  TwoWayHub hub;
  hub.Agreed("11111111");
  for (const char* phone : {"22222222", "11111111", "22222222"}) {
    TellPhone(hub, phone);
    CHECK(hub.Sync().updated_count() == 1);
  }
  TellPhone(hub, "11111111");
  const auto plan = hub.Plan();
  CHECK(plan.conflict_count() == 1);
  CHECK(plan.update_count() == 0);
  hub.Apply(plan);
  const auto conflicts = hub.engine.ListConflicts({});
  REQUIRE(conflicts.ok());
  REQUIRE(conflicts->conflicts_size() == 1);
  CHECK(conflicts->conflicts(0).kind() == v1::Conflict::KIND_FORMAT_FIGHT);
  CHECK(hub.Associations().at(0).phones(0) == "+4522222222");

  SECTION("other fields go on meanwhile") {
    (*hub.source.records.at("1").mutable_fields())["formaal"].set_text("At danse");
    CHECK(hub.Sync().updated_count() == 1);
  }
  SECTION("and a third value is no turn of the fight, but the conflict is still open") {
    TellPhone(hub, "33333333");
    CHECK(hub.Plan().update_count() == 0);
  }
  SECTION("until a person has chosen") {
    v1::ResolveConflictRequest request;
    request.set_conflict_id(conflicts->conflicts(0).conflict_id());
    request.set_choice(v1::ResolveConflictRequest::CHOICE_REGISTRY);
    REQUIRE(hub.store
                ->Write("operator",
                        [&](storage::Transaction& transaction) {
                          return ResolveConflict(transaction, request, "operator").status();
                        })
                .ok());
    hub.Sync();
    CHECK(hub.source.Text("1", "tlf") == "22222222");
    CHECK(hub.engine.ListConflicts({})->conflicts().empty());
  }
}

TEST_CASE("a field that gets ever new values is no fight") {
  TwoWayHub hub;
  hub.Agreed("11111111");
  for (const char* phone : {"22222222", "33333333", "44444444", "22222222", "11111111"}) {
    TellPhone(hub, phone);
    CHECK(hub.Sync().updated_count() == 1);
  }
}

}  // namespace
}  // namespace brobygger::sync
