// sync audit: looks for what came apart unnoticed.
#include <memory>
#include <string>

#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/errors.h"
#include "core/cli/sync.h"

namespace brobygger::cli {
namespace {

struct AuditOptions {
  std::string connection;
  bool detailed_exitcode = false;
};

void SayWhatWasFound(Session& session,
                     const std::string& connection,
                     const sync::v1::AuditConnectionResponse& audited) {
  if (audited.compared_count() == 0) {
    session.Say(fmt::format(
        "Nothing of '{}' can have come apart: no field is written to it, or it was never synced.",
        connection));
  } else if (audited.found_count() == 0) {
    session.Say("Each field that is written is the same on both sides, or it is known why not.");
  } else {
    session.Say(fmt::format(
        "Fields that differ, though neither side has changed them since they agreed: {}.",
        audited.found_count()));
  }
  if (audited.opened_count() < audited.found_count()) {
    session.Say(
        fmt::format("Of these {} were opened as conflicts; audit again when those are settled.",
                    audited.opened_count()));
  }
  if (audited.open_count() > 0) {
    session.Say(fmt::format("Waiting for a person: {}; see brobygger sync conflicts {}",
                            audited.open_count(), connection));
  }
}

Outcome Audit(Session& session, const AuditOptions& options) {
  sync::v1::AuditConnectionRequest request;
  request.set_connection_id(options.connection);
  BB_ASSIGN_OR_RETURN(const auto audited, session.Call<sync::v1::AuditConnectionResponse>(request));
  const auto count = [](std::uint64_t number) { return Cell{std::to_string(number)}; };
  WriteRecord(session, audited, [&] {
    return Rows{.columns = {{"connection_id", "CONNECTION"},
                            {"compared_count", "COMPARED"},
                            {"found_count", "FOUND"},
                            {"open_count", "FOR A PERSON"}},
                .cells = {{{options.connection},
                           count(audited.compared_count()),
                           count(audited.found_count()),
                           count(audited.open_count())}}};
  });
  SayWhatWasFound(session, options.connection, audited);
  const bool differs = audited.found_count() + audited.open_count() > 0;
  return options.detailed_exitcode && differs ? kExitChanges : kExitDone;
}

}  // namespace

void AddSyncAudit(const Command& parent) {
  const auto options = std::make_shared<AuditOptions>();
  Command audit =
      parent.Add("audit", "Look for fields that came apart unnoticed, and ask a person of each");
  audit
      .Argument("CONNECTION", options->connection,
                {.summary = "Id of the connection", .completes = Completes::kConnection})
      .Flag("--detailed-exitcode", options->detailed_exitcode,
            "Exit with 10 if any field came apart, now or before")
      .Does([options](Session& session) { return Audit(session, *options); });
}

}  // namespace brobygger::cli
