#include <catch2/catch.hpp>

#include "core/cli/progress.h"
#include "core/cli/sync.h"

namespace brobygger::cli {
namespace {

using sync::v1::Plan;
using sync::v1::PlannedAction;

PlannedAction Action(PlannedAction::Kind kind) {
  PlannedAction action;
  action.set_kind(kind);
  action.set_external_id("1001");
  action.set_official_name("Kurdisk Ungdom");
  auto& change = *action.add_changes();
  change.set_path("status");
  change.set_old_value("ACTIVE");
  change.set_new_value("DORMANT");
  return action;
}

TEST_CASE("what a plugin says names the place once") {
  plugin::v1::Diagnostic diagnostic;
  diagnostic.set_code("files.csv.locked");
  diagnostic.set_path("f.xlsx");
  (*diagnostic.mutable_text())["en"] = "The workbook is locked.";
  CHECK(DiagnosticText(diagnostic, "en") == "f.xlsx: The workbook is locked. [files.csv.locked]");
  (*diagnostic.mutable_text())["en"] = "f.xlsx: The workbook is locked.";
  CHECK(DiagnosticText(diagnostic, "en") == "f.xlsx: The workbook is locked. [files.csv.locked]");
}

TEST_CASE("a change shows old and new, a new association only its name") {
  CHECK(ActionText(Action(PlannedAction::KIND_UPDATE), "en") ==
        "~ Kurdisk Ungdom (1001)\n    status: active -> dormant\n");
  CHECK(ActionText(Action(PlannedAction::KIND_CREATE), "en") == "+ Kurdisk Ungdom (1001)\n");
}

TEST_CASE("what goes and what a person must choose can be told apart at the first sign") {
  CHECK(ActionText(Action(PlannedAction::KIND_DELETE), "en").starts_with("- "));
  CHECK(ActionText(Action(PlannedAction::KIND_UNLINK), "en").starts_with("- "));
  CHECK(ActionText(Action(PlannedAction::KIND_CONFLICT), "en").starts_with("? "));
  CHECK(ActionText(Action(PlannedAction::KIND_LINK), "en").starts_with("= "));
  auto update = Action(PlannedAction::KIND_UPDATE);
  update.mutable_changes(0)->set_conflict(true);
  CHECK(ActionText(update, "en").find("  ? status:") != std::string::npos);
}

TEST_CASE("a plan says why a record is taken for an association, and what a person is asked") {
  auto match = Action(PlannedAction::KIND_LINK);
  match.set_link_reason("match");
  match.set_match_score(4.25);
  CHECK(ActionText(match, "en").find("recognised (score +4.2))") != std::string::npos);
  match.set_told_official_name("KFUK Spejderne");
  CHECK(ActionText(match, "en").find("recognised (score +4.2); it says \"KFUK Spejderne\")") !=
        std::string::npos);
  match.set_link_reason("cvr");
  CHECK(ActionText(match, "en").find(", by its CVR number; it says \"KFUK Spejderne\")") !=
        std::string::npos);
  auto ask = Action(PlannedAction::KIND_CREATE);
  ask.set_link_reason("ask");
  ask.set_other_official_name("Kurdisk Ungdom Fjordby");
  CHECK(ActionText(ask, "en").find("whether it is Kurdisk Ungdom Fjordby") != std::string::npos);

  Plan plan;
  plan.set_create_count(3);
  plan.set_question_count(1);
  CHECK(PlanSummary(plan).find("1 of the new ones for a person") != std::string::npos);
}

TEST_CASE("the summary and the exit code come from the same plan") {
  Plan plan;
  plan.set_connection_id("tilskud");
  plan.set_verdict(Plan::VERDICT_OK);
  CHECK_FALSE(HasChanges(plan));
  CHECK(PlanSummary(plan).starts_with("Nothing to do"));

  plan.set_vanished_count(1);
  CHECK(HasChanges(plan));
}

TEST_CASE("records between which a person must choose are named in a sentence") {
  PlannedAction action;
  action.set_kind(PlannedAction::KIND_LINK);
  action.set_official_name("Foreningen");
  auto& question = *action.add_changes();
  question.set_path("hub.association_id");
  question.set_new_value("5, 7");
  question.set_conflict(true);
  const std::string text = ActionText(action, "en");
  CHECK(text.find("records 5, 7 are one association") != std::string::npos);
  CHECK(text.find("hub.association_id") == std::string::npos);
}

TEST_CASE("a held plan is never called nothing to do") {
  Plan plan;
  plan.set_connection_id("tilskud");
  plan.set_verdict(Plan::VERDICT_HELD);
  plan.add_reasons("The source is suddenly empty.");

  CHECK(PlanSummary(plan).find("HELD") != std::string::npos);
  CHECK(PlanSummary(plan).find("suddenly empty") != std::string::npos);
}

TEST_CASE("progress shows a bar only when the end is known") {
  sync::v1::Progress progress;
  progress.set_phase(sync::v1::Progress::PHASE_READING);
  progress.set_done(50);
  CHECK(ProgressLine(progress) == "Reading the source: 50 records");

  progress.set_total(100);
  CHECK(ProgressLine(progress) == "Reading the source [############            ]  50 %, 50 of 100");
  progress.set_done(200);
  CHECK(ProgressLine(progress).find("100 %") != std::string::npos);
}

}  // namespace
}  // namespace brobygger::cli
