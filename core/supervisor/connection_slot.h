#pragma once

#include <functional>
#include <memory>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/random/random.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/supervisor/kept_budget.h"
#include "core/supervisor/restart_policy.h"
#include "core/supervisor/running_plugin.h"

namespace brobygger::supervisor {

// The place for the one process of one connection: knows whether there is one,
// whether there may be one, and who talks with it. Thread-safe. Lives in a
// shared_ptr, which its sessions share.
class ConnectionSlot : public std::enable_shared_from_this<ConnectionSlot> {
 public:
  using Finder = std::function<absl::StatusOr<CatalogueEntry>(const std::string& plugin)>;

  // `options` and `warden` must outlive every process of the slot.
  ConnectionSlot(base::ConnectionId connection, const SupervisorOptions& options, Warden& warden);

  // As Supervisor::Open(). `find` is asked only when a process has to be started.
  absl::StatusOr<std::unique_ptr<Session>> Open(const ProcessSpec& spec, const Finder& find);

  void Committed();
  ProcessStatus Status() const;

  // Stops the process, if there is one, also under an open session.
  void Stop(const std::string& reason);
  // The same, and lets none start again.
  void Shut();
  // To be called now and then: stops the process if nobody has talked with it for
  // the idle time, and clears away what is left of ended ones.
  void KeepHouse();

  // For sessions: the conversation is over.
  void Release();

 private:
  void StopIfIdle();
  void ClearAway();
  absl::Status Claim();
  absl::StatusOr<std::shared_ptr<RunningPlugin>> Ready(const ProcessSpec& spec, const Finder& find);
  std::shared_ptr<RunningPlugin> Reusable(const ProcessSpec& spec);
  absl::Status MayStart(const ProcessSpec& spec);
  absl::StatusOr<std::shared_ptr<RunningPlugin>> Start(const ProcessSpec& spec, const Finder& find);
  absl::Status Adopt(std::shared_ptr<Process> process);
  void OnEnd(const Process& process, const std::string& how);
  void Drain(const std::shared_ptr<RunningPlugin>& plugin, const std::string& reason);
  ProcessState StateAt(base::Instant now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const base::ConnectionId connection_;
  const SupervisorOptions& options_;
  Warden& warden_;
  KeptBudget budget_;  // before every call; locks itself

  mutable absl::Mutex mutex_;
  bool claimed_ ABSL_GUARDED_BY(mutex_) = false;  // somebody starts it or talks with it
  bool starting_ ABSL_GUARDED_BY(mutex_) = false;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool shut_ ABSL_GUARDED_BY(mutex_) = false;
  std::shared_ptr<Process> process_ ABSL_GUARDED_BY(mutex_);        // until it was waited for
  std::shared_ptr<RunningPlugin> running_ ABSL_GUARDED_BY(mutex_);  // once it is up
  // Of ended processes. Their clients have threads to join, which the Warden's
  // thread must not wait for.
  std::vector<std::shared_ptr<RunningPlugin>> remains_ ABSL_GUARDED_BY(mutex_);
  ProcessSpec spec_ ABSL_GUARDED_BY(mutex_);  // of the last start
  RestartPolicy policy_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t epoch_ ABSL_GUARDED_BY(mutex_) = 0;
  base::Instant idle_since_ ABSL_GUARDED_BY(mutex_);
  std::string last_end_ ABSL_GUARDED_BY(mutex_);
  absl::BitGen random_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::supervisor
