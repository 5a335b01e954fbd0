// A source's grant applications, read beside its associations.

#include "core/grants/applications.h"

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/grants/money.h"
#include "core/registry/decide.h"
#include "tests/support/sync_hub.h"

namespace brobygger::sync {
namespace {

using grant::v1::GrantApplication;
using support::ConnectionNamed;
using support::Hub;
using support::kCvr;

v1::Connection WithApplications() {
  v1::Connection connection = ConnectionNamed("tilskud");
  for (const auto& [source, target] :
       std::map<std::string, std::string>{{"ansoeger", "applicant.external_id"},
                                          {"cvr", "applicant.written_cvr"},
                                          {"formaal", "title"},
                                          {"beloeb", "applied"},
                                          {"status", "state"},
                                          {"modtaget", "received_date"}}) {
    auto& mapping = *connection.mutable_applications()->add_mappings();
    mapping.set_source_field(source);
    mapping.set_target(target);
  }
  return connection;
}

struct GrantHub : Hub {
  GrantHub() {
    REQUIRE(Update(WithApplications()).ok());
    source.Tell("1", {{"navn", "Kulturforeningen Fjorden"}, {"cvr", kCvr}});
    for (int i = 0; i < 10; ++i) {
      source.TellApplication("a" + std::to_string(i), {{"ansoeger", "1"},
                                                       {"formaal", "Folkedans"},
                                                       {"beloeb", "1000"},
                                                       {"status", "GRANTED"},
                                                       {"modtaget", "2026-02-01"}});
    }
  }

  std::vector<GrantApplication> Applications(bool gone = false) {
    grant::v1::ListGrantApplicationsRequest request;
    request.set_show_gone(gone);
    request.set_page_size(500);
    const auto listed = grants::ListGrantApplications(*store, request);
    REQUIRE(listed.ok());
    return {listed->applications().begin(), listed->applications().end()};
  }
};

TEST_CASE("applications come in with the associations that apply, in one run") {
  GrantHub hub;
  const auto plan = hub.Plan();
  CHECK(plan.create_count() == 1);
  CHECK(plan.applications().new_count() == 10);
  CHECK(hub.Applications().empty());

  const auto run = hub.Apply(plan);
  CHECK(run.applications().read_count() == 10);
  CHECK(run.applications().new_count() == 10);
  CHECK(run.applications().unresolved_count() == 0);
  const auto applications = hub.Applications();
  REQUIRE(applications.size() == 10);
  CHECK(applications[0].official_name() == "Kulturforeningen Fjorden");
  CHECK(applications[0].applied_ore() == 100'000);
  CHECK(applications[0].run_id() == run.id());

  SECTION("and again nothing is to be done") {
    const auto again = hub.Plan();
    CHECK(again.part_count() == 0);
    CHECK(again.applications().ByteSizeLong() == 0);
    CHECK(hub.engine.ListRuns({})->runs(0).state() == v1::Run::STATE_DONE);
  }
}

TEST_CASE("a change at the source, and nothing else, is brought in") {
  GrantHub hub;
  hub.Sync();
  hub.source.TellApplication("a3", {{"ansoeger", "1"}, {"formaal", "Folkedans og musik"}});
  const auto plan = hub.Plan();
  CHECK(plan.part_count() == 0);
  CHECK(plan.applications().changed_count() == 1);
  CHECK(plan.applications().new_count() == 0);
  const auto run = hub.Apply(plan);
  CHECK(run.applications().changed_count() == 1);
  const auto applications = hub.Applications();
  CHECK(std::count_if(applications.begin(), applications.end(),
                      [](const auto& each) { return each.title() == "Folkedans og musik"; }) == 1);
}

TEST_CASE("an unattended run brings applications in without a person") {
  GrantHub hub;
  hub.Sync();
  hub.source.TellApplication("b1", {{"ansoeger", "1"}, {"formaal", "Madlavning"}});
  const auto run = hub.engine.RunUnattended("tilskud", hub.cancel);
  REQUIRE(run.ok());
  CHECK(run->state() == v1::Run::STATE_DONE);
  CHECK(hub.Applications().size() == 11);
}

TEST_CASE("an application that is gone says so; many at once wait for a person") {
  GrantHub hub;
  hub.Sync();
  hub.source.applications.erase("a1");
  CHECK(hub.Sync().applications().gone_count() == 1);
  CHECK(hub.Applications().size() == 9);
  CHECK(hub.Applications(true).size() == 10);

  for (const char* id : {"a2", "a3", "a4"}) hub.source.applications.erase(id);
  const auto plan = hub.Plan();
  CHECK(plan.verdict() == v1::Plan::VERDICT_DELETIONS_HELD);
  REQUIRE(plan.reasons_size() == 1);
  CHECK(plan.reasons(0).find("3 of 9 grant applications") == 0);
  SECTION("the rest may be applied meanwhile") {
    hub.Apply(plan);
    CHECK(hub.Applications().size() == 9);
    CHECK(hub.Plan().verdict() == v1::Plan::VERDICT_DELETIONS_HELD);
  }
  SECTION("a schedule does not pull the plan away") { CHECK(hub.Plan().id() == plan.id()); }
  SECTION("a person lets them go") {
    CHECK(hub.Apply(plan, true).applications().gone_count() == 3);
    CHECK(hub.Applications().size() == 6);
    CHECK(hub.Plan().applications().ByteSizeLong() == 0);
  }
  SECTION("or they come back") {
    hub.source.TellApplication("a2", {{"ansoeger", "1"}, {"formaal", "Folkedans"}});
    const auto next = hub.Plan();
    CHECK(next.applications().gone_count() == 2);
    CHECK(next.verdict() == v1::Plan::VERDICT_OK);
  }
}

TEST_CASE("a read that did not bring everything concludes nothing from absence") {
  GrantHub hub;
  hub.Sync();
  hub.source.complete = false;
  hub.source.applications.erase("a1");
  CHECK(hub.Plan().applications().gone_count() == 0);
}

TEST_CASE("an application that cannot be used is kept aside, and no other") {
  GrantHub hub;
  hub.source.TellApplication("a5", {{"ansoeger", "1"}, {"beloeb", "mange penge"}});
  hub.source.TellApplication("a6", {{"ansoeger", "1"}, {"formaal", "Aftalt med 010190-1234"}});
  const auto run = hub.Sync();
  CHECK(run.applications().new_count() == 8);
  CHECK(run.applications().rejected_count() == 2);
  CHECK(hub.Applications().size() == 8);
  v1::ListRejectedRecordsRequest request;
  request.set_connection_id("tilskud");
  const auto rejected = hub.engine.ListRejectedRecords(request);
  REQUIRE(rejected.ok());
  REQUIRE(rejected->records_size() == 2);

  SECTION("until it is mended at the source") {
    hub.source.TellApplication("a5", {{"ansoeger", "1"}, {"beloeb", "500"}});
    hub.source.TellApplication("a6", {{"ansoeger", "1"}, {"formaal", "Aftalt"}});
    hub.Sync();
    CHECK(hub.Applications().size() == 10);
    CHECK(hub.engine.ListRejectedRecords(request)->records().empty());
  }
}

TEST_CASE("a change of the mapping reaches the applications that are there") {
  GrantHub hub;
  hub.Sync();
  v1::Connection connection = WithApplications();
  for (auto& mapping : *connection.mutable_applications()->mutable_mappings()) {
    if (mapping.target() == "state") (*mapping.mutable_values())["GRANTED"] = "PAID";
  }
  REQUIRE(hub.Update(connection).ok());
  hub.source.applications.erase("a9");
  CHECK(hub.Plan().applications().changed_count() == 9);
  hub.Sync();
  CHECK(hub.Applications().at(0).state() == grant::v1::GRANT_STATE_PAID);

  SECTION("but does not bring back one that is gone") {
    connection.mutable_applications()->mutable_mappings()->DeleteSubrange(0, 1);
    REQUIRE(hub.Update(connection).ok());
    hub.Sync();
    CHECK(hub.Applications().size() == 9);
  }
}

TEST_CASE("a change of mappings does not bring back an association the source no longer has") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  hub.source.records.erase("r3");
  hub.Sync();
  REQUIRE(hub.Associations().size() == 9);
  v1::Connection connection = ConnectionNamed("tilskud");
  connection.mutable_mappings()->DeleteSubrange(3, 1);  // the telephone number's
  REQUIRE(hub.Update(connection).ok());
  hub.Sync();
  CHECK(hub.Associations().size() == 9);
}

TEST_CASE("merging two applicants puts their applications on one page, and undoing parts them") {
  GrantHub hub;
  hub.source.Tell("2", {{"navn", "Sangkoret Havnen"}});
  hub.source.TellApplication("b1", {{"ansoeger", "2"}, {"formaal", "Korsang"}});
  hub.Sync();
  const auto associations = hub.Associations();
  REQUIRE(associations.size() == 2);
  const auto count = [&](const std::string& id) {
    const auto money = grants::GetAssociationMoney(**hub.store->Latest(), id);
    REQUIRE(money.ok());
    return money->applications_size();
  };
  identity::v1::DecideRequest request;
  request.set_kind(identity::v1::Decision::KIND_SAME);
  request.set_from_association_id(associations[1].id());
  request.set_to_association_id(associations[0].id());
  std::string decision_id;
  REQUIRE(hub.store
              ->Write("operator",
                      [&](storage::Transaction& transaction) -> absl::Status {
                        auto done =
                            registry::Decide(transaction, hub.identity, request, "operator");
                        if (!done.ok()) return done.status();
                        decision_id = done->decision().id();
                        return absl::OkStatus();
                      })
              .ok());
  CHECK(count(associations[0].id()) == 11);
  CHECK(count(associations[1].id()) == 11);

  identity::v1::UndoDecisionRequest undo;
  undo.set_decision_id(decision_id);
  REQUIRE(
      hub.store
          ->Write(
              "operator",
              [&](storage::Transaction& transaction) {
                return registry::UndoDecision(transaction, hub.identity, undo, "operator").status();
              })
          .ok());
  CHECK(count(associations[0].id()) + count(associations[1].id()) == 11);
}

}  // namespace
}  // namespace brobygger::sync
