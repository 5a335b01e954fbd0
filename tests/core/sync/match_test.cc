// Which association a record without a link belongs to.
#include <catch2/catch.hpp>

#include "core/registry/decide.h"
#include "core/registry/query.h"
#include "core/registry/questions.h"
#include "core/sync/engine.h"
#include "tests/support/sync_hub.h"

namespace brobygger::sync {
namespace {

using identity::v1::Decision;
using support::Association;
using support::Hub;
using support::kCvr;

constexpr char kName[] = "Sprogcafeen Ved Fjorden";

v1::ListPlannedActionsResponse ActionsOf(Hub& hub, const v1::Plan& plan) {
  v1::ListPlannedActionsRequest request;
  request.set_plan_id(plan.id());
  const auto actions = hub.engine.ListPlannedActions(request);
  REQUIRE(actions.ok());
  return *actions;
}

identity::v1::ListDecisionsResponse Log(Hub& hub) {
  const auto log = registry::ListDecisions(**hub.store->Latest(), {});
  REQUIRE(log.ok());
  return *log;
}

// A hub that holds one association, told by the grant system.
void TellFirst(Hub& hub) {
  hub.source.Tell("1", {{"navn", kName}, {"tlf", "10550101"}});
  hub.Sync("tilskud");
  hub.source.records.clear();
}

TEST_CASE("a record that the model recognises joins the association, without a common number") {
  Hub hub;
  TellFirst(hub);
  hub.source.Tell("f7", {{"navn", kName}, {"tlf", "10550101"}, {"cvr", kCvr}});
  const auto plan = hub.Plan("frivillig");
  CHECK(plan.match_count() == 1);
  CHECK(plan.create_count() == 0);
  CHECK(ActionsOf(hub, plan).actions(0).link_reason() == "match");
  CHECK(ActionsOf(hub, plan).actions(0).match_score() > 0);
  const auto run = hub.Apply(plan);
  CHECK(run.match_count() == 1);

  const auto all = hub.Associations();
  REQUIRE(all.size() == 1);
  CHECK(all[0].identifiers(0).value() == kCvr);
  const auto log = Log(hub);
  REQUIRE(log.decisions_size() == 1);
  CHECK(log.decisions(0).maker() == Decision::MAKER_HUB);
  CHECK(log.decisions(0).ground() == "match");
  CHECK(log.decisions(0).record().external_id() == "f7");
}

TEST_CASE("a branch that applies under its parent's number becomes an association of its own") {
  Hub hub;
  hub.source.Tell("1", {{"navn", "LAWAN – Kurdisk Ungdomsforening i Danmark"}, {"cvr", kCvr}});
  hub.Sync("tilskud");
  hub.source.records.clear();
  hub.source.Tell("f7", {{"navn", "LAWAN Kurdisk Ungdomsforening Horsens"}, {"cvr", kCvr}});
  const auto run = hub.Sync("frivillig");
  CHECK(run.created_count() == 1);
  CHECK(run.diagnostics().empty());
  const auto all = hub.Associations();
  REQUIRE(all.size() == 2);
  std::string branch;
  std::string parent;
  for (const auto& association : all) {
    const bool local = association.identifiers().empty();
    (local ? branch : parent) = association.id();
    if (!local) continue;
    // The number is not lost: it stands beside the record as what the source said.
    REQUIRE(association.provenance_size() == 1);
    CHECK(association.provenance(0).other_values().at("identifiers.DK-CVR") == kCvr);
  }
  REQUIRE_FALSE(branch.empty());
  REQUIRE_FALSE(parent.empty());
  registry::v1::ListRelationsRequest request;
  request.set_association_id(branch);
  const auto relations = registry::ListRelations(*hub.store, request);
  REQUIRE(relations.ok());
  REQUIRE(relations->relations_size() == 1);
  CHECK(relations->relations(0).kind() == registry::v1::AssociationRelation::KIND_BRANCH_OF);
  CHECK(relations->relations(0).to_association_id() == parent);
  CHECK(hub.Plan("frivillig").part_count() == 0);
}

TEST_CASE("a number in the wrong row makes nobody another association: a person is asked") {
  Hub hub;
  hub.source.Tell("1", {{"navn", "Andelsboligforeningen Fuglevænget"}, {"cvr", kCvr}});
  hub.Sync("tilskud");
  hub.source.records.clear();
  hub.source.Tell("f7", {{"navn", "Horsens Skakklub"}, {"cvr", kCvr}, {"tlf", "10550101"}});
  const auto plan = hub.Plan("frivillig");
  CHECK(plan.question_count() == 1);
  CHECK(ActionsOf(hub, plan).actions(0).link_reason() == "ask");
  const auto run = hub.Apply(plan);
  CHECK(run.created_count() == 1);
  CHECK(run.diagnostics().empty());
  const auto all = hub.Associations();
  REQUIRE(all.size() == 2);
  for (const auto& association : all) {
    const bool chess = association.official_name() == "Horsens Skakklub";
    CHECK(association.identifiers_size() == (chess ? 0 : 1));
    if (!chess) continue;
    CHECK(association.provenance(0).other_values().at("identifiers.DK-CVR") == kCvr);
  }
  CHECK(hub.Plan("frivillig").part_count() == 0);

  // Said to be one after all.
  const auto asked = registry::ListQuestions(**hub.store->Latest(), {});
  REQUIRE(asked.ok());
  REQUIRE(asked->questions_size() == 1);
  identity::v1::DecideRequest same;
  same.set_question_id(asked->questions(0).id());
  same.set_kind(Decision::KIND_SAME);
  const auto decided = hub.store->Write("operator", [&](storage::Transaction& transaction) {
    return registry::Decide(transaction, hub.identity, same, "operator").status();
  });
  INFO(decided.status());
  REQUIRE(decided.ok());
  CHECK(hub.Associations().size() == 1);
}

TEST_CASE("two rows of one list with one number and nothing else in common are asked about") {
  Hub hub;
  hub.source.Tell("1", {{"navn", "Andelsboligforeningen Fuglevænget"}, {"cvr", kCvr}});
  hub.source.Tell("2", {{"navn", "Horsens Skakklub"}, {"cvr", kCvr}, {"tlf", "10550101"}});
  const auto plan = hub.Plan("tilskud");
  CHECK(plan.create_count() == 2);
  CHECK(plan.question_count() == 1);
  CHECK(hub.Apply(plan).created_count() == 2);
  const auto asked = registry::ListQuestions(**hub.store->Latest(), {});
  REQUIRE(asked.ok());
  CHECK(asked->questions_size() == 1);
}

TEST_CASE("a plan says what a record calls itself that is taken for one of another name") {
  Hub hub;
  TellFirst(hub);
  const std::string called = std::string(kName) + " Horsens";
  hub.source.Tell("f7", {{"navn", called}, {"tlf", "10550101"}, {"cvr", kCvr}});
  const auto plan = hub.Plan("frivillig");
  CHECK(ActionsOf(hub, plan).actions(0).told_official_name() == called);
}

TEST_CASE("a wrong match is taken back, and the next sync does not make it again") {
  Hub hub;
  TellFirst(hub);
  hub.source.Tell("f7", {{"navn", kName}, {"tlf", "10550101"}, {"formaal", "At samle folk"}});
  hub.Sync("frivillig");
  REQUIRE(hub.Associations().size() == 1);
  identity::v1::UndoDecisionRequest request;
  request.set_decision_id(Log(hub).decisions(0).id());
  const auto undone = hub.store->Write("operator", [&](storage::Transaction& transaction) {
    return registry::UndoDecision(transaction, hub.identity, request, "operator").status();
  });
  INFO(undone.status());
  REQUIRE(undone.ok());
  REQUIRE(hub.Associations().size() == 2);
  for (const auto& association : hub.Associations()) {
    REQUIRE(association.provenance_size() == 1);
    const bool centre = association.provenance(0).connection_id() == "frivillig";
    CHECK(association.has_purpose() == centre);
  }

  // Nothing new, something new, and the record told anew: it stays where it is.
  CHECK(hub.Plan("frivillig").part_count() == 0);
  hub.source.Tell("f7", {{"navn", kName}, {"tlf", "10550101"}, {"formaal", "At synge"}});
  const auto run = hub.Sync("frivillig");
  CHECK(run.updated_count() == 1);
  CHECK(run.created_count() == 0);
  REQUIRE(hub.Associations().size() == 2);
  for (const auto& association : hub.Associations()) {
    if (!association.has_purpose()) continue;
    CHECK(association.purpose().by_language().at("da") == "At synge");
  }
}

TEST_CASE("two records of one plan that mean the same association make it once") {
  Hub hub;
  hub.source.Tell("1", {{"navn", kName}, {"tlf", "10550101"}});
  hub.source.Tell("2", {{"navn", kName}, {"tlf", "10550101"}});
  const auto plan = hub.Plan();
  CHECK(plan.create_count() == 1);
  CHECK(plan.match_count() == 1);
  const auto run = hub.Apply(plan);
  CHECK(run.created_count() == 1);
  CHECK(run.diagnostics().empty());
  CHECK(hub.Associations().size() == 1);
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("what persons merged stays one association when its sources sync again") {
  Hub hub;
  hub.source.Tell("1", {{"navn", "Haveforeningen Solsikken"}});
  hub.source.Tell("2", {{"navn", "Beboerhuset Nordlys"}});
  hub.Sync();
  const auto all = hub.Associations();
  REQUIRE(all.size() == 2);
  identity::v1::DecideRequest request;
  request.set_from_association_id(all[0].id());
  request.set_to_association_id(all[1].id());
  request.set_kind(Decision::KIND_SAME);
  const auto said = hub.store->Write("operator", [&](storage::Transaction& transaction) {
    return registry::Decide(transaction, hub.identity, request, "operator").status();
  });
  INFO(said.status());
  REQUIRE(said.ok());
  REQUIRE(hub.Associations().size() == 1);
  CHECK(hub.Plan().part_count() == 0);
  hub.source.Tell("2", {{"navn", "Beboerhuset Nordlys"}, {"formaal", "At mødes"}});
  const auto run = hub.Sync();
  CHECK(run.created_count() == 0);
  REQUIRE(hub.Associations().size() == 1);
  CHECK(hub.Associations()[0].purpose().by_language().at("da") == "At mødes");
}

}  // namespace
}  // namespace brobygger::sync
