// sync apply and sync run.
#include <memory>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/errors.h"
#include "core/cli/sync.h"

namespace brobygger::cli {
namespace {

using sync::v1::Plan;

struct RunOptions {
  std::string target;
  bool accept_held = false;
};

// A plan's id as typed, or that of the plan that waits at a connection.
absl::StatusOr<std::string> ToPlanId(Session& session, const std::string& typed) {
  if (base::IsUuid(typed)) return typed;
  sync::v1::ListConnectionsRequest request;
  request.set_connection_id(typed);
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<sync::v1::ListConnectionsResponse>(request));
  for (const auto& status : answer.statuses()) {
    if (!status.waiting_plan_id().empty()) return status.waiting_plan_id();
  }
  return absl::NotFoundError(fmt::format(
      "No plan waits at the connection '{}'. Make one: brobygger sync plan {}", typed, typed));
}

Outcome Apply(Session& session, const RunOptions& options) {
  BB_ASSIGN_OR_RETURN(const std::string plan_id, ToPlanId(session, options.target));
  BB_ASSIGN_OR_RETURN(const auto run, ApplyPlan(session, plan_id, options.accept_held));
  return WriteRun(session, run);
}

// What a person allows. --yes covers a first sync, but never a plan that the
// guard holds: a script that says yes to everything must not empty a registry.
struct Consent {
  bool apply = false;
  bool accept_held = false;
};

absl::StatusOr<Consent> AskForConsent(Session& session, const Plan& plan, bool accept_held) {
  const bool held = plan.verdict() != Plan::VERDICT_OK;
  if (held && !accept_held && session.CanAsk()) {
    const bool accepted = session.Ask("The guard holds this plan. Apply all of it all the same?");
    return Consent{.apply = accepted, .accept_held = accepted};
  }
  if (held && !accept_held) {
    return Consent{.apply = plan.verdict() == Plan::VERDICT_DELETIONS_HELD};
  }
  Consent consent{.apply = true, .accept_held = accept_held};
  if (plan.first_sync()) {
    BB_ASSIGN_OR_RETURN(consent.apply,
                        session.Confirm("This is the connection's first sync. Apply the plan?"));
  }
  return consent;
}

Outcome RunSync(Session& session, const RunOptions& options) {
  BB_ASSIGN_OR_RETURN(const Plan plan, MakePlan(session, options.target));
  const bool held = plan.verdict() != Plan::VERDICT_OK;
  if (!HasChanges(plan) && !held) {
    BB_RETURN_IF_ERROR(WritePlan(session, plan, {}));
    return kExitDone;
  }
  if (session.CanAsk() && (held || plan.first_sync())) {
    session.Warn(PlanSummary(plan));
  }
  BB_ASSIGN_OR_RETURN(const Consent consent, AskForConsent(session, plan, options.accept_held));
  if (!consent.apply) {
    BB_RETURN_IF_ERROR(WritePlan(session, plan, {}));
    session.Warn("Nothing was applied.");
    return kExitPartly;
  }
  BB_ASSIGN_OR_RETURN(const auto run, ApplyPlan(session, plan.id(), consent.accept_held));
  const int code = WriteRun(session, run);
  return code == kExitDone && held && !consent.accept_held ? kExitPartly : code;
}

}  // namespace

void AddSyncRun(const Command& parent) {
  const auto options = std::make_shared<RunOptions>();
  const char kAcceptHeld[] = "Apply what the guard holds: somebody has looked at it";
  Command apply = parent.Add("apply", "Do what a plan says, once");
  apply
      .Argument("PLAN", options->target,
                {.summary = "Id of the plan, or of a connection where one waits",
                 .completes = Completes::kConnection})
      .Flag("--accept-held", options->accept_held, kAcceptHeld)
      .Does([options](Session& session) { return Apply(session, *options); });

  Command run = parent.Add("run", "Plan and apply; asks before a first sync and a held plan");
  run.Argument("CONNECTION", options->target,
               {.summary = "Id of the connection", .completes = Completes::kConnection})
      .Flag("--accept-held", options->accept_held, kAcceptHeld)
      .Does([options](Session& session) { return RunSync(session, *options); });
}

}  // namespace brobygger::cli
