#include "core/sync/runner.h"

#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/sync/apply.h"
#include "core/sync/claims.h"
#include "core/sync/conflicts.h"
#include "core/sync/connections.h"
#include "core/sync/divergence.h"
#include "core/sync/follow.h"
#include "core/sync/intake.h"
#include "core/sync/plan.h"
#include "core/sync/plugin_upgrade.h"
#include "core/sync/publish.h"
#include "core/sync/record_text.h"
#include "core/sync/run_report.h"
#include "core/sync/runs.h"
#include "core/sync/settle_writes.h"
#include "core/sync/twins.h"

namespace brobygger::sync {
namespace {

using storage::Kind;
using v1::Connection;
using v1::Run;

}  // namespace

Runner::Runner(storage::Store& store,
               const registry::Identity& identity,
               supervisor::Supervisor& supervisor,
               const base::Clock& clock,
               SecretResolver secrets)
    : store_(store),
      identity_(identity),
      supervisor_(supervisor),
      clock_(clock),
      secrets_(std::move(secrets)),
      side_streams_(store_, supervisor_, clock_, secrets_) {}

absl::Status Runner::Keep(const Run& run) const {
  return store_
      .Write("sync", [&](storage::Transaction& transaction) { return StoreRun(transaction, run); })
      .status();
}

absl::Status Runner::Forget(const Run& run) const {
  const std::string key = RunKey(run.connection_id(), base::ToInstant(run.start_time()), run.id());
  return store_
      .Write("sync",
             [&](storage::Transaction& transaction) { return transaction.Remove(Kind::kRun, key); })
      .status();
}

Run Runner::NewRun(const std::string& connection_id, const std::string& actor) const {
  Run run;
  run.set_id(base::MakeUuid());
  run.set_connection_id(connection_id);
  run.set_state(Run::STATE_RUNNING);
  run.set_actor(actor);
  *run.mutable_start_time() = base::ToTimestamp(clock_.Now());
  return run;
}

absl::StatusOr<DecisionContext> Runner::Decisions(const Connection& connection,
                                                  const Mapping& mapping) const {
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  BB_ASSIGN_OR_RETURN(auto elsewhere, OwnedElsewhere(*latest, connection));
  return DecisionContext{.store = store_,
                         .identity = identity_,
                         .mapping = mapping,
                         .stream = StreamOf(connection),
                         .owned_here = OwnedPaths(connection),
                         .owned_elsewhere = std::move(elsewhere),
                         .creates = connection.creates(),
                         .creates_municipality_code = connection.default_municipality_code()};
}

absl::StatusOr<SourceWriter> Runner::WriterOf(const Connection& connection,
                                              const Mapping& mapping,
                                              const Run& run) const {
  BB_ASSIGN_OR_RETURN(auto spec, ProcessSpecOf(connection, mapping, secrets_));
  const StreamKey stream = StreamOf(connection);
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  BB_ASSIGN_OR_RETURN(const auto state,
                      Load<v1::StreamState>(*latest, Kind::kStreamState, stream.prefix()));
  return SourceWriter(supervisor_, std::move(spec), stream.stream, run.id(),
                      state ? state->plugin_version() : "");
}

// Before anything is sent: another version of the plugin may know the records by other ids.
absl::Status Runner::FollowPlugin(const Connection& connection, const Mapping& mapping) const {
  BB_ASSIGN_OR_RETURN(const auto spec, ProcessSpecOf(connection, mapping, secrets_));
  return FollowPluginVersion(store_, supervisor_, connection, spec);
}

// Before anything is read: what is read must not be taken for news that a write of
// ours has made.
absl::Status Runner::Settle(const Connection& connection,
                            const DecisionContext& decisions,
                            const Reading& reading,
                            Run& run) const {
  if (!decisions.mapping.writes()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  BB_ASSIGN_OR_RETURN(
      const auto open,
      latest->Scan(Kind::kOperation, {.prefix = decisions.stream.prefix(), .limit = 1}));
  // A reading follows by itself, and what is planned without one is to be sent.
  if (!open.empty() || reading.outbound_only) {
    BB_RETURN_IF_ERROR(FollowPlugin(connection, decisions.mapping));
  }
  if (open.empty()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(SourceWriter writer, WriterOf(connection, decisions.mapping, run));
  OutboundCounts counts;
  BB_ASSIGN_OR_RETURN(KnownWrites known, FindKnownWrites(*latest, decisions.stream));
  BB_RETURN_IF_ERROR(SettleWrites(
      store_, {decisions, "plugin:" + connection.plugin(), run.id(), counts, known}, writer));
  run.set_source_created_count(counts.created);
  run.set_source_updated_count(counts.updated);
  run.set_doubtful_count(counts.doubtful);
  return absl::OkStatus();
}

absl::StatusOr<IntakeResult> Runner::Read(const Connection& connection,
                                          const Mapping& mapping,
                                          const Reading& reading,
                                          Run& run) const {
  IntakeResult read;
  read.unchanged = true;
  read.complete = true;
  // Calendars have no associations.
  if (reading.outbound_only || connection.has_meetings()) return read;
  const base::Instant start = clock_.Now();
  BB_ASSIGN_OR_RETURN(const auto spec, ProcessSpecOf(connection, mapping, secrets_));
  Intake intake({.store = store_,
                 .supervisor = supervisor_,
                 .clock = clock_,
                 .connection = connection,
                 .stream = StreamOf(connection),
                 .run_id = run.id(),
                 .screen = MappedFields(mapping.mappings())});
  BB_ASSIGN_OR_RETURN(read, intake.Run(spec, reading.progress, reading.cancel));
  *run.mutable_read_duration() = Between(start, clock_.Now());
  run.set_read_count(read.read);
  run.set_changed_count(read.changed);
  run.set_rejected_count(read.rejected);
  run.set_complete(read.complete);
  return read;
}

// Reads and plans; `run` is brought up to date on the way.
absl::StatusOr<v1::Plan> Runner::ReadAndPlan(const Connection& connection,
                                             const Reading& reading,
                                             Run& run) const {
  BB_ASSIGN_OR_RETURN(const Mapping mapping, Mapping::Make(connection));
  BB_RETURN_IF_ERROR(LookAgainIfChanged(store_, connection));
  BB_ASSIGN_OR_RETURN(DecisionContext decisions, Decisions(connection, mapping));
  BB_RETURN_IF_ERROR(Settle(connection, decisions, reading, run));
  BB_ASSIGN_OR_RETURN(const IntakeResult read, Read(connection, mapping, reading, run));
  // After the associations, so that an applicant is known before what it applies for.
  WaitingBeside beside;
  if (!reading.outbound_only) {
    const ReadBeside side{connection, mapping, reading.progress, reading.cancel};
    BB_ASSIGN_OR_RETURN(beside, side_streams_.Read(side, run));
  }

  const base::Instant planning = clock_.Now();
  BB_RETURN_IF_ERROR(CloseDecidedConflicts(store_, StreamOf(connection), mapping));
  BB_RETURN_IF_ERROR(FollowRegistry(store_, connection));
  BB_RETURN_IF_ERROR(LookForTwins(decisions));
  // Another version of the plugin may have renamed it while it was looked for.
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  BB_ASSIGN_OR_RETURN(const Connection now, FindConnection(*latest, connection.id()));
  const bool same_canary = now.canary_external_id() == connection.canary_external_id();
  BB_ASSIGN_OR_RETURN(v1::Plan plan,
                      MakePlan({.store = store_,
                                .clock = clock_,
                                .decisions = decisions,
                                .run_id = run.id(),
                                .canary_external_id = same_canary ? now.canary_external_id() : "",
                                .outbound_only = reading.outbound_only,
                                .beside = std::move(beside),
                                .unattended = run.actor() == kSchedule || run.actor() == kRegistry},
                               read, reading.progress, reading.cancel));
  *run.mutable_apply_duration() = Between(planning, clock_.Now());
  run.set_rejected_count(plan.rejected_count());
  run.set_plan_id(plan.id());
  return plan;
}

absl::StatusOr<v1::Plan> Runner::Plan(const Connection& connection,
                                      const ProgressSink& progress,
                                      const supervisor::CancelToken& cancel,
                                      Run& run) const {
  return Conclude(connection, {false, progress, cancel}, run);
}

absl::StatusOr<v1::Plan> Runner::PlanOutbound(const Connection& connection,
                                              const supervisor::CancelToken& cancel,
                                              Run& run) const {
  return Conclude(connection, {true, nullptr, cancel}, run);
}

// Plans within a turn that the caller holds.
absl::StatusOr<v1::Plan> Runner::Conclude(const Connection& connection,
                                          const Reading& reading,
                                          Run& run) const {
  BB_RETURN_IF_ERROR(Keep(run));
  auto plan = ReadAndPlan(connection, reading, run);
  if (!plan.ok()) {
    run.set_state(Run::STATE_FAILED);
    *run.add_diagnostics() = ToDiagnostic(plan.status());
    base::LogWarning("sync_failed", {{"connection", base::ConnectionId(connection.id())},
                                     {"run", base::RunId(run.id())},
                                     {"code", plan.status().raw_code()}});
  } else if (IsEmpty(*plan) && plan->verdict() == v1::Plan::VERDICT_OK) {
    run.set_state(Run::STATE_DONE);
  } else if (plan->has_reject_time()) {
    run.set_state(Run::STATE_REJECTED);
  } else {
    run.set_state(Run::STATE_WAITING);
    AddReasons(*plan, run);
  }
  *run.mutable_end_time() = base::ToTimestamp(clock_.Now());
  BB_RETURN_IF_ERROR(Keep(run));
  return plan;
}

absl::Status Runner::Publish(const Connection& connection) const {
  BB_ASSIGN_OR_RETURN(const Mapping mapping, Mapping::Make(connection));
  BB_ASSIGN_OR_RETURN(auto spec, ProcessSpecOf(connection, mapping, secrets_));
  Run run = NewRun(connection.id(), kRegistry);
  run.set_outbound(true);
  SourceWriter writer(supervisor_, std::move(spec), kEventStream, run.id());
  const auto published = PublishWaiting(store_, connection.id(), writer);
  if (published.ok() && published->ByteSizeLong() == 0) return absl::OkStatus();
  run.set_state(published.ok() ? Run::STATE_DONE : Run::STATE_FAILED);
  if (published.ok()) *run.mutable_publications() = *published;
  if (!published.ok()) *run.add_diagnostics() = ToDiagnostic(published.status());
  *run.mutable_end_time() = base::ToTimestamp(clock_.Now());
  BB_RETURN_IF_ERROR(Keep(run));
  return published.status();
}

// As a plan begins, so that what waits for one is known to wait.
absl::StatusOr<v1::AuditConnectionResponse> Runner::Audit(
    const Connection& connection, const supervisor::CancelToken& cancel) const {
  BB_ASSIGN_OR_RETURN(const Mapping mapping, Mapping::Make(connection));
  BB_RETURN_IF_ERROR(LookAgainIfChanged(store_, connection));
  BB_RETURN_IF_ERROR(CloseDecidedConflicts(store_, StreamOf(connection), mapping));
  BB_RETURN_IF_ERROR(FollowRegistry(store_, connection));
  BB_ASSIGN_OR_RETURN(const DecisionContext decisions, Decisions(connection, mapping));
  return AuditDivergence(store_, decisions, cancel);
}

absl::Status Runner::MayBeApplied(const v1::Plan& plan, bool accept_held) const {
  const auto stale = [&](const std::string& state, const std::string& why) {
    return base::MakeError(
        errors::v1::ERROR_REASON_PLAN_STALE,
        "the plan " + why + "; make a new one with brobygger sync plan " + plan.connection_id(),
        {{"plan_id", plan.id()}, {"state", state}});
  };
  if (plan.has_used_time()) return stale("used", "was applied already");
  if (plan.has_reject_time()) return stale("rejected", "was rejected");
  if (base::ToInstant(plan.expire_time()) < clock_.Now())
    return stale("expired", "is older than 24 hours");
  if (plan.verdict() == v1::Plan::VERDICT_HELD && !accept_held) {
    std::string why;
    for (const auto& reason : plan.reasons()) why += (why.empty() ? "" : "; ") + reason;
    return base::MakeError(errors::v1::ERROR_REASON_PLAN_HELD,
                           "the plan waits for a person: " + why +
                               ". Look at it, and apply it with --accept-held if it is right",
                           {{"plan_id", plan.id()}, {"verdict", "HELD"}});
  }
  return absl::OkStatus();
}

// Marks the plan as used, in one write with the check that it is the newest.
absl::Status Runner::Use(v1::Plan& plan, const StreamKey& stream) const {
  return store_
      .Write(
          "sync",
          [&](storage::Transaction& transaction) -> absl::Status {
            BB_ASSIGN_OR_RETURN(auto state, Load<v1::StreamState>(transaction, Kind::kStreamState,
                                                                  stream.prefix()));
            BB_ASSIGN_OR_RETURN(const auto stored,
                                Load<v1::Plan>(transaction, Kind::kPlan, plan.id()));
            const bool replaced = state && state->newest_plan_id() != plan.id() && !plan.outbound();
            // Somebody may have said no while this one waited for its turn.
            const bool rejected = stored && stored->has_reject_time();
            // Another version of the plugin may have ended it.
            const bool ended = stored && base::ToInstant(stored->expire_time()) < clock_.Now();
            if (!state || !stored || stored->has_used_time() || replaced || rejected || ended) {
              return base::MakeError(
                  errors::v1::ERROR_REASON_PLAN_STALE,
                  rejected ? "somebody rejected the plan meanwhile; plan again if it is to be done"
                           : "the plan was used or a newer one was made; use the newest, or plan "
                             "again",
                  {{"plan_id", plan.id()}, {"state", rejected ? "rejected" : "replaced"}});
            }
            *plan.mutable_used_time() = base::ToTimestamp(transaction.now());
            // Of a plan with something in it, its last part says so.
            if (plan.part_count() == 0) state->set_ever_applied(true);
            BB_RETURN_IF_ERROR(
                transaction.Put(Kind::kStreamState, stream.prefix(), state->SerializeAsString()));
            return transaction.Put(Kind::kPlan, plan.id(), plan.SerializeAsString());
          })
      .status();
}

absl::StatusOr<Run> Runner::FindRun(const v1::Plan& plan) const {
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  std::optional<Run> found;
  BB_RETURN_IF_ERROR(ForEach(*latest, Kind::kRun, plan.connection_id() + "/",
                             [&](const std::string& /*key*/, const std::string& bytes) {
                               Run run;
                               if (run.ParseFromString(bytes) && run.id() == plan.run_id())
                                 found = run;
                               return absl::OkStatus();
                             }));
  if (found) return *std::move(found);
  Run run = NewRun(plan.connection_id(), "operator");
  run.set_plan_id(plan.id());
  return run;
}

// Applies within a turn that the caller holds.
absl::StatusOr<Run> Runner::Apply(const Connection& connection,
                                  v1::Plan plan,
                                  bool accept_held,
                                  const ProgressSink& progress,
                                  const supervisor::CancelToken& cancel) const {
  BB_RETURN_IF_ERROR(MayBeApplied(plan, accept_held));
  BB_ASSIGN_OR_RETURN(const Mapping mapping, Mapping::Make(connection));
  if (plan.source_create_count() + plan.source_update_count() > 0) {
    BB_RETURN_IF_ERROR(FollowPlugin(connection, mapping));
  }
  const base::Instant start = clock_.Now();
  BB_ASSIGN_OR_RETURN(Run run, FindRun(plan));
  // All that may be missing is looked for first: a plan that is used is used up.
  BB_ASSIGN_OR_RETURN(DecisionContext decisions, Decisions(connection, mapping));
  BB_RETURN_IF_ERROR(LookForTwins(decisions));
  BB_ASSIGN_OR_RETURN(SourceWriter writer, WriterOf(connection, mapping, run));
  BB_RETURN_IF_ERROR(Use(plan, StreamOf(connection)));
  run.set_state(Run::STATE_RUNNING);
  BB_RETURN_IF_ERROR(Keep(run));

  const bool deletes = plan.verdict() != v1::Plan::VERDICT_DELETIONS_HELD || accept_held;
  const auto applied = ApplyParts({.store = store_,
                                   .decisions = decisions,
                                   .actor = "plugin:" + connection.plugin(),
                                   .run_id = run.id(),
                                   .with_deletions = deletes,
                                   .writer = writer},
                                  plan, progress, cancel);
  if (applied.ok()) AddApplied(*applied, run);
  const absl::Status done = applied.ok()
                                ? side_streams_.BringIn(connection, plan, deletes, cancel, run)
                                : absl::Status(applied.status());
  // Planning was timed before; the two together are what a change costs.
  *run.mutable_apply_duration() = Between(start, AddTo(run.apply_duration(), clock_.Now()));
  *run.mutable_end_time() = base::ToTimestamp(clock_.Now());
  run.set_state(done.ok() ? Run::STATE_DONE : Run::STATE_FAILED);
  if (!done.ok()) *run.add_diagnostics() = ToDiagnostic(done);
  if (!applied.ok()) {
    BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
    BB_RETURN_IF_ERROR(CountDone(*latest, run));
  }
  BB_RETURN_IF_ERROR(Keep(run));
  BB_RETURN_IF_ERROR(done);
  return run;
}

}  // namespace brobygger::sync
