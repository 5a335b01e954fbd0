#include "core/sync/reject_plan.h"

#include <vector>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/sync/claims.h"
#include "core/sync/connections.h"
#include "core/sync/keys.h"
#include "core/sync/lists.h"
#include "core/sync/runs.h"

namespace brobygger::sync {
namespace {

using storage::Kind;
using v1::Plan;
using v1::Run;

absl::Status CheckNewest(const storage::Snapshot& snapshot, const Plan& plan) {
  BB_ASSIGN_OR_RETURN(const auto connection, FindConnection(snapshot, plan.connection_id()));
  BB_ASSIGN_OR_RETURN(const auto state, Load<v1::StreamState>(snapshot, Kind::kStreamState,
                                                              StreamOf(connection).prefix()));
  const bool used = plan.has_used_time();
  // A plan of the registry's own edits stands beside one that waits.
  const bool newest = plan.outbound() || (state && state->newest_plan_id() == plan.id());
  if (!used && newest) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_PLAN_STALE,
                         used ? "the plan was applied already; brobygger sync undo takes a run back"
                              : "a newer plan was made; look at that one",
                         {{"plan_id", plan.id()}, {"state", used ? "used" : "replaced"}});
}

absl::Status RejectRuns(storage::Transaction& transaction, const Plan& plan) {
  std::vector<Run> waiting;
  BB_RETURN_IF_ERROR(ForEach(transaction, Kind::kRun, plan.connection_id() + "/",
                             [&](const std::string& /*key*/, const std::string& bytes) {
                               Run run;
                               const bool waits = run.ParseFromString(bytes) &&
                                                  run.plan_id() == plan.id() &&
                                                  run.state() == Run::STATE_WAITING;
                               if (waits) waiting.push_back(std::move(run));
                               return absl::OkStatus();
                             }));
  for (Run& run : waiting) {
    run.set_state(Run::STATE_REJECTED);
    BB_RETURN_IF_ERROR(StoreRun(transaction, run));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::RejectPlanResponse> RejectPlan(storage::Transaction& transaction,
                                                  const v1::RejectPlanRequest& request,
                                                  const std::string& actor) {
  BB_ASSIGN_OR_RETURN(Plan plan, FindPlan(transaction, request.plan_id()));
  BB_RETURN_IF_ERROR(CheckNewest(transaction, plan));
  if (!plan.has_reject_time()) {
    *plan.mutable_reject_time() = base::ToTimestamp(transaction.now());
    plan.set_rejected_by(actor);
    BB_RETURN_IF_ERROR(transaction.Put(Kind::kPlan, plan.id(), plan.SerializeAsString()));
    BB_RETURN_IF_ERROR(RejectRuns(transaction, plan));
  }
  v1::RejectPlanResponse response;
  *response.mutable_plan() = std::move(plan);
  return response;
}

}  // namespace brobygger::sync
