#pragma once

#include <string>

#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include "core/storage/store.h"

namespace brobygger::sync {

// Lets a few writes be under way while the next is being prepared, so that
// reading a source and flushing to disk overlap. Used from one thread. After the
// first failure nothing more is submitted.
class WriteWindow {
 public:
  // `store` must outlive the window.
  WriteWindow(storage::Store& store, std::string actor, int width);
  ~WriteWindow();

  WriteWindow(const WriteWindow&) = delete;
  WriteWindow& operator=(const WriteWindow&) = delete;

  // Waits for room, then submits. The error of an earlier write, if any.
  absl::Status Submit(storage::Store::Body body, std::function<void()> committed = nullptr);

  // Waits until nothing is under way. The first error, if any.
  absl::Status Drain();

 private:
  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return under_way_ < width_; }
  bool Idle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return under_way_ == 0; }

  storage::Store& store_;
  const std::string actor_;
  const int width_;
  absl::Mutex mutex_;
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status first_error_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::sync
