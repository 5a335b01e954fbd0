#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/base/clock.h"
#include "core/rpc/auditor.h"

namespace brobygger::daemon {

// Keeps refused calls from filling the audit log: of those that are alike within a minute the
// first is written at once, and the others as one record that says how many they were. Calls are
// alike if the same caller was refused the same method for the same reason; of callers whom
// nobody knows, whatever the method. Thread-safe.
class RefusalDigest {
 public:
  static constexpr std::chrono::seconds kWithin = std::chrono::seconds(60);
  // Of more sorts than this in one minute, those beyond are taken for one caller, "several".
  static constexpr std::size_t kMostSorts = 1'000;

  // The record to write now; nothing if it is counted instead.
  std::optional<rpc::AuditedCall> Add(rpc::AuditedCall call, base::Instant now);

  // The records of what was counted and whose minute is over.
  std::vector<rpc::AuditedCall> Take(base::Instant now);
  // Of all that was counted.
  std::vector<rpc::AuditedCall> TakeAll();

 private:
  struct Sort {
    rpc::AuditedCall call;
    base::Instant since;
    std::uint64_t more = 0;
  };

  std::vector<rpc::AuditedCall> TakeUntil(std::optional<base::Instant> now);

  absl::Mutex mutex_;
  std::map<std::string, Sort> sorts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::daemon
