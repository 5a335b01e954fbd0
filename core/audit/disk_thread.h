#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <thread>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include "core/audit/errors.h"

namespace brobygger::audit {

// A thread for work on a disk that may hang, so that who waits for it can stop waiting.
// Thread-safe.
class DiskThread {
 public:
  using Work = std::function<absl::Status()>;

  DiskThread();
  // Runs what waits, then ends the thread.
  ~DiskThread();
  DiskThread(const DiskThread&) = delete;
  DiskThread& operator=(const DiskThread&) = delete;

  // Runs `work` on the thread, one at a time and in order, and returns its status.
  // AUDIT_UNAVAILABLE at the deadline: `work` was taken back, or, if it had begun, ends
  // by itself later; so it must own what it uses.
  absl::Status Run(Work work, Deadline deadline);

 private:
  struct Ticket;
  void Loop();
  bool HasWorkOrStops() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  std::deque<std::shared_ptr<Ticket>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace brobygger::audit
