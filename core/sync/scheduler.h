#pragma once

#include <chrono>
#include <memory>

#include "core/base/clock.h"
#include "core/storage/store.h"
#include "core/sync/engine.h"

namespace brobygger::sync {

struct SchedulerOptions {
  // How often each connection is audited (divergence.h); 0: never.
  std::chrono::milliseconds audit_every = std::chrono::hours(24);
};

// Runs each enabled connection on its own schedule (Connection.every) while it
// lives, and audits those that write. The destructor stops the runs that are under way at their
// next checkpoint and joins its thread. A connection whose last run began longer ago than its
// interval is due at once.
class Scheduler {
 public:
  // All must outlive the scheduler.
  Scheduler(Engine& engine, const base::Clock& clock, const SchedulerOptions& options);
  ~Scheduler();

  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brobygger::sync
