#pragma once

#include <atomic>
#include <chrono>

#include "core/base/clock.h"

namespace brobygger::conformance {

// A clock that moves only when it is told to, so that nobody waits for a pause.
class SetClock final : public base::Clock {
 public:
  base::Instant Now() const override { return now_; }
  void Advance(std::chrono::microseconds by) { now_ = now_.load() + by; }

 private:
  std::atomic<base::Instant> now_ = base::SystemClock().Now();
};

}  // namespace brobygger::conformance
