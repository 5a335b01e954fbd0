#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/connection.pb.h"
#include "brobygger/sync/v1/plan.pb.h"
#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/base/clock.h"
#include "core/registry/identity.h"
#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/secrets.h"

namespace brobygger::sync {

// Told often while a call goes on, from the thread that made the call.
using ProgressSink = std::function<void(const v1::Progress&)>;

// Reads sources through their plugins and brings what they say into the
// registry: intake, plan, guard, apply. Safe to use from many threads; a
// connection has one run at a time (RUN_IN_PROGRESS). Calls that name a
// connection or a plan may fail with CONNECTION_NOT_FOUND or PLAN_NOT_FOUND.
// Connections are made and changed by the functions in connections.h.
class Engine {
 public:
  // All references must outlive the engine; `identity` hears of the store's writes
  // (registry/indexing_store.h). Marks runs that were under way when
  // the hub last stopped as failed.
  Engine(storage::Store& store,
         const registry::Identity& identity,
         supervisor::Supervisor& supervisor,
         const base::Clock& clock,
         SecretResolver secrets = ResolveSecret);
  ~Engine();

  absl::StatusOr<v1::ListConnectionsResponse> ListConnections(const std::string& connection_id);
  // The same of what a snapshot holds.
  absl::StatusOr<v1::ListConnectionsResponse> ListConnections(const storage::Snapshot& snapshot,
                                                              const std::string& connection_id);
  // Asks calendars when they are taken. CONNECTION_NOT_FOUND, CONNECTION_INVALID,
  // RUN_IN_PROGRESS, and what goes wrong with the source.
  absl::StatusOr<v1::ListBusyDaysResponse> ListBusyDays(const std::string& connection_id);

  absl::StatusOr<v1::CheckConnectionResponse> CheckConnection(const std::string& connection_id);

  // Reads the source into the store and plans what to do with what was told.
  // Blocks until done. CONNECTION_DISABLED, SECRET_UNREADABLE, and what
  // supervisor::Session answers. The source's records are kept whatever becomes
  // of the plan.
  absl::StatusOr<v1::Plan> PlanSync(const std::string& connection_id,
                                    const std::string& actor,
                                    const ProgressSink& progress,
                                    const supervisor::CancelToken& cancel);

  // Applies a plan, once. Blocks until done. PLAN_STALE, PLAN_HELD.
  absl::StatusOr<v1::Run> ApplyPlan(const v1::ApplyPlanRequest& request,
                                    const std::string& actor,
                                    const ProgressSink& progress,
                                    const supervisor::CancelToken& cancel);

  // Plans, and applies the plan if that needs no person: nothing deleted, no
  // more than 20 new associations, not the first sync, and the guard content.
  // Otherwise the plan waits (Run.state WAITING).
  absl::StatusOr<v1::Run> RunUnattended(const std::string& connection_id,
                                        const supervisor::CancelToken& cancel);

  // Writes what somebody else has changed in the registry to the connection's source,
  // without reading it first. OK and nothing done if there is nothing, or if a first
  // sync still waits for a person.
  absl::Status RunOutbound(const std::string& connection_id, const supervisor::CancelToken& cancel);

  // The enabled connections that write to their source. `due` stands for what is to be written
  // though nothing in the registry changed: 0 if that is nothing. The same number again means that
  // trying again changes nothing.
  struct Writing {
    std::string connection_id;
    std::uint64_t due = 0;
  };
  absl::StatusOr<std::vector<Writing>> WritingConnections(base::Instant now);

  // RUN_NOT_FOUND, RUN_NOT_UNDOABLE, RUN_IN_PROGRESS.
  absl::StatusOr<v1::UndoRunResponse> UndoRun(const v1::UndoRunRequest& request,
                                              const std::string& actor);

  // The enabled connections whose own schedule says that they should run by now.
  absl::StatusOr<std::vector<std::string>> DueConnections(base::Instant now);

  // Looks for fields whose sides came apart behind the sync's back, and opens conflicts of them:
  // see divergence.h. Short: others wait for its end, and it for that of the hub's own runs.
  // CONNECTION_DISABLED, RUN_IN_PROGRESS.
  absl::StatusOr<v1::AuditConnectionResponse> AuditConnection(
      const std::string& connection_id, const supervisor::CancelToken& cancel);

  // The enabled connections for which that was done longer ago than `every`; none if that is 0.
  absl::StatusOr<std::vector<std::string>> DueAudits(base::Instant now,
                                                     std::chrono::milliseconds every);

  // Takes away reports and plans of long ago: see prune.h.
  absl::Status Prune();

  absl::StatusOr<v1::Plan> GetPlan(const std::string& plan_id);
  absl::StatusOr<v1::ListPlannedActionsResponse> ListPlannedActions(
      const v1::ListPlannedActionsRequest& request);
  absl::StatusOr<v1::ListRunsResponse> ListRuns(const v1::ListRunsRequest& request);
  absl::StatusOr<v1::ListRejectedRecordsResponse> ListRejectedRecords(
      const v1::ListRejectedRecordsRequest& request);
  absl::StatusOr<v1::ListConflictsResponse> ListConflicts(const v1::ListConflictsRequest& request);
  v1::ListPluginsResponse ListPlugins();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// The next epoch of a connection, durably counted: what SupervisorOptions wants.
absl::StatusOr<std::uint64_t> NextEpoch(storage::Store& store,
                                        const base::ConnectionId& connection);

}  // namespace brobygger::sync
