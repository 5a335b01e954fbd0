#include "core/sync/engine.h"

#include <map>
#include <utility>

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/contact/retention.h"
#include "core/events/publications.h"
#include "core/sync/busy.h"
#include "core/sync/claims.h"
#include "core/sync/connections.h"
#include "core/sync/divergence.h"
#include "core/sync/follow.h"
#include "core/sync/lists.h"
#include "core/sync/plan.h"
#include "core/sync/promise.h"
#include "core/sync/prune.h"
#include "core/sync/runner.h"
#include "core/sync/runs.h"
#include "core/sync/status.h"
#include "core/sync/undo_run.h"

namespace brobygger::sync {
namespace {

using storage::Kind;
using v1::Connection;
using v1::Plan;
using v1::Run;

// New associations that a run may make without a person.
constexpr std::uint64_t kMaxUnattendedCreates = 20;

bool NeedsNoPerson(const Plan& plan) {
  // What a person said no to is not done by way of other news.
  const bool rejected = plan.has_reject_time() || plan.after_rejection();
  return !rejected && plan.verdict() == Plan::VERDICT_OK && !plan.first_sync() &&
         plan.delete_count() == 0 && plan.create_count() <= kMaxUnattendedCreates &&
         plan.source_create_count() <= kMaxUnattendedCreates;
}

// The connections that have a run under way.
class Busy {
 public:
  // Who works. The hub's own runs are short, and nobody needs to know of them: others
  // wait for their end, and so does an audit, which is as short.
  enum class Who { kSomebody, kHub, kAudit };

  absl::Status Enter(const std::string& connection_id, Who who = Who::kSomebody) {
    absl::MutexLock lock(&mutex_);
    const auto not_the_hub = [&] {
      const auto working = working_.find(connection_id);
      return working == working_.end() || working->second == Who::kSomebody;
    };
    if (who != Who::kHub) mutex_.AwaitWithTimeout(absl::Condition(&not_the_hub), kPatience);
    if (working_.emplace(connection_id, who).second) return absl::OkStatus();
    return base::MakeError(errors::v1::ERROR_REASON_RUN_IN_PROGRESS,
                           "another run of '" + connection_id + "' is under way; wait for its end",
                           {{"connection_id", connection_id}});
  }
  void Leave(const std::string& connection_id) {
    absl::MutexLock lock(&mutex_);
    working_.erase(connection_id);
  }

 private:
  static constexpr absl::Duration kPatience = absl::Seconds(20);

  absl::Mutex mutex_;
  std::map<std::string, Who> working_ ABSL_GUARDED_BY(mutex_);
};

class Turn {
 public:
  Turn(Busy& busy, std::string id) : busy_(busy), id_(std::move(id)) {}
  ~Turn() { busy_.Leave(id_); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  Busy& busy_;
  const std::string id_;
};

}  // namespace

class Engine::Impl {
 public:
  Impl(storage::Store& store_in,
       const registry::Identity& identity,
       supervisor::Supervisor& supervisor_in,
       const base::Clock& clock_in,
       SecretResolver secrets_in)
      : store(store_in),
        clock(clock_in),
        supervisor(supervisor_in),
        secrets(std::move(secrets_in)),
        runner(store, identity, supervisor, clock_in, secrets) {
    const absl::Status closed = CloseInterruptedRuns(store, clock);
    if (!closed.ok()) base::LogError("interrupted_runs_not_closed", {{"code", closed.raw_code()}});
  }

  absl::StatusOr<Connection> Find(const std::string& connection_id) const {
    BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
    return FindConnection(*latest, connection_id);
  }

  absl::StatusOr<Plan> FindPlan(const std::string& plan_id) const {
    BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
    return sync::FindPlan(*latest, plan_id);
  }

  storage::Store& store;
  const base::Clock& clock;
  supervisor::Supervisor& supervisor;
  const SecretResolver secrets;
  const Runner runner;
  Busy busy;
};

Engine::Engine(storage::Store& store,
               const registry::Identity& identity,
               supervisor::Supervisor& supervisor,
               const base::Clock& clock,
               SecretResolver secrets)
    : impl_(std::make_unique<Impl>(store, identity, supervisor, clock, std::move(secrets))) {}
Engine::~Engine() = default;

absl::StatusOr<v1::ListConnectionsResponse> Engine::ListConnections(
    const std::string& connection_id) {
  BB_ASSIGN_OR_RETURN(const auto latest, impl_->store.Latest());
  return ListConnections(*latest, connection_id);
}

absl::StatusOr<v1::ListConnectionsResponse> Engine::ListConnections(
    const storage::Snapshot& snapshot, const std::string& connection_id) {
  std::vector<Connection> connections;
  if (connection_id.empty()) {
    BB_ASSIGN_OR_RETURN(connections, AllConnections(snapshot));
  } else {
    BB_ASSIGN_OR_RETURN(Connection connection, FindConnection(snapshot, connection_id));
    connections.push_back(std::move(connection));
  }
  v1::ListConnectionsResponse response;
  for (Connection& connection : connections) {
    BB_ASSIGN_OR_RETURN(*response.add_statuses(),
                        StatusOfConnection(snapshot, impl_->supervisor, connection));
    *response.add_connections() = std::move(connection);
  }
  return response;
}

absl::StatusOr<v1::CheckConnectionResponse> Engine::CheckConnection(
    const std::string& connection_id) {
  BB_RETURN_IF_ERROR(impl_->busy.Enter(connection_id));
  const Turn turn(impl_->busy, connection_id);
  BB_ASSIGN_OR_RETURN(const Connection connection, impl_->Find(connection_id));
  BB_ASSIGN_OR_RETURN(const Mapping mapping, Mapping::Make(connection));
  BB_ASSIGN_OR_RETURN(const auto spec, ProcessSpecOf(connection, mapping, impl_->secrets));
  BB_ASSIGN_OR_RETURN(const auto session, impl_->supervisor.Open(spec));
  BB_ASSIGN_OR_RETURN(const auto checked, session->Check());
  v1::CheckConnectionResponse response;
  *response.mutable_diagnostics() = checked.diagnostics();
  *response.mutable_visible_records() = checked.visible_records();
  BB_ASSIGN_OR_RETURN(const auto discovered, session->Discover());
  for (const auto& stream : discovered.streams()) {
    if (stream.name() != StreamOf(connection).stream) continue;
    Promise promise = PromiseOf(stream);
    response.set_level(promise.level);
    for (std::string& lack : promise.missing) response.add_missing_for_level(std::move(lack));
    for (auto& trouble : TroubleWithMappings(stream, mapping)) {
      *response.add_diagnostics() = std::move(trouble);
    }
  }
  return response;
}

absl::StatusOr<v1::ListBusyDaysResponse> Engine::ListBusyDays(const std::string& connection_id) {
  BB_RETURN_IF_ERROR(impl_->busy.Enter(connection_id));
  const Turn turn(impl_->busy, connection_id);
  BB_ASSIGN_OR_RETURN(const Connection connection, impl_->Find(connection_id));
  BB_RETURN_IF_ERROR(CheckEnabled(connection));
  if (!connection.has_meetings()) {
    return base::MakeError(errors::v1::ERROR_REASON_CONNECTION_INVALID,
                           "the connection '" + connection_id + "' has no calendars",
                           {{"connection_id", connection_id}, {"field", "meetings"}});
  }
  BB_ASSIGN_OR_RETURN(const Mapping mapping, Mapping::Make(connection));
  BB_ASSIGN_OR_RETURN(const auto spec, ProcessSpecOf(connection, mapping, impl_->secrets));
  return ReadBusyDays(impl_->supervisor, spec, connection);
}

absl::StatusOr<Plan> Engine::PlanSync(const std::string& connection_id,
                                      const std::string& actor,
                                      const ProgressSink& progress,
                                      const supervisor::CancelToken& cancel) {
  BB_RETURN_IF_ERROR(impl_->busy.Enter(connection_id));
  const Turn turn(impl_->busy, connection_id);
  BB_ASSIGN_OR_RETURN(const Connection connection, impl_->Find(connection_id));
  BB_RETURN_IF_ERROR(CheckEnabled(connection));
  Run run = impl_->runner.NewRun(connection_id, actor);
  return impl_->runner.Plan(connection, progress, cancel, run);
}

absl::StatusOr<Run> Engine::ApplyPlan(const v1::ApplyPlanRequest& request,
                                      const std::string& /*actor*/,
                                      const ProgressSink& progress,
                                      const supervisor::CancelToken& cancel) {
  BB_ASSIGN_OR_RETURN(Plan plan, impl_->FindPlan(request.plan_id()));
  BB_RETURN_IF_ERROR(impl_->busy.Enter(plan.connection_id()));
  const Turn turn(impl_->busy, plan.connection_id());
  BB_ASSIGN_OR_RETURN(const Connection connection, impl_->Find(plan.connection_id()));
  BB_RETURN_IF_ERROR(CheckEnabled(connection));
  return impl_->runner.Apply(connection, std::move(plan), request.accept_held(), progress, cancel);
}

absl::StatusOr<Run> Engine::RunUnattended(const std::string& connection_id,
                                          const supervisor::CancelToken& cancel) {
  BB_RETURN_IF_ERROR(impl_->busy.Enter(connection_id));
  const Turn turn(impl_->busy, connection_id);
  BB_ASSIGN_OR_RETURN(const Connection connection, impl_->Find(connection_id));
  BB_RETURN_IF_ERROR(CheckEnabled(connection));
  Run run = impl_->runner.NewRun(connection_id, kSchedule);
  BB_ASSIGN_OR_RETURN(Plan plan, impl_->runner.Plan(connection, nullptr, cancel, run));
  if (IsEmpty(plan) || !NeedsNoPerson(plan)) return run;
  return impl_->runner.Apply(connection, std::move(plan), false, nullptr, cancel);
}

absl::Status Engine::RunOutbound(const std::string& connection_id,
                                 const supervisor::CancelToken& cancel) {
  BB_RETURN_IF_ERROR(impl_->busy.Enter(connection_id, Busy::Who::kHub));
  const Turn turn(impl_->busy, connection_id);
  BB_ASSIGN_OR_RETURN(const Connection connection, impl_->Find(connection_id));
  BB_RETURN_IF_ERROR(CheckEnabled(connection));
  if (connection.has_meetings()) return impl_->runner.Publish(connection);
  BB_RETURN_IF_ERROR(FollowRegistry(impl_->store, connection));
  BB_ASSIGN_OR_RETURN(const auto latest, impl_->store.Latest());
  BB_ASSIGN_OR_RETURN(const bool due, AnyDue(*latest, StreamOf(connection), impl_->clock.Now()));
  if (!due) return absl::OkStatus();
  Run run = impl_->runner.NewRun(connection_id, kRegistry);
  run.set_outbound(true);
  BB_ASSIGN_OR_RETURN(Plan plan, impl_->runner.PlanOutbound(connection, cancel, run));
  // A look that found nothing to do is no news to anybody.
  if (IsEmpty(plan)) return impl_->runner.Forget(run);
  if (!NeedsNoPerson(plan)) return absl::OkStatus();
  return impl_->runner.Apply(connection, std::move(plan), false, nullptr, cancel).status();
}

absl::StatusOr<std::vector<Engine::Writing>> Engine::WritingConnections(base::Instant now) {
  BB_ASSIGN_OR_RETURN(const auto latest, impl_->store.Latest());
  BB_ASSIGN_OR_RETURN(const auto connections, AllConnections(*latest));
  std::vector<Writing> writing;
  for (const Connection& connection : connections) {
    if (connection.has_meetings() && !connection.disabled()) {
      BB_ASSIGN_OR_RETURN(const auto waiting,
                          events::WaitingPublications(*latest, connection.id()));
      // Each look is a new one.
      const auto due = static_cast<std::uint64_t>(now.time_since_epoch().count());
      if (!waiting.empty()) writing.push_back({connection.id(), due});
      continue;
    }
    const auto mapping = Mapping::Make(connection);
    if (connection.disabled() || !mapping.ok() || !mapping->writes()) continue;
    const StreamKey stream = StreamOf(connection);
    BB_ASSIGN_OR_RETURN(const auto state,
                        Load<v1::StreamState>(*latest, Kind::kStreamState, stream.prefix()));
    if (!state || !state->ever_applied()) continue;
    BB_ASSIGN_OR_RETURN(const auto due, SumOfTimedAndDue(*latest, stream, now));
    writing.push_back({connection.id(), due});
  }
  return writing;
}

absl::StatusOr<v1::UndoRunResponse> Engine::UndoRun(const v1::UndoRunRequest& request,
                                                    const std::string& actor) {
  BB_ASSIGN_OR_RETURN(const auto latest, impl_->store.Latest());
  BB_ASSIGN_OR_RETURN(const Run run, FindRun(*latest, request.run_id()));
  BB_RETURN_IF_ERROR(impl_->busy.Enter(run.connection_id()));
  const Turn turn(impl_->busy, run.connection_id());
  return sync::UndoRun(impl_->store, request, actor);
}

absl::StatusOr<std::vector<std::string>> Engine::DueConnections(base::Instant now) {
  BB_ASSIGN_OR_RETURN(const auto latest, impl_->store.Latest());
  BB_ASSIGN_OR_RETURN(const auto connections, AllConnections(*latest));
  std::vector<std::string> due;
  for (const Connection& connection : connections) {
    BB_ASSIGN_OR_RETURN(const auto last, NewestRun(*latest, connection.id(), /*reading=*/true));
    const auto next = NextRun(connection, last);
    if (next && *next <= now) due.push_back(connection.id());
  }
  return due;
}

absl::StatusOr<v1::AuditConnectionResponse> Engine::AuditConnection(
    const std::string& connection_id, const supervisor::CancelToken& cancel) {
  BB_RETURN_IF_ERROR(impl_->busy.Enter(connection_id, Busy::Who::kAudit));
  const Turn turn(impl_->busy, connection_id);
  BB_ASSIGN_OR_RETURN(const Connection connection, impl_->Find(connection_id));
  BB_RETURN_IF_ERROR(CheckEnabled(connection));
  return impl_->runner.Audit(connection, cancel);
}

absl::StatusOr<std::vector<std::string>> Engine::DueAudits(base::Instant now,
                                                           std::chrono::milliseconds every) {
  BB_ASSIGN_OR_RETURN(const auto latest, impl_->store.Latest());
  return sync::DueAudits(*latest, now, every);
}

absl::StatusOr<Plan> Engine::GetPlan(const std::string& plan_id) {
  return impl_->FindPlan(plan_id);
}

absl::StatusOr<v1::ListPlannedActionsResponse> Engine::ListPlannedActions(
    const v1::ListPlannedActionsRequest& request) {
  BB_ASSIGN_OR_RETURN(const Plan plan, impl_->FindPlan(request.plan_id()));
  BB_ASSIGN_OR_RETURN(const auto latest, impl_->store.Latest());
  return sync::ListPlannedActions(*latest, plan, request);
}

absl::StatusOr<v1::ListRunsResponse> Engine::ListRuns(const v1::ListRunsRequest& request) {
  BB_ASSIGN_OR_RETURN(const auto latest, impl_->store.Latest());
  return sync::ListRuns(*latest, request);
}

absl::StatusOr<v1::ListRejectedRecordsResponse> Engine::ListRejectedRecords(
    const v1::ListRejectedRecordsRequest& request) {
  BB_ASSIGN_OR_RETURN(const auto latest, impl_->store.Latest());
  return sync::ListRejectedRecords(*latest, request);
}

absl::StatusOr<v1::ListConflictsResponse> Engine::ListConflicts(
    const v1::ListConflictsRequest& request) {
  BB_ASSIGN_OR_RETURN(const auto latest, impl_->store.Latest());
  return sync::ListConflicts(*latest, request);
}

v1::ListPluginsResponse Engine::ListPlugins() {
  v1::ListPluginsResponse response;
  for (const supervisor::PluginFile& file : impl_->supervisor.Plugins()) {
    v1::Plugin& plugin = *response.add_plugins();
    plugin.set_plugin(file.plugin);
    plugin.set_version(file.version);
    plugin.set_kind(file.kind);
    plugin.set_summary(file.summary);
    plugin.set_refused_because(file.refused_because);
  }
  return response;
}

absl::Status Engine::Prune() {
  BB_RETURN_IF_ERROR(contact::RetireOldTouchpoints(impl_->store).status());
  BB_RETURN_IF_ERROR(sync::Prune(impl_->store, impl_->clock));
  return impl_->store.Scrub();
}

absl::StatusOr<std::uint64_t> NextEpoch(storage::Store& store,
                                        const base::ConnectionId& connection) {
  // A stream of no name: the process serves all of a connection's streams.
  const std::string key = connection.text() + "//epoch";
  std::uint64_t epoch = 0;
  const auto written = store.Write("sync", [&](storage::Transaction& transaction) -> absl::Status {
    BB_ASSIGN_OR_RETURN(auto state, Load<v1::StreamState>(transaction, Kind::kStreamState, key));
    v1::StreamState next = state ? *std::move(state) : v1::StreamState();
    epoch = next.epoch() + 1;
    next.set_epoch(epoch);
    return transaction.Put(Kind::kStreamState, key, next.SerializeAsString());
  });
  BB_RETURN_IF_ERROR(written.status());
  return epoch;
}

}  // namespace brobygger::sync
