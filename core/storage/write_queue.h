#pragma once

#include <deque>
#include <functional>
#include <string>
#include <thread>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/storage/store.h"

namespace brobygger::storage {

// One body that waits for its turn.
struct WriteJob {
  std::string actor;
  Store::Body body;
  Store::Done done;
};

// A store's own thread and the bodies that wait for it. Thread-safe.
class WriteQueue {
 public:
  // Called on the queue's thread with everything that waits, oldest first. Takes
  // at least one job from the front and has called each one's `done` when it
  // returns; it is called again with those it left.
  using RunGroup = std::function<void(std::deque<WriteJob>& jobs)>;

  explicit WriteQueue(RunGroup run_group);
  ~WriteQueue();
  WriteQueue(const WriteQueue&) = delete;
  WriteQueue& operator=(const WriteQueue&) = delete;

  // After Stop() has begun, `job.done` gets STOPPING at once.
  void Submit(WriteJob job);

  // Moves what has come since to the end of `jobs`. For the function that runs a
  // group, on the queue's thread.
  void TakeWaiting(std::deque<WriteJob>& jobs);

  // Runs what was submitted before, then ends the thread. Not from the thread
  // itself.
  void Stop();

 private:
  void Run();
  bool HasWorkOrStops() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const RunGroup run_group_;
  absl::Mutex mutex_;
  std::deque<WriteJob> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace brobygger::storage
