#include <memory>

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/errors.h"
#include "core/cli/sync.h"

namespace brobygger::cli {
namespace {

struct PlanOptions {
  std::string connection;
  PageOptions page;
  bool detailed_exitcode = false;
};

Outcome MakePlan(Session& session, const PlanOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto plan, MakePlan(session, options.connection));
  BB_RETURN_IF_ERROR(WritePlan(session, plan, options.page));
  return options.detailed_exitcode && HasChanges(plan) ? kExitChanges : kExitDone;
}

}  // namespace

void AddSyncPlan(const Command& parent) {
  const auto options = std::make_shared<PlanOptions>();
  Command plan = parent.Add("plan", "Read a source and show what a sync would do; changes nothing");
  plan.Argument("CONNECTION", options->connection,
                {.summary = "Id of the connection", .completes = Completes::kConnection})
      .Flag("--detailed-exitcode", options->detailed_exitcode, "Exit with 10 if there are changes");
  AddPageOptions(plan, options->page);
  plan.Does([options](Session& session) { return MakePlan(session, *options); });
}

}  // namespace brobygger::cli
