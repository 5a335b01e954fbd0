#pragma once

#include <functional>
#include <memory>
#include <thread>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include "core/storage/sqlite/connection.h"

namespace brobygger::storage {

// Copies the write-ahead log into the file on a thread of its own, so that a
// commit seldom pays for it. Thread-safe.
class Checkpointer {
 public:
  using OnError = std::function<void(const absl::Status&)>;

  // `on_error` is called on the thread that met the error. `every_pages` of log
  // are copied at a time.
  Checkpointer(std::unique_ptr<Connection> connection, int every_pages, OnError on_error);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // Tells how long the log is now. The writer calls it after each commit and not
  // within one. When the log has outgrown its bound, because new commits kept
  // ahead of the copying, this copies what is left itself: nobody adds to the log
  // meanwhile, so the next commit starts it over.
  void LogIs(int pages);

  // Copies the whole log and empties its file, so that nothing that was overwritten is left in it.
  // The writer calls it, and not within a commit. STORAGE_BUSY if a reader held a part of it for
  // as long as a connection waits.
  absl::Status EmptyLog() ABSL_LOCKS_EXCLUDED(mutex_, copy_mutex_);

 private:
  void Run();
  bool IsDueOrStops() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CopyLog() ABSL_LOCKS_EXCLUDED(mutex_, copy_mutex_);

  const int every_pages_;
  const OnError on_error_;
  absl::Mutex copy_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  const std::unique_ptr<Connection> connection_ ABSL_PT_GUARDED_BY(copy_mutex_);
  absl::Mutex mutex_;
  int pages_ ABSL_GUARDED_BY(mutex_) = 0;
  int copied_pages_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace brobygger::storage
