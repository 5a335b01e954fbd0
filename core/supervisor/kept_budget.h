#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/supervisor/call_budget.h"

namespace brobygger::supervisor {

// The budget of one connection, kept in a file so that neither a new process nor a new
// hub starts with full buckets. Not in the store: that a call was made is no news to
// anybody. Thread-safe.
class KeptBudget {
 public:
  // `file` "": it is kept in memory only.
  explicit KeptBudget(std::string file);

  void Set(std::vector<CallLimit> limits, base::Instant now);

  // As CallBudget::Take(). What was taken is written down first: who dies in the call has
  // made it.
  std::chrono::microseconds Take(const std::string& verb, base::Instant now);

 private:
  void Keep() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string file_;
  absl::Mutex mutex_;
  CallBudget budget_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::supervisor
