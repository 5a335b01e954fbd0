// The runs by which the registry tells a source what has changed, between its readings.
#include "core/sync/outbound_follower.h"
#include "core/sync/runs.h"
#include "tests/core/sync/two_way_hub.h"

namespace brobygger::sync {
namespace {

// Two associations that both sides have, and all is agreed.
void AgreeOnTwo(TwoWayHub& hub) {
  hub.source.Tell("1", TwoWayHub::Row("Kulturforeningen Fjorden", "11111111", ""));
  hub.source.Tell("2", TwoWayHub::Row("Sprogcafeen Ved Havnen", "12121212", "At tale sammen"));
  hub.Sync();
  REQUIRE(hub.Plan().part_count() == 0);
}

TEST_CASE("what the registry writes in between does not put off the next reading") {
  v1::Connection connection = Writable();
  connection.mutable_every()->set_seconds(600);
  TwoWayHub hub(connection);
  AgreeOnTwo(hub);
  const auto reading = NewestRun(**hub.store->Latest(), "tilskud", /*reading=*/true);
  REQUIRE((reading.ok() && *reading));
  hub.EditPhone("22222222");
  hub.Outbound();
  REQUIRE(hub.source.written > 2);
  const auto due = hub.engine.DueConnections(base::ToInstant((*reading)->start_time()) +
                                             std::chrono::seconds(600));
  REQUIRE(due.ok());
  CHECK(*due == std::vector<std::string>{"tilskud"});
}

TEST_CASE("what the registry writes in between does not hide a plan that waits for a person") {
  TwoWayHub hub;
  AgreeOnTwo(hub);
  for (Association next : hub.Associations()) {
    if (next.official_name() != "Sprogcafeen Ved Havnen") continue;
    hub.EditAtSource("formaal", "At lave mad sammen");
    const auto plan = hub.Plan();
    next.clear_phones();
    next.add_phones("22222222");
    hub.Edit(next, "phones");
    hub.Outbound();
    CHECK(hub.source.Text("2", "tlf") == "22222222");
    const auto listed = hub.engine.ListConnections("tilskud");
    REQUIRE(listed.ok());
    CHECK(listed->statuses(0).waiting_plan_id() == plan.id());
    CHECK(hub.Apply(plan).updated_count() == 1);
  }
}

TEST_CASE("none is made at the source while a record told there has not found its association") {
  v1::Connection connection = Writable();
  connection.set_creates(true);
  TwoWayHub hub(connection);
  hub.Agreed();
  auto row = TwoWayHub::Row("Sprogcafeen Ved Havnen", "", "");
  row["cvr"] = kCvr;
  hub.source.Tell("2", row);
  hub.Plan();
  registry::v1::Association wanted;
  wanted.set_official_name("Sprogcafeen Ved Havnen");
  wanted.set_municipality_code("0615");
  wanted.add_identifiers()->set_scheme("DK-CVR");
  wanted.mutable_identifiers(0)->set_value(kCvr);
  REQUIRE(
      hub.store
          ->Write("operator",
                  [&](storage::Transaction& transaction) {
                    return registry::CreateAssociation(transaction, wanted, "operator").status();
                  })
          .ok());
  hub.Outbound();
  CHECK(hub.source.records.size() == 2);
  hub.Sync();
  CHECK(hub.source.records.size() == 2);
  CHECK(hub.Associations().size() == 2);
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("one record that breaks a rule of a new mapping holds up no other") {
  TwoWayHub hub;
  AgreeOnTwo(hub);
  v1::Connection stricter = Writable();
  for (auto& mapping : *stricter.mutable_mappings()) {
    if (mapping.source_field() != "formaal") continue;
    mapping.set_target("founded_date");
    mapping.set_policy(Policy::POLICY_LOCAL);
  }
  REQUIRE(hub.Update(stricter).ok());
  hub.Sync("tilskud", true);
  for (Association next : hub.Associations()) {
    next.clear_phones();
    next.add_phones(next.official_name() == "Sprogcafeen Ved Havnen" ? "22222222" : "23232323");
    hub.Edit(next, "phones");
  }
  hub.Outbound();
  CHECK(hub.source.Text("1", "tlf") == "23232323");
  CHECK(hub.source.Text("2", "tlf") == "12121212");
  const auto aside = ListRejectedRecords(**hub.store->Latest(), {});
  REQUIRE(aside.ok());
  REQUIRE(aside->records_size() == 1);
  CHECK(aside->records(0).external_id() == "2");
}

TEST_CASE("the registry's changes reach the source by themselves") {
  TwoWayHub hub;
  feed::Feed feed(*hub.store);
  hub.Agreed();
  OutboundFollower follower(hub.engine, *hub.store, feed, base::SystemClock());
  hub.EditPhone("22222222");
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  // The source belongs to the follower's thread now: only the store is asked.
  bool over = false;
  while (!over && std::chrono::steady_clock::now() < end) {
    v1::ListRunsRequest request;
    const auto runs = ListRuns(**hub.store->Latest(), request);
    REQUIRE(runs.ok());
    for (const auto& run : runs->runs()) {
      over = over || (run.actor() == "registry" && run.state() == v1::Run::STATE_DONE &&
                      run.source_updated_count() == 1);
    }
  }
  CHECK(over);
}

}  // namespace
}  // namespace brobygger::sync
