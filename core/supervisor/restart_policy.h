#pragma once

#include <chrono>
#include <deque>

#include "core/base/clock.h"

namespace brobygger::supervisor {

// Decides when the process of one connection may be started again: back-off
// with full jitter after each end, and a breaker that opens when too many ends
// come without a committed checkpoint between them. The breaker never gives up:
// it lets a trial start through after each rest. Pure; the caller tells the time.
class RestartPolicy {
 public:
  struct Settings {
    std::chrono::milliseconds backoff_base = std::chrono::milliseconds(500);
    std::chrono::milliseconds backoff_cap = std::chrono::minutes(5);
    int breaker_ends = 5;
    std::chrono::milliseconds breaker_window = std::chrono::minutes(10);
    std::chrono::milliseconds breaker_rest = std::chrono::minutes(15);
    std::chrono::milliseconds breaker_rest_cap = std::chrono::hours(6);
  };

  enum class Verdict { kMayStart, kBackingOff, kBroken };

  explicit RestartPolicy(const Settings& settings) : settings_(settings) {}

  // Not const: a clock that was set back must not prolong a pause.
  Verdict MayStart(base::Instant now);

  // A process ended that nobody stopped. `jitter` is random in [0, 1).
  void Ended(base::Instant now, double jitter);

  // The connection made progress that will not be lost.
  void Committed();

  // When the pause is over; in the past when there is none.
  base::Instant retry_time() const { return retry_time_; }

 private:
  void Pause(base::Instant now, std::chrono::microseconds pause);

  Settings settings_;
  std::deque<base::Instant> ends_;  // since the last commit, within the window
  int failures_ = 0;                // ends since the last commit
  int rests_ = 0;                   // 0: the breaker is closed
  base::Instant retry_time_;
  std::chrono::microseconds pause_{0};
};

}  // namespace brobygger::supervisor
