#pragma once

#include <atomic>

#include "core/base/clock.h"

namespace brobygger::support {

// A clock that stands still until it is told. Thread-safe.
class FakeClock final : public base::Clock {
 public:
  base::Instant Now() const override { return base::Instant(std::chrono::microseconds(micros_)); }
  void Set(base::Instant instant) { micros_ = instant.time_since_epoch().count(); }
  void Advance(std::chrono::microseconds by) { micros_ += by.count(); }

 private:
  // 2024-05-01 12:00 UTC.
  std::atomic<std::int64_t> micros_ = 1'714'564'800'000'000;
};

}  // namespace brobygger::support
