// retention run.
#include <memory>

#include <fmt/format.h>

#include "brobygger/people/v1/people_service.pb.h"

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/output.h"

namespace brobygger::cli {
namespace {

Outcome Run(Session& session, bool dry_run) {
  people::v1::RunRetentionRequest request;
  request.set_validate_only(dry_run);
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<people::v1::RunRetentionResponse>(request));
  session.Say(dry_run ? "This would go:" : "This is gone:");
  WriteRecord(session, answer, [&] {
    return Rows{.columns = {{"persons_erased", "PERSONS"},
                            {"roles_removed", "ROLES"},
                            {"unreadable_removed", "UNREADABLE"},
                            {"persons_kept", "PERSONS THAT STAY"}},
                .cells = {{{fmt::to_string(answer.persons_erased())},
                           {fmt::to_string(answer.roles_removed())},
                           {fmt::to_string(answer.unreadable_removed())},
                           {fmt::to_string(answer.persons_kept())}}}};
  });
  return 0;
}

}  // namespace

void AddRetention(const Command& root) {
  const auto dry_run = std::make_shared<bool>(false);
  root.Add("retention", "What is recorded about persons for a time only")
      .Add("run", "Take away what has expired")
      .Flag("--dry-run", *dry_run, "Only tell what would go")
      .Does([dry_run](Session& session) { return Run(session, *dry_run); });
}

}  // namespace brobygger::cli
