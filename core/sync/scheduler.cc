#include "core/sync/scheduler.h"

#include <thread>

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include "core/base/log.h"

namespace brobygger::sync {
namespace {

// How late a run may begin.
constexpr absl::Duration kSchedulerTick = absl::Seconds(1);

}  // namespace

// One run at a time: sources are read in turn, so that a hub with twenty
// connections of the same interval does not start twenty processes at once.
class Scheduler::Impl {
 public:
  Impl(Engine& engine, const base::Clock& clock, const SchedulerOptions& options)
      : engine_(engine), clock_(clock), options_(options), thread_([this] { Loop(); }) {}

  ~Impl() {
    cancel_.Cancel();
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    thread_.join();
  }

 private:
  void Loop() {
    while (!Stopping()) {
      PruneHourly();
      RunWhatIsDue();
      AuditWhatIsDue();
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kSchedulerTick);
    }
  }

  bool Stopping() {
    absl::MutexLock lock(&mutex_);
    return stopping_;
  }

  void PruneHourly() {
    const base::Instant now = clock_.Now();
    if (now < next_prune_) return;
    next_prune_ = now + std::chrono::hours(1);
    const absl::Status pruned = engine_.Prune();
    if (!pruned.ok()) base::LogWarning("prune_failed", {{"code", pruned.raw_code()}});
  }

  void RunWhatIsDue() {
    const auto due = engine_.DueConnections(clock_.Now());
    if (!due.ok()) return;
    for (const std::string& connection : *due) {
      if (Stopping()) return;
      const auto run = engine_.RunUnattended(connection, cancel_);
      if (run.ok()) continue;
      // The run's own report says why; here only that somebody may look.
      base::LogWarning("scheduled_run_failed", {{"connection", base::ConnectionId(connection)},
                                                {"code", run.status().raw_code()}});
    }
  }

  // Looked for each minute: a connection that is busy now is not for long.
  void AuditWhatIsDue() {
    const base::Instant now = clock_.Now();
    if (now < next_audit_) return;
    next_audit_ = now + std::chrono::minutes(1);
    const auto due = engine_.DueAudits(now, options_.audit_every);
    if (!due.ok()) return;
    for (const std::string& connection : *due) {
      if (Stopping()) return;
      const auto audited = engine_.AuditConnection(connection, cancel_);
      if (audited.ok()) continue;
      base::LogWarning("audit_failed", {{"connection", base::ConnectionId(connection)},
                                        {"code", audited.status().raw_code()}});
    }
  }

  Engine& engine_;
  const base::Clock& clock_;
  const SchedulerOptions options_;
  supervisor::CancelToken cancel_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  base::Instant next_prune_;  // the thread's own
  base::Instant next_audit_;  // the thread's own
  std::thread thread_;
};

Scheduler::Scheduler(Engine& engine, const base::Clock& clock, const SchedulerOptions& options)
    : impl_(std::make_unique<Impl>(engine, clock, options)) {}
Scheduler::~Scheduler() = default;

}  // namespace brobygger::sync
