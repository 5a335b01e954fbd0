#pragma once

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/connection.pb.h"
#include "brobygger/sync/v1/plan.pb.h"
#include "brobygger/sync/v1/sync_answers.pb.h"

#include "core/base/clock.h"
#include "core/registry/identity.h"
#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/decide.h"
#include "core/sync/engine.h"
#include "core/sync/intake.h"
#include "core/sync/secrets.h"
#include "core/sync/side_streams.h"
#include "core/sync/source_writer.h"

namespace brobygger::sync {

// Who asked for a run where no person did: its time came, or the registry changed.
inline constexpr char kSchedule[] = "schedule";
inline constexpr char kRegistry[] = "registry";

// Carries out runs and keeps their reports. Safe to use from many threads, but
// one connection's calls must not overlap: the engine sees to that.
class Runner {
 public:
  // All references must outlive the runner.
  Runner(storage::Store& store,
         const registry::Identity& identity,
         supervisor::Supervisor& supervisor,
         const base::Clock& clock,
         SecretResolver secrets);

  // A report of a run that begins now.
  v1::Run NewRun(const std::string& connection_id, const std::string& actor) const;

  // Reads the source and plans. `run` tells how it went, also when it failed.
  absl::StatusOr<v1::Plan> Plan(const v1::Connection& connection,
                                const ProgressSink& progress,
                                const supervisor::CancelToken& cancel,
                                v1::Run& run) const;

  // Plans, without reading the source, what it is to be told of the registry's changes.
  absl::StatusOr<v1::Plan> PlanOutbound(const v1::Connection& connection,
                                        const supervisor::CancelToken& cancel,
                                        v1::Run& run) const;

  // Writes the events that wait into the connection's calendars, with a report if any did.
  absl::Status Publish(const v1::Connection& connection) const;

  // Looks for what came apart behind the sync's back: see divergence.h.
  absl::StatusOr<v1::AuditConnectionResponse> Audit(const v1::Connection& connection,
                                                    const supervisor::CancelToken& cancel) const;

  // Takes back the report of a run that found nothing to do.
  absl::Status Forget(const v1::Run& run) const;

  // Applies the plan, once. PLAN_STALE, PLAN_HELD.
  absl::StatusOr<v1::Run> Apply(const v1::Connection& connection,
                                v1::Plan plan,
                                bool accept_held,
                                const ProgressSink& progress,
                                const supervisor::CancelToken& cancel) const;

 private:
  // How far a plan was made from the source, and from what.
  struct Reading {
    bool outbound_only;
    const ProgressSink& progress;
    const supervisor::CancelToken& cancel;
  };
  absl::StatusOr<v1::Plan> Conclude(const v1::Connection& connection,
                                    const Reading& reading,
                                    v1::Run& run) const;
  absl::StatusOr<v1::Plan> ReadAndPlan(const v1::Connection& connection,
                                       const Reading& reading,
                                       v1::Run& run) const;
  absl::StatusOr<IntakeResult> Read(const v1::Connection& connection,
                                    const Mapping& mapping,
                                    const Reading& reading,
                                    v1::Run& run) const;
  absl::StatusOr<SourceWriter> WriterOf(const v1::Connection& connection,
                                        const Mapping& mapping,
                                        const v1::Run& run) const;
  absl::Status Settle(const v1::Connection& connection,
                      const DecisionContext& decisions,
                      const Reading& reading,
                      v1::Run& run) const;
  absl::Status FollowPlugin(const v1::Connection& connection, const Mapping& mapping) const;
  absl::Status MayBeApplied(const v1::Plan& plan, bool accept_held) const;
  absl::Status Use(v1::Plan& plan, const StreamKey& stream) const;
  absl::StatusOr<DecisionContext> Decisions(const v1::Connection& connection,
                                            const Mapping& mapping) const;
  absl::StatusOr<v1::Run> FindRun(const v1::Plan& plan) const;
  absl::Status Keep(const v1::Run& run) const;

  storage::Store& store_;
  const registry::Identity& identity_;
  supervisor::Supervisor& supervisor_;
  const base::Clock& clock_;
  const SecretResolver secrets_;
  const SideStreams side_streams_;
};

}  // namespace brobygger::sync
