#include "core/sync/engine.h"

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "tests/support/sync_hub.h"

namespace brobygger::sync {
namespace {

using support::Association;
using support::ConnectionNamed;
using support::Hub;
using support::kCvr;
using support::SourcesOf;

TEST_CASE("the first sync plans, waits for a person, and applies what was planned") {
  Hub hub;
  hub.source.Tell("1", {{"navn", "Kulturforeningen Fjorden"}, {"cvr", kCvr}});
  hub.source.Tell("2", {{"navn", "Sprogcaféen"}});

  const auto plan = hub.Plan();
  CHECK(plan.first_sync());
  CHECK(plan.create_count() == 2);
  CHECK(hub.Associations().empty());

  const auto run = hub.Apply(plan);
  CHECK(run.state() == v1::Run::STATE_DONE);
  CHECK(run.created_count() == 2);
  CHECK(hub.Associations().size() == 2);
  CHECK(hub.source.committed > 0);
}

TEST_CASE("a second run plans nothing") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  const auto plan = hub.Plan();
  CHECK(plan.part_count() == 0);
  CHECK(plan.verdict() == v1::Plan::VERDICT_OK);
}

TEST_CASE("a plan is applied once") {
  Hub hub;
  hub.TellTen();
  const auto plan = hub.Plan();
  hub.Apply(plan);
  v1::ApplyPlanRequest again;
  again.set_plan_id(plan.id());
  const auto refused = hub.engine.ApplyPlan(again, "operator", nullptr, hub.cancel);
  CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_PLAN_STALE);
}

TEST_CASE("an older plan gives way to a newer one, but planning the same again keeps it") {
  Hub hub;
  hub.TellTen();
  const auto first = hub.Plan();
  CHECK(hub.Plan().id() == first.id());
  hub.source.Tell("r3", {{"navn", "Et nyt navn"}});
  const auto second = hub.Plan();
  CHECK(second.id() != first.id());
  v1::ApplyPlanRequest old;
  old.set_plan_id(first.id());
  CHECK(base::ReasonOf(hub.engine.ApplyPlan(old, "operator", nullptr, hub.cancel).status()) ==
        errors::v1::ERROR_REASON_PLAN_STALE);
  CHECK(hub.Apply(second).created_count() == 10);
}

TEST_CASE("two sources that give the same CVR number are one association, and both are named") {
  Hub hub;
  hub.source.Tell("1", {{"navn", "Kulturforeningen Fjorden"}, {"cvr", kCvr}});
  hub.Sync("tilskud");
  hub.source.records.clear();
  hub.source.Tell("f7", {{"navn", "Fjordens Kulturforening"},
                         {"cvr", "DK-" + std::string(kCvr)},
                         {"formaal", "At samle folk"}});
  hub.Sync("frivillig");

  const auto all = hub.Associations();
  REQUIRE(all.size() == 1);
  CHECK(all[0].official_name() == "Kulturforeningen Fjorden");
  CHECK(all[0].purpose().by_language().at("da") == "At samle folk");
  CHECK(SourcesOf(all[0], "identifiers.DK-CVR") ==
        std::vector<std::string>{"frivillig", "tilskud"});
  CHECK(SourcesOf(all[0], "official_name") == std::vector<std::string>{"tilskud"});
  CHECK(SourcesOf(all[0], "purpose.da") == std::vector<std::string>{"frivillig"});
  for (const auto& statement : all[0].provenance()) {
    if (statement.connection_id() == "frivillig") {
      CHECK(statement.other_values().at("official_name") == "Fjordens Kulturforening");
    }
  }
  CHECK(hub.Plan("frivillig").part_count() == 0);
}

TEST_CASE("two new records of one source with one CVR number become one association") {
  Hub hub;
  hub.source.Tell("1", {{"navn", "Kulturforeningen"}, {"cvr", kCvr}});
  hub.source.Tell("2", {{"navn", "Kulturforeningen"}, {"cvr", kCvr}, {"tlf", "12345678"}});
  const auto plan = hub.Plan();
  CHECK(plan.create_count() == 1);
  CHECK(plan.update_count() == 1);
  hub.Apply(plan);
  REQUIRE(hub.Associations().size() == 1);
  CHECK(hub.Associations()[0].phones_size() == 1);
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a change at the source changes the association and nothing else") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  hub.source.Tell("r3", {{"navn", "Et nyt navn"}});
  const auto plan = hub.Plan();
  CHECK(plan.update_count() == 1);
  const auto run = hub.Apply(plan);
  CHECK(run.updated_count() == 1);
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a field's owner decides nothing about an association it has never spoken of") {
  Hub hub;
  auto owner = hub.engine.ListConnections("frivillig")->connections(0);
  owner.add_owned_paths("purpose.da");
  REQUIRE(hub.Update(owner).ok());
  hub.source.Tell("1", {{"navn", "Foreningen"}, {"formaal", "gammelt"}});
  hub.Sync("tilskud");

  hub.source.Tell("1", {{"navn", "Foreningen"}, {"formaal", "nyt"}});
  hub.Sync("tilskud");

  CHECK(hub.Associations()[0].purpose().by_language().at("da") == "nyt");
}

TEST_CASE("a person's edit survives the source, and a clash asks a person") {
  Hub hub;
  hub.source.Tell("1", {{"navn", "Foreningen"}, {"formaal", "gammelt"}});
  hub.Sync();
  Association edited = hub.Associations()[0];
  (*edited.mutable_purpose()->mutable_by_language())["da"] = "rettet her";
  hub.Edit(edited, "purpose");

  hub.source.Tell("1", {{"navn", "Foreningen med nyt navn"}, {"formaal", "gammelt"}});
  hub.Sync();
  CHECK(hub.Associations()[0].official_name() == "Foreningen med nyt navn");
  CHECK(hub.Associations()[0].purpose().by_language().at("da") == "rettet her");

  hub.source.Tell("1", {{"navn", "Foreningen igen"}, {"formaal", "rettet der"}});
  const auto run = hub.Sync();
  CHECK(run.conflict_count() == 1);
  CHECK(hub.Associations()[0].official_name() == "Foreningen igen");
  CHECK(hub.Associations()[0].purpose().by_language().at("da") == "rettet her");
  CHECK(hub.engine.ListConflicts({})->conflicts_size() == 1);
  CHECK(hub.Plan().part_count() == 0);

  edited = hub.Associations()[0];
  (*edited.mutable_purpose()->mutable_by_language())["da"] = "rettet der";
  hub.Edit(edited, "purpose");
  CHECK(hub.Plan().part_count() == 0);
  CHECK(hub.engine.ListConflicts({})->conflicts().empty());
}

TEST_CASE("a plugin that dies in the middle resumes from its last checkpoint") {
  Hub hub;
  hub.TellTen();
  hub.source.dies_after_records = GENERATE(0, 1, 2, 5, 9);
  const auto run = hub.Sync();
  CHECK(run.created_count() == 10);
  CHECK(hub.source.opens == 2);
  CHECK(hub.source.records_sent <= 11);
  CHECK(hub.Associations().size() == 10);
}

TEST_CASE("records that cannot be used are kept aside and the rest goes on") {
  Hub hub;
  hub.TellTen();
  hub.source.malformed_rows = 2;
  hub.source.Tell("bad-cvr", {{"navn", "Forkert"}, {"cvr", "99000008"}});
  hub.source.records["bad-cvr"].set_place("foreninger.csv:17");
  hub.source.Tell("cpr", {{"navn", "Forening"}, {"formaal", "ring til 010190-1234"}});
  const auto run = hub.Sync();
  CHECK(run.created_count() == 10);
  CHECK(run.rejected_count() == 4);
  const auto rejected = hub.engine.ListRejectedRecords({});
  REQUIRE(rejected->records_size() == 4);
  for (const auto& one : rejected->records()) {
    CHECK_FALSE(one.code().empty());
    CHECK_FALSE(one.place().empty());
    if (one.external_id() == "bad-cvr") CHECK(one.place() == "foreninger.csv:17");
  }

  // Mended at the source: nothing is kept aside any more.
  hub.source.malformed_rows = 0;
  hub.source.records.erase("cpr");
  hub.source.Tell("bad-cvr", {{"navn", "Forkert"}, {"cvr", kCvr}});
  CHECK(hub.Sync().created_count() == 1);
  const auto aside = hub.engine.ListRejectedRecords({});
  CAPTURE(aside->ShortDebugString());
  CHECK(aside->records().empty());
}

TEST_CASE("what is kept aside holds nothing that looks like a CPR number") {
  Hub hub;
  hub.source.malformed_rows = 1;
  hub.source.malformed_id = "010190-1234";
  hub.source.Tell("long 010190-1234 " + std::string(200, 'x'), {{"navn", "Forening"}});
  hub.source.Tell("bad-cvr", {{"navn", "Forkert"}, {"cvr", "99000008"}});
  hub.source.records["bad-cvr"].set_place("010190-1234.csv:17");
  hub.Plan();
  const auto rejected = hub.engine.ListRejectedRecords({});
  REQUIRE(rejected->records_size() == 3);
  const std::string told = rejected->ShortDebugString();
  CAPTURE(told);
  CHECK(told.find("010190") == std::string::npos);
}

TEST_CASE("unattended runs apply what is harmless and leave the rest to a person") {
  Hub hub;
  hub.TellTen();
  auto first = hub.engine.RunUnattended("tilskud", hub.cancel);
  REQUIRE(first.ok());
  CHECK(first->state() == v1::Run::STATE_WAITING);
  CHECK(hub.Associations().empty());
  hub.Sync();

  hub.source.Tell("r3", {{"navn", "Et nyt navn"}});
  auto second = hub.engine.RunUnattended("tilskud", hub.cancel);
  REQUIRE(second.ok());
  CHECK(second->updated_count() == 1);

  hub.source.records.erase("r4");
  auto third = hub.engine.RunUnattended("tilskud", hub.cancel);
  CHECK(third->state() == v1::Run::STATE_WAITING);
  CHECK(hub.Associations().size() == 10);
}

TEST_CASE("a failed run says why and loses nothing") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  hub.source.open_error =
      base::MakeError(errors::v1::ERROR_REASON_SOURCE_REFUSED, "the key has expired");
  const auto plan = hub.engine.PlanSync("tilskud", "operator", nullptr, hub.cancel);
  CHECK(base::ReasonOf(plan.status()) == errors::v1::ERROR_REASON_SOURCE_REFUSED);
  const auto runs = hub.engine.ListRuns({});
  CHECK(runs->runs(0).state() == v1::Run::STATE_FAILED);
  CHECK(runs->runs(0).diagnostics(0).text().at("en") == "the key has expired");
  CHECK(hub.Associations().size() == 10);
}

TEST_CASE("new mappings bring in what was told before") {
  Hub hub;
  auto connection = hub.engine.ListConnections("tilskud")->connections(0);
  auto narrow = connection;
  narrow.mutable_mappings()->Clear();
  *narrow.add_mappings() = connection.mappings(2);
  REQUIRE(narrow.mappings(0).target() == "official_name");
  REQUIRE(hub.Update(narrow).ok());
  hub.source.Tell("1", {{"navn", "Foreningen"}, {"formaal", "At samle folk"}});
  hub.Sync();
  CHECK(hub.source.wanted_fields == std::vector<std::string>{"navn"});
  CHECK_FALSE(hub.Associations()[0].has_purpose());

  connection.clear_etag();
  REQUIRE(hub.Update(connection).ok());
  CHECK(hub.Sync("tilskud", true).updated_count() == 1);
  CHECK(hub.Associations()[0].purpose().by_language().at("da") == "At samle folk");
}

TEST_CASE("looking again by older settings does not take the place of looking by the newest") {
  Hub hub;
  hub.source.Tell("1", {{"navn", "Foreningen"}});
  hub.Sync();
  const auto older = hub.engine.ListConnections("tilskud")->connections(0);
  auto newest = older;
  newest.add_owned_paths("purpose.da");
  REQUIRE(hub.Update(newest).ok());
  newest = hub.engine.ListConnections("tilskud")->connections(0);
  // How many records wait after looking again; then none does.
  const auto waiting_after = [&](const v1::Connection& connection) {
    REQUIRE(LookAgainIfChanged(*hub.store, connection).ok());
    const auto count = hub.engine.ListConnections("tilskud")->statuses(0).pending_records();
    const auto settled = hub.store->Write("tester", [&](storage::Transaction& transaction) {
      return transaction.Remove(storage::Kind::kPending, StreamOf(older).For("1"));
    });
    REQUIRE(settled.ok());
    return count;
  };
  CHECK(waiting_after(older) == 1);
  CHECK(waiting_after(newest) == 1);
  CHECK(waiting_after(newest) == 0);
}

TEST_CASE("connections are checked when they are made") {
  Hub hub;
  auto wrong = ConnectionNamed("Stort Bogstav");
  CHECK(base::ReasonOf(hub.Create(wrong)) == errors::v1::ERROR_REASON_CONNECTION_INVALID);
  auto secret = ConnectionNamed("hemmelig");
  (*secret.mutable_secret_references())["password"] = "hunter2";
  const auto refused = hub.Create(secret);
  CHECK(base::ReasonOf(refused) == errors::v1::ERROR_REASON_CONNECTION_INVALID);
  CHECK(std::string(refused.message()).find("hunter2") == std::string::npos);
  CHECK(base::ReasonOf(hub.Create(ConnectionNamed("tilskud"))) ==
        errors::v1::ERROR_REASON_ALREADY_EXISTS);
  CHECK(base::ReasonOf(hub.engine.PlanSync("nobody", "operator", nullptr, hub.cancel).status()) ==
        errors::v1::ERROR_REASON_CONNECTION_NOT_FOUND);
}

TEST_CASE("a disabled connection does not run") {
  Hub hub;
  auto connection = hub.engine.ListConnections("tilskud")->connections(0);
  connection.set_disabled(true);
  REQUIRE(hub.Update(connection).ok());
  CHECK(base::ReasonOf(hub.engine.PlanSync("tilskud", "operator", nullptr, hub.cancel).status()) ==
        errors::v1::ERROR_REASON_CONNECTION_DISABLED);
}

TEST_CASE("epochs grow, one a start") {
  Hub hub;
  CHECK(*NextEpoch(*hub.store, base::ConnectionId("tilskud")) == 1);
  CHECK(*NextEpoch(*hub.store, base::ConnectionId("tilskud")) == 2);
  CHECK(*NextEpoch(*hub.store, base::ConnectionId("frivillig")) == 1);
}

}  // namespace
}  // namespace brobygger::sync
