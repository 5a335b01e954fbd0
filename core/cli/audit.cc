// audit verify: whether the audit log is as it was written. Asks no hub: it reads files,
// also of a copy on another machine, so that nobody has to take the hub's word for it.
#include <memory>

#include "core/audit/verify.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/errors.h"
#include "core/cli/session.h"

namespace brobygger::cli {
namespace {

constexpr char kUsualFolder[] = "/var/lib/brobygger/audit";

Outcome Verify(Session& session, const audit::VerifyRequest& request) {
  BB_ASSIGN_OR_RETURN(const auto result, audit::VerifyLog(request));
  session.Write(audit::VerifySentence(result) + "\n");
  return result.first_bad.has_value() ? kExitOther : kExitDone;
}

}  // namespace

void AddAudit(const Command& root) {
  const auto request = std::make_shared<audit::VerifyRequest>();
  request->folder = kUsualFolder;
  Command group = root.Add("audit", "The log of who looked and who wrote");
  Command verify = group.Add("verify", "Check that no record of the log was changed or taken away");
  verify
      .Option("--folder", request->folder,
              {.summary = "The log's folder; usually /var/lib/brobygger/audit",
               .completes = Completes::kFile})
      .Option("--checkpoints", request->outside_checkpoints,
              {.summary = "Checkpoints that were kept elsewhere: only they show that the end was "
                          "cut off or all written anew",
               .completes = Completes::kFile})
      .Option("--public-key", request->public_key,
              {.summary = "A copy of checkpoint.pub that was kept elsewhere",
               .completes = Completes::kFile})
      .Does([request](Session& session) { return Verify(session, *request); });
}

}  // namespace brobygger::cli
