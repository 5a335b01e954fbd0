#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

namespace brobygger::rpc {

// A few threads for calls that wait for a source system, so that gRPC's own
// threads never do. Thread-safe. The destructor stops it.
class WorkerPool {
 public:
  WorkerPool(int threads, int queue_limit);
  ~WorkerPool();

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Runs `work` on one of the threads, soon. OVERLOADED: too much is waiting;
  // STOPPING after Stop(). An exception from `work` ends the process, so catch
  // what a library may throw.
  absl::Status Push(std::function<void()> work);

  // Takes no more work, does what is waiting, and joins the threads.
  void Stop();

 private:
  void Run();
  bool Ready() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || !queue_.empty(); }

  const std::size_t queue_limit_;
  absl::Mutex mutex_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::jthread> threads_;
};

}  // namespace brobygger::rpc
