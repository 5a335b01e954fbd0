#include "core/sync/status.h"

#include <chrono>
#include <optional>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/sync/claims.h"
#include "core/sync/connections.h"
#include "core/sync/lists.h"
#include "core/sync/runs.h"

namespace brobygger::sync {
namespace {

using storage::Kind;
using v1::ConnectionStatus;

ConnectionStatus::ProcessState ToProto(supervisor::ProcessState state) {
  switch (state) {
    case supervisor::ProcessState::kOff:
      return ConnectionStatus::PROCESS_STATE_OFF;
    case supervisor::ProcessState::kStarting:
      return ConnectionStatus::PROCESS_STATE_STARTING;
    case supervisor::ProcessState::kIdle:
      return ConnectionStatus::PROCESS_STATE_IDLE;
    case supervisor::ProcessState::kRunning:
      return ConnectionStatus::PROCESS_STATE_RUNNING;
    case supervisor::ProcessState::kBackingOff:
      return ConnectionStatus::PROCESS_STATE_BACKING_OFF;
    case supervisor::ProcessState::kBroken:
      return ConnectionStatus::PROCESS_STATE_BROKEN;
    case supervisor::ProcessState::kDraining:
      return ConnectionStatus::PROCESS_STATE_DRAINING;
  }
  return ConnectionStatus::PROCESS_STATE_UNSPECIFIED;
}

void AddProcess(const supervisor::ProcessStatus& process, ConnectionStatus& status) {
  status.set_process_state(ToProto(process.state));
  status.set_epoch(process.epoch);
  const bool pausing = process.state == supervisor::ProcessState::kBackingOff ||
                       process.state == supervisor::ProcessState::kBroken;
  if (!pausing) return;
  *status.mutable_retry_time() = base::ToTimestamp(process.retry_time);
  auto& diagnostic = *status.add_diagnostics();
  diagnostic.set_severity(plugin::v1::Diagnostic::SEVERITY_WARNING);
  diagnostic.set_code("plugin.pausing");
  (*diagnostic.mutable_text())["en"] = "The plugin's process ended: " + process.last_end;
}

}  // namespace

absl::StatusOr<ConnectionStatus> StatusOfConnection(const storage::Snapshot& snapshot,
                                                    const supervisor::Supervisor& supervisor,
                                                    const v1::Connection& connection) {
  ConnectionStatus status;
  status.set_connection_id(connection.id());
  AddProcess(supervisor.StatusOf(base::ConnectionId(connection.id())), status);
  const StreamKey stream = StreamOf(connection);
  BB_ASSIGN_OR_RETURN(const auto state,
                      Load<v1::StreamState>(snapshot, Kind::kStreamState, stream.prefix()));
  if (state) status.set_live_records(state->live_records());
  BB_ASSIGN_OR_RETURN(const auto pending, Count(snapshot, Kind::kPending, stream.prefix()));
  BB_ASSIGN_OR_RETURN(const auto rejected, Count(snapshot, Kind::kRejected, connection.id() + "/"));
  BB_ASSIGN_OR_RETURN(const auto conflicts,
                      Count(snapshot, Kind::kConflict, connection.id() + "/"));
  status.set_pending_records(pending);
  status.set_rejected_records(rejected);
  status.set_open_conflicts(conflicts);
  BB_ASSIGN_OR_RETURN(const auto dirty, Count(snapshot, Kind::kDirty, stream.prefix()));
  BB_ASSIGN_OR_RETURN(const auto letters, Count(snapshot, Kind::kDeadLetter, stream.prefix()));
  status.set_dirty_records(dirty);
  status.set_dead_letters(letters);
  BB_ASSIGN_OR_RETURN(const auto run, NewestRun(snapshot, connection.id(), /*reading=*/false));
  BB_ASSIGN_OR_RETURN(const auto reading, NewestRun(snapshot, connection.id(), /*reading=*/true));
  if (run) *status.mutable_last_run() = *run;
  for (const auto* one : {&run, &reading}) {
    const bool waits = *one && (*one)->state() == v1::Run::STATE_WAITING;
    // A plan that was made without reading gives way to one that waits already.
    const bool newest = state && waits && state->newest_plan_id() == (*one)->plan_id();
    if (newest) status.set_waiting_plan_id((*one)->plan_id());
  }
  if (const auto next = NextRun(connection, reading)) {
    *status.mutable_next_run_time() = base::ToTimestamp(*next);
  }
  return status;
}

absl::Status CheckEnabled(const v1::Connection& connection) {
  if (!connection.disabled()) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_CONNECTION_DISABLED,
                         "the connection '" + connection.id() +
                             "' is disabled; enable it with brobygger connection enable " +
                             connection.id(),
                         {{"connection_id", connection.id()}});
}

std::optional<base::Instant> NextRun(const v1::Connection& connection,
                                     const std::optional<v1::Run>& last_run) {
  if (connection.disabled() || !connection.has_every()) return std::nullopt;
  if (!last_run) return base::Instant();
  return base::ToInstant(last_run->start_time()) +
         std::chrono::seconds(connection.every().seconds());
}

}  // namespace brobygger::sync
