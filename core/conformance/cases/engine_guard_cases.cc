// E5, E6, E11, E12: what waits for a person, and what a plan may do.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/conformance/cases/engine_cases.h"

namespace brobygger::conformance {
namespace {

using sync::v1::Plan;
using sync::v1::Run;

// With the fixture's own records fewer than forty, of which two may go at once.
constexpr int kSome = 30;
constexpr std::size_t kTooMany = 3;
constexpr std::size_t kChanges = 10;
// Of some forty, a good tenth.
constexpr std::size_t kBlanked = 6;

// Whether a run that nobody watches keeps all that is here.
absl::Status KeepsAll(EngineHub& hub, std::size_t here, const std::string& what) {
  const absl::StatusOr<Run> run = hub.RunUnattended();
  // A source in trouble is one that nothing is concluded from.
  BB_RETURN_IF_ERROR(Expect(!run.ok() || run->state() != Run::STATE_DONE,
                            absl::StrCat(what, " does not wait for a person")));
  BB_ASSIGN_OR_RETURN(const std::size_t now, hub.CountHere());
  return Expect(now == here, absl::StrCat(what, " leaves ", now, " of ", here, " associations"));
}

absl::Status EmptySuccess(Bench& bench, EngineHub& hub, std::size_t here) {
  if (bench.fixture().faults.count("empty") == 0) return absl::OkStatus();
  BB_RETURN_IF_ERROR(hub.Suffer("empty"));
  return KeepsAll(hub, here, "an empty success");
}

// Records that another scope does not show are no longer seen; they are not gone.
absl::Status OtherScope(Bench& bench, EngineHub& hub, std::size_t here) {
  if (bench.fixture().faults.count("other_scope") == 0) return absl::OkStatus();
  BB_RETURN_IF_ERROR(hub.Suffer("other_scope"));
  BB_ASSIGN_OR_RETURN(const Plan plan, hub.Plan());
  BB_RETURN_IF_ERROR(Expect(plan.verdict() == Plan::VERDICT_HELD && plan.delete_count() == 0,
                            "another scope is not held, or deletes"));
  // However often it is read, before a person has seen it.
  BB_RETURN_IF_ERROR(KeepsAll(hub, here, "another scope"));
  BB_RETURN_IF_ERROR(KeepsAll(hub, here, "another scope, read again,"));
  BB_RETURN_IF_ERROR(hub.Sync().status());
  BB_ASSIGN_OR_RETURN(const std::size_t now, hub.CountHere());
  return Expect(now == here, "what another scope does not show was deleted");
}

}  // namespace

// E5
absl::Status MassVanishIsHeld(Bench& bench) {
  BB_RETURN_IF_ERROR(bench.mock().Fill(kSome));
  BB_ASSIGN_OR_RETURN(const auto ids, WithPurpose(bench, kTooMany));
  BB_ASSIGN_OR_RETURN(const auto hub, EngineHub::MakeAgreed(bench));
  BB_ASSIGN_OR_RETURN(const std::size_t here, hub->CountHere());
  BB_RETURN_IF_ERROR(OtherScope(bench, *hub, here));
  BB_RETURN_IF_ERROR(hub->Recover());
  BB_RETURN_IF_ERROR(hub->Sync().status());
  for (std::size_t at = 0; at < kTooMany; ++at) {
    BB_RETURN_IF_ERROR(bench.mock().Remove(ids[ids.size() - 1 - at]));
  }
  BB_ASSIGN_OR_RETURN(const Plan plan, hub->Plan());
  BB_RETURN_IF_ERROR(Expect(plan.verdict() == Plan::VERDICT_DELETIONS_HELD,
                            absl::StrCat(kTooMany, " vanished records of ", here, " make a plan ",
                                         Plan::Verdict_Name(plan.verdict()))));
  BB_RETURN_IF_ERROR(KeepsAll(*hub, here, "vanished records"));
  return EmptySuccess(bench, *hub, here);
}

// E6
absl::Status MassBlankIsHeld(Bench& bench) {
  BB_RETURN_IF_ERROR(bench.mock().Fill(kSome));
  BB_ASSIGN_OR_RETURN(const auto ids, WithPurpose(bench, kBlanked));
  BB_ASSIGN_OR_RETURN(const auto hub, EngineHub::MakeAgreed(bench));
  for (std::size_t at = 0; at < kBlanked; ++at) {
    BB_RETURN_IF_ERROR(hub->EditThere(ids[at], kPurpose, ""));
  }
  BB_ASSIGN_OR_RETURN(const Plan plan, hub->Plan());
  BB_RETURN_IF_ERROR(Expect(
      plan.verdict() == Plan::VERDICT_HELD,
      absl::StrCat(kBlanked, " emptied fields make a plan ", Plan::Verdict_Name(plan.verdict()))));
  BB_RETURN_IF_ERROR(hub->RunUnattended().status());
  BB_ASSIGN_OR_RETURN(const std::string purpose, hub->TextHere(ids[0], kPurpose));
  return Expect(!purpose.empty(), "a field was emptied that should have waited for a person");
}

// E11
absl::Status PlansAreUsedOnce(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto ids, WithPurpose(bench, 2));
  BB_ASSIGN_OR_RETURN(const auto hub, EngineHub::MakeAgreed(bench));
  for (const std::string& id : {ids[0], ids[1]}) {
    BB_RETURN_IF_ERROR(hub->EditThere(id, kPurpose, "Fra kilden"));
  }
  BB_ASSIGN_OR_RETURN(const Plan plan, hub->Plan());
  BB_RETURN_IF_ERROR(Expect(plan.update_count() == 2,
                            absl::StrCat("two edits are planned as ", plan.update_count())));
  // One of the two moves after the plan was made.
  BB_RETURN_IF_ERROR(hub->EditHere(ids[0], kPurpose, "Fra en medarbejder"));
  BB_RETURN_IF_ERROR(hub->Apply(plan).status());
  BB_ASSIGN_OR_RETURN(const std::string moved, hub->TextHere(ids[0], kPurpose));
  BB_ASSIGN_OR_RETURN(const std::string other, hub->TextHere(ids[1], kPurpose));
  BB_RETURN_IF_ERROR(Expect(moved == "Fra en medarbejder", "a plan forced what had moved"));
  BB_RETURN_IF_ERROR(Expect(other == "Fra kilden", "what had not moved was not done"));
  return Expect(base::ReasonOf(hub->Apply(plan).status()) == errors::v1::ERROR_REASON_PLAN_STALE,
                "a plan is applied twice");
}

// E12: what the hub has to do follows from what has changed. That a list is read whole
// is another matter.
absl::Status FewChangesAreFew(Bench& bench) {
  for (const int count : {500, bench.longer() ? 50'000 : 2'000}) {
    BB_RETURN_IF_ERROR(bench.mock().Reset());
    BB_RETURN_IF_ERROR(bench.mock().Fill(count));
    BB_ASSIGN_OR_RETURN(const auto ids, WithPurpose(bench, kChanges));
    BB_ASSIGN_OR_RETURN(const auto hub, EngineHub::MakeAgreed(bench));
    for (std::size_t at = 0; at < kChanges; ++at) {
      BB_RETURN_IF_ERROR(hub->EditThere(ids[at], kPurpose, absl::StrCat("Ny tekst ", at)));
    }
    BB_ASSIGN_OR_RETURN(const Plan plan, hub->Plan());
    BB_ASSIGN_OR_RETURN(const auto actions, hub->Actions(plan.id()));
    BB_ASSIGN_OR_RETURN(const Run run, hub->Apply(plan));
    BB_RETURN_IF_ERROR(
        Expect(run.changed_count() == kChanges && actions.size() == kChanges,
               absl::StrCat("of ", count, " records ", kChanges, " changed; the hub sees ",
                            run.changed_count(), " and plans ", actions.size())));
  }
  return absl::OkStatus();
}

}  // namespace brobygger::conformance
