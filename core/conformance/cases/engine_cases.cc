// E: the hub's engine with this plugin: what is planned, applied and left to a person.
#include "core/conformance/cases/engine_cases.h"

#include <algorithm>
#include <iterator>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include "core/base/status_macros.h"

namespace brobygger::conformance {
namespace {

using sync::v1::Conflict;
using sync::v1::PlannedAction;
using sync::v1::ResolveConflictRequest;
using sync::v1::Run;

constexpr int kQuietRounds = 20;

// "create r1 Fjordby Kor: official_name=Fjordby Kor; purpose.da=Sang"
std::string LineOf(const PlannedAction& action) {
  const std::string kind = PlannedAction::Kind_Name(action.kind());
  std::string line = absl::StrCat(absl::AsciiStrToLower(absl::StripPrefix(kind, "KIND_")), " ",
                                  action.external_id(), " ", action.official_name());
  std::vector<std::string> changes;
  for (const auto& change : action.changes()) {
    changes.push_back(absl::StrCat(change.path(), "=", change.new_value()));
  }
  std::sort(changes.begin(), changes.end());
  for (std::size_t at = 0; at < changes.size(); ++at) {
    absl::StrAppend(&line, at == 0 ? ": " : "; ", changes[at]);
  }
  return line;
}

// E1
absl::Status FirstSyncOnlyPlans(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const auto hub, EngineHub::Make(bench));
  BB_ASSIGN_OR_RETURN(const Run run, hub->RunUnattended());
  BB_RETURN_IF_ERROR(Expect(run.state() == Run::STATE_WAITING, "a first sync waits for nobody"));
  BB_ASSIGN_OR_RETURN(const std::size_t here, hub->CountHere());
  BB_RETURN_IF_ERROR(Expect(here == 0, "a plan that nobody has seen was applied"));
  BB_RETURN_IF_ERROR(Unchanged(bench, before));
  BB_ASSIGN_OR_RETURN(const auto actions, hub->Actions(run.plan_id()));
  std::vector<std::string> lines;
  for (const PlannedAction& action : actions) lines.push_back(LineOf(action));
  std::sort(lines.begin(), lines.end());
  std::vector<std::string> golden = bench.fixture().first_plan;
  std::sort(golden.begin(), golden.end());
  const auto [planned, wanted] =
      std::mismatch(lines.begin(), lines.end(), golden.begin(), golden.end());
  return Expect(
      planned == lines.end() && wanted == golden.end(),
      absl::StrCat("the plan has '", planned == lines.end() ? "" : *planned,
                   "' where first_plan has '", wanted == golden.end() ? "" : *wanted, "'"));
}

// E2: without a fresh snapshot it is the registry's own run, which reads nothing.
absl::Status SecondSyncIsEmpty(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto hub, EngineHub::MakeAgreed(bench));
  BB_ASSIGN_OR_RETURN(const Content content, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const std::size_t here, hub->CountHere());
  BB_RETURN_IF_ERROR(Expect(here == content.size(), absl::StrCat(content.size(), " records became ",
                                                                 here, " associations")));
  BB_RETURN_IF_ERROR(hub->RunOutbound());
  BB_RETURN_IF_ERROR(Unchanged(bench, content));
  BB_RETURN_IF_ERROR(hub->NothingToDo());
  return hub->NothingToDo();
}

// The one conflict there is.
absl::StatusOr<Conflict> OnlyConflict(EngineHub& hub) {
  BB_ASSIGN_OR_RETURN(const auto conflicts, hub.Conflicts());
  BB_RETURN_IF_ERROR(
      Expect(conflicts.size() == 1, absl::StrCat("there are ", conflicts.size(), " conflicts")));
  return conflicts[0];
}

// The purpose on both sides.
absl::Status ExpectPurposes(EngineHub& hub,
                            const std::string& id,
                            const std::string& here,
                            const std::string& there) {
  BB_ASSIGN_OR_RETURN(const std::string told_here, hub.TextHere(id, kPurpose));
  BB_ASSIGN_OR_RETURN(const std::string told_there, hub.TextThere(id, kPurpose));
  BB_RETURN_IF_ERROR(Expect(
      told_here == here, absl::StrCat("the hub has '", told_here, "' where '", here, "' belongs")));
  return Expect(told_there == there,
                absl::StrCat("the source has '", told_there, "' where '", there, "' belongs"));
}

struct Answer {
  ResolveConflictRequest::Choice choice;
  const char* here;
  const char* there;
  const char* decided;
};

// Both sides change the purpose, and the source the name, too.
absl::Status Clash(EngineHub& hub, const std::string& id, const Answer& answer) {
  const std::string name = absl::StrCat("Foreningen med et nyt navn ", answer.choice);
  BB_RETURN_IF_ERROR(hub.EditHere(id, kPurpose, answer.here));
  BB_RETURN_IF_ERROR(hub.EditThere(id, kPurpose, answer.there));
  BB_RETURN_IF_ERROR(hub.EditThere(id, kName, name));
  BB_RETURN_IF_ERROR(hub.Sync().status());
  BB_ASSIGN_OR_RETURN(const Conflict conflict, OnlyConflict(hub));
  BB_RETURN_IF_ERROR(Expect(conflict.path() == kPurpose,
                            absl::StrCat("the conflict is about '", conflict.path(), "'")));
  BB_RETURN_IF_ERROR(ExpectPurposes(hub, id, answer.here, answer.there));
  BB_ASSIGN_OR_RETURN(const std::string name_here, hub.TextHere(id, kName));
  BB_RETURN_IF_ERROR(Expect(name_here == name, "the other field did not go on"));
  const bool third = answer.choice == ResolveConflictRequest::CHOICE_VALUE;
  BB_RETURN_IF_ERROR(
      hub.Resolve(conflict.conflict_id(), answer.choice, third ? answer.decided : ""));
  BB_RETURN_IF_ERROR(hub.RunOutbound());
  BB_RETURN_IF_ERROR(ExpectPurposes(hub, id, answer.decided, answer.decided));
  return hub.NothingToDo();
}

// E7
absl::Status BothChanged(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto ids, WithPurpose(bench, 1));
  BB_ASSIGN_OR_RETURN(const auto hub, EngineHub::MakeAgreed(bench));
  for (const Answer& answer :
       {Answer{ResolveConflictRequest::CHOICE_REGISTRY, "Synge sammen", "Danse sammen",
               "Synge sammen"},
        Answer{ResolveConflictRequest::CHOICE_SOURCE, "Lave mad", "Lave teater", "Lave teater"},
        Answer{ResolveConflictRequest::CHOICE_VALUE, "Spille skak", "Spille kort",
               "Spille skak og kort"}}) {
    BB_RETURN_IF_ERROR(Clash(*hub, ids[0], answer));
  }
  return absl::OkStatus();
}

// E8
absl::Status DeleteAgainstEdit(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto ids, WithPurpose(bench, 2));
  BB_ASSIGN_OR_RETURN(const auto hub, EngineHub::MakeAgreed(bench));
  // The source removes what a person has just edited here.
  BB_RETURN_IF_ERROR(bench.mock().Remove(ids[0]));
  BB_RETURN_IF_ERROR(hub->EditHere(ids[0], kPurpose, "Holdt i live her"));
  BB_RETURN_IF_ERROR(hub->Sync().status());
  BB_ASSIGN_OR_RETURN(const Conflict conflict, OnlyConflict(*hub));
  BB_RETURN_IF_ERROR(Expect(conflict.kind() == Conflict::KIND_DELETE_VS_EDIT,
                            "an edited association that is gone there is no conflict"));
  BB_ASSIGN_OR_RETURN(const bool gone, hub->IsDeletedHere(ids[0]));
  BB_RETURN_IF_ERROR(Expect(!gone, "an edit was deleted"));
  // A person here deletes what the source has just edited.
  BB_RETURN_IF_ERROR(hub->DeleteHere(ids[1]));
  BB_RETURN_IF_ERROR(hub->EditThere(ids[1], kPurpose, "Holdt i live der"));
  BB_RETURN_IF_ERROR(hub->Sync().status());
  BB_RETURN_IF_ERROR(hub->Sync().status());
  BB_ASSIGN_OR_RETURN(const bool deleted, hub->IsDeletedHere(ids[1]));
  BB_RETURN_IF_ERROR(Expect(deleted, "a source brought back what a person deleted"));
  BB_ASSIGN_OR_RETURN(const std::string there, hub->TextThere(ids[1], kPurpose));
  BB_RETURN_IF_ERROR(Expect(there == "Holdt i live der", "the edit at the source was lost"));
  return hub->NothingToDo();
}

// E9
absl::Status OtherFormsAreQuiet(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto ids, WithPurpose(bench, 1));
  BB_ASSIGN_OR_RETURN(const auto hub, EngineHub::Make(bench));
  if (bench.fixture().faults.count("lossy") > 0) BB_RETURN_IF_ERROR(hub->Suffer("lossy"));
  BB_RETURN_IF_ERROR(hub->Sync().status());
  BB_RETURN_IF_ERROR(hub->EditHere(ids[0], kName, "Foreningen  Med STORE Bogstaver"));
  BB_RETURN_IF_ERROR(hub->RunOutbound());
  BB_RETURN_IF_ERROR(hub->Sync().status());
  BB_ASSIGN_OR_RETURN(const Content content, bench.mock().List());
  for (int round = 0; round < kQuietRounds; ++round) BB_RETURN_IF_ERROR(hub->NothingToDo());
  return Unchanged(bench, content);
}

// E10
absl::Status NewerEditIsKept(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto ids, WithPurpose(bench, 1));
  BB_ASSIGN_OR_RETURN(const auto hub, EngineHub::MakeAgreed(bench));
  BB_RETURN_IF_ERROR(hub->Suffer("refuses_purpose"));
  BB_RETURN_IF_ERROR(hub->EditHere(ids[0], kPurpose, "Den tidligere udgave"));
  BB_RETURN_IF_ERROR(hub->RunOutbound());
  BB_ASSIGN_OR_RETURN(const std::size_t refused, hub->CountDeadLetters());
  BB_RETURN_IF_ERROR(Expect(refused == 1, "a refused write is no dead letter"));
  BB_RETURN_IF_ERROR(hub->EditHere(ids[0], kPurpose, "Den nyere udgave"));
  BB_RETURN_IF_ERROR(hub->Recover());
  BB_RETURN_IF_ERROR(hub->ReplayDeadLetters());
  BB_RETURN_IF_ERROR(hub->Sync().status());
  BB_RETURN_IF_ERROR(ExpectPurposes(*hub, ids[0], "Den nyere udgave", "Den nyere udgave"));
  BB_ASSIGN_OR_RETURN(const std::size_t left, hub->CountDeadLetters());
  return Expect(left == 0, "a dead letter is left that was sent");
}

}  // namespace

absl::StatusOr<std::vector<std::string>> WithPurpose(Bench& bench, std::size_t count) {
  std::string field;
  for (const auto& [name, mapping] : bench.fixture().mappings.items()) {
    if (mapping.value("target", "") == kPurpose) field = name;
  }
  BB_ASSIGN_OR_RETURN(const Content content, bench.mock().List());
  std::vector<std::string> ids;
  for (const auto& [id, record] : content) {
    const auto found = record.fields().find(field);
    const bool told = found != record.fields().end() && !found->second.text().empty();
    // A record that keeps another hub's id is that one's to write to.
    if (told && record.foreign_id().empty()) ids.push_back(id);
  }
  if (ids.size() >= count) return ids;
  return absl::FailedPreconditionError(
      absl::StrCat("the fixture has fewer than ", count, " records of nobody's with a purpose"));
}

std::vector<Case> EngineCases() {
  return {
      {"E1",
       "a first sync only plans, and plans what it should",
       {"mappings", "first_plan"},
       FirstSyncOnlyPlans},
      {"E2", "a second sync has nothing to do", {"mappings"}, SecondSyncIsEmpty},
      {"E3",
       "random histories of edits, races, lost answers and deaths lose nothing",
       {"mappings", "update", "verb:edit"},
       HistoriesLoseNothing},
      {"E4",
       "a hub that is killed at a commit comes to the same end",
       {"mappings", "update", "verb:edit"},
       DiesAtCommits},
      {"E5",
       "many records that vanish, an empty success and another scope wait for a person",
       {"mappings", "verb:fill", "verb:remove"},
       MassVanishIsHeld},
      {"E6",
       "a field that goes empty in many records waits for a person",
       {"mappings", "verb:fill", "verb:edit"},
       MassBlankIsHeld},
      {"E7",
       "both changed a field: one conflict, and each answer to it is carried out",
       {"mappings", "update", "verb:edit"},
       BothChanged},
      {"E8",
       "deleted on one side and edited on the other: nothing is lost",
       {"mappings", "verb:edit", "verb:remove"},
       DeleteAgainstEdit},
      {"E9",
       "what the source stores in another form stays quiet",
       {"mappings", "update"},
       OtherFormsAreQuiet},
      {"E10",
       "a write that is tried again keeps a newer edit",
       {"mappings", "update", "fault:refuses_purpose"},
       NewerEditIsKept},
      {"E11",
       "a plan is used once, and forces nothing that has moved",
       {"mappings", "verb:edit"},
       PlansAreUsedOnce},
      {"E12",
       "ten changes among many records are planned as ten",
       {"mappings", "verb:fill", "verb:edit"},
       FewChangesAreFew},
  };
}

}  // namespace brobygger::conformance
