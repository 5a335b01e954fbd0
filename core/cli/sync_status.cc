// sync status, sync rejected and sync conflicts.
#include <memory>

#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/sync.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using sync::v1::Connection;
using sync::v1::ConnectionStatus;
using sync::v1::ListConflictsResponse;
using sync::v1::ListRejectedRecordsResponse;
using sync::v1::Run;

struct StatusOptions {
  std::string connection;
  PageOptions page;
};

std::string StateWords(const Connection& connection, const ConnectionStatus& status) {
  if (connection.disabled()) return "disabled";
  if (status.process_state() == ConnectionStatus::PROCESS_STATE_BACKING_OFF) return "trying again";
  if (status.process_state() == ConnectionStatus::PROCESS_STATE_BROKEN) return "broken";
  if (!status.waiting_plan_id().empty()) return "waits for a person";
  if (!status.has_last_run()) return "never run";
  return ShowEnum(Run::State_Name(status.last_run().state()), "STATE_");
}

std::string NextRun(const Connection& connection,
                    const ConnectionStatus& status,
                    const std::string& language) {
  if (connection.disabled()) return "";
  const std::string time = ShowTime(status.next_run_time(), language);
  return time.empty() ? "when asked" : time;
}

std::vector<Cell> StatusCells(const Connection& connection,
                              const ConnectionStatus& status,
                              const std::string& language) {
  const auto count = [](std::uint64_t number) { return Cell{std::to_string(number)}; };
  return {{connection.id()},
          {StateWords(connection, status)},
          {ShowTime(status.last_run().start_time(), language)},
          {NextRun(connection, status, language)},
          count(status.live_records()),
          count(status.pending_records()),
          count(status.rejected_records()),
          count(status.open_conflicts())};
}

// What people should know, one sentence a line; empty for a healthy connection.
std::string Notes(const ConnectionStatus& status, const std::string& language) {
  std::string notes;
  for (const auto& diagnostic : status.diagnostics()) {
    notes += fmt::format("{}: {}\n", status.connection_id(), DiagnosticText(diagnostic, language));
  }
  if (!status.waiting_plan_id().empty()) {
    notes += fmt::format("{}: a plan waits: brobygger sync apply {}\n", status.connection_id(),
                         status.waiting_plan_id());
  }
  if (status.dead_letters() > 0) {
    notes += fmt::format("{}: the source refused {} writes: brobygger sync dead-letters {}\n",
                         status.connection_id(), status.dead_letters(), status.connection_id());
  }
  if (status.open_conflicts() > 0) {
    notes += fmt::format("{}: {} fields for a person: brobygger sync conflicts {}\n",
                         status.connection_id(), status.open_conflicts(), status.connection_id());
  }
  if (status.rejected_records() > 0) {
    notes += fmt::format("{}: {} records could not be used: brobygger sync rejected {}\n",
                         status.connection_id(), status.rejected_records(), status.connection_id());
  }
  return notes;
}

Outcome Status(Session& session, const StatusOptions& options) {
  sync::v1::ListConnectionsRequest request;
  request.set_connection_id(options.connection);
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<sync::v1::ListConnectionsResponse>(request));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "statuses",
                                                          {{"connection_id", "CONNECTION"},
                                                           {"state", "STATE"},
                                                           {"last_run", "LAST RUN"},
                                                           {"next_run", "NEXT RUN"},
                                                           {"live_records", "LIVE"},
                                                           {"pending_records", "PENDING"},
                                                           {"rejected_records", "KEPT ASIDE"},
                                                           {"open_conflicts", "FOR A PERSON"}}));
  std::string notes;
  for (int i = 0; i < answer.statuses_size() && i < answer.connections_size(); ++i) {
    writer.Add(answer.statuses(i),
               StatusCells(answer.connections(i), answer.statuses(i), session.language()));
    notes += Notes(answer.statuses(i), session.language());
  }
  writer.Finish();
  if (session.format() == Format::kTable && !notes.empty()) session.Write("\n" + notes);
  return 0;
}

Outcome Rejected(Session& session, const StatusOptions& options) {
  sync::v1::ListRejectedRecordsRequest request;
  request.set_connection_id(options.connection);
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "records",
                                                          {{"connection_id", "CONNECTION"},
                                                           {"place", "PLACE"},
                                                           {"external_id", "RECORD"},
                                                           {"text", "WHY"},
                                                           {"code", "CODE"}}));
  const auto add = [&](const ListRejectedRecordsResponse& page) {
    for (const auto& record : page.records()) {
      const auto& why = session.language() == "da" ? record.text_da() : record.text_en();
      writer.Add(record, {{record.connection_id()},
                          {record.place()},
                          {record.external_id()},
                          {why},
                          {record.code()}});
    }
    return page.records_size();
  };
  BB_ASSIGN_OR_RETURN(
      auto pages, (ReadPages<ListRejectedRecordsResponse>(session, request, options.page, add)));
  pages.last.clear_records();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "record", pages.last.next_page_token());
  return 0;
}

// What the conflict is about.
std::string FieldWords(const sync::v1::Conflict& conflict) {
  if (conflict.kind() == sync::v1::Conflict::KIND_MAYBE_CREATED) return "made there or not?";
  if (conflict.kind() == sync::v1::Conflict::KIND_DUPLICATE) return "which record is it?";
  if (conflict.kind() == sync::v1::Conflict::KIND_DELETE_VS_EDIT) {
    return conflict.registry_value() == "deleted" ? "deleted here" : "deleted at the source";
  }
  const bool fight = conflict.kind() == sync::v1::Conflict::KIND_FORMAT_FIGHT;
  const bool silent = conflict.kind() == sync::v1::Conflict::KIND_SILENT_DIVERGENCE;
  return conflict.path() + (fight ? " (goes to and fro)" : silent ? " (came apart)" : "");
}

Outcome Conflicts(Session& session, const StatusOptions& options) {
  sync::v1::ListConflictsRequest request;
  request.set_connection_id(options.connection);
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "conflicts",
                                                          {{"conflict_id", "CONFLICT"},
                                                           {"official_name", "ASSOCIATION"},
                                                           {"path", "FIELD"},
                                                           {"registry_value", "REGISTRY SAYS"},
                                                           {"source_value", "SOURCE SAYS"},
                                                           {"base_value", "BOTH SAID"}}));
  const bool for_people = session.format() == Format::kTable;
  const auto shown = [&](const std::string& path, const std::string& text) {
    return Cell{for_people ? ShowField(path, text, session.language()) : text};
  };
  bool twins = false;
  const auto add = [&](const ListConflictsResponse& page) {
    for (const auto& conflict : page.conflicts()) {
      twins = twins || conflict.kind() == sync::v1::Conflict::KIND_DUPLICATE;
      writer.Add(conflict, {{conflict.conflict_id()},
                            {conflict.official_name()},
                            {FieldWords(conflict)},
                            shown(conflict.path(), conflict.registry_value()),
                            shown(conflict.path(), conflict.source_value()),
                            shown(conflict.path(), conflict.base_value())});
    }
    return page.conflicts_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListConflictsResponse>(session, request, options.page, add)));
  pages.last.clear_conflicts();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "conflict", pages.last.next_page_token());
  if (pages.count > 0) {
    session.Say(
        "Choose: brobygger sync resolve CONFLICT --keep registry (or source, or --value X)");
  }
  if (twins) {
    session.Say(
        "Which record is it? --keep source: the one in CONFLICT. --keep registry: another one.");
  }
  return 0;
}

}  // namespace

void AddSyncStatus(const Command& parent) {
  const auto options = std::make_shared<StatusOptions>();
  const ValueHint which{.summary = "Only this connection", .completes = Completes::kConnection};
  Command status = parent.Add("status", "Show how each connection is doing");
  status.OptionalArgument("CONNECTION", options->connection, which)
      .Does([options](Session& session) { return Status(session, *options); });

  Command rejected = parent.Add("rejected", "List records kept aside, with place and reason");
  rejected.OptionalArgument("CONNECTION", options->connection, which);
  AddPageOptions(rejected, options->page);
  rejected.Does([options](Session& session) { return Rejected(session, *options); });

  Command conflicts = parent.Add("conflicts", "List fields where a person must choose");
  conflicts.OptionalArgument("CONNECTION", options->connection, which);
  AddPageOptions(conflicts, options->page);
  conflicts.Does([options](Session& session) { return Conflicts(session, *options); });
}

}  // namespace brobygger::cli
