#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>
#include <google/protobuf/message.h>

#include "core/access/access.h"
#include "core/base/clock.h"

namespace brobygger::rpc {

// How much one caller may use in a minute; 0 is as much as it likes.
struct QuotaLimits {
  int calls_per_minute = 6'000;
  int rows_per_minute = 600'000;
};

// What each caller has left, so that one of them cannot take the hub from the others. A caller has
// a minute's worth at first, and it fills up evenly. Reads are refused when a fifth is left, so
// that a caller who reads too much can still write; of one call a minute nothing is left over. Rows
// are counted when they are told, since nobody knows before how many there are: who has been told
// too many waits before the next read. The operator's socket, the web door and health checks have
// no quota. Thread-safe; costs a lock.
class Quotas {
 public:
  // `clock` must outlive it.
  Quotas(const QuotaLimits& limits, const base::Clock& clock) : limits_(limits), clock_(clock) {}

  // Takes one call. QUOTA_EXCEEDED, with when there is room again.
  absl::Status Enter(const access::Caller& caller, bool writes);

  // The caller was told this many.
  void Told(const access::Caller& caller, std::size_t rows);

  std::size_t callers() const;

 private:
  // How much there is, of how much a minute.
  struct Bucket {
    double most = 0;
    double left = 0;

    void Fill(double minutes);
    // Until there are `wanted`, in seconds; nothing if there are.
    std::int64_t SecondsUntil(double wanted) const;
  };
  struct Left {
    Bucket calls;
    Bucket rows;
    base::Instant filled;
  };

  Left& LeftOf(const access::Caller& caller) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ForgetIdle(base::Instant now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const QuotaLimits limits_;
  const base::Clock& clock_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Left> left_ ABSL_GUARDED_BY(mutex_);
};

// How many records an answer tells: those of its longest list, and one if it has none.
std::size_t RowsIn(const google::protobuf::Message& answer);

}  // namespace brobygger::rpc
