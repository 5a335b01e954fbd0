#include "core/supervisor/restart_policy.h"

#include <algorithm>

namespace brobygger::supervisor {
namespace {

using std::chrono::microseconds;

// `first` doubled `times` times, at most `cap`. Without overflow for any `times`.
microseconds Doubled(microseconds first, int times, microseconds cap) {
  microseconds result = first;
  for (int i = 0; i < times && result < cap; ++i) result *= 2;
  return std::min(result, cap);
}

}  // namespace

void RestartPolicy::Pause(base::Instant now, microseconds pause) {
  pause_ = pause;
  retry_time_ = now + pause;
}

RestartPolicy::Verdict RestartPolicy::MayStart(base::Instant now) {
  if (retry_time_ - now > pause_) retry_time_ = now + pause_;
  if (now >= retry_time_) return Verdict::kMayStart;
  return rests_ > 0 ? Verdict::kBroken : Verdict::kBackingOff;
}

void RestartPolicy::Ended(base::Instant now, double jitter) {
  ++failures_;
  ends_.push_back(now);
  while (ends_.front() <= now - settings_.breaker_window) ends_.pop_front();

  const bool trial_failed = rests_ > 0;
  if (trial_failed || static_cast<int>(ends_.size()) >= settings_.breaker_ends) {
    Pause(now, Doubled(settings_.breaker_rest, rests_, settings_.breaker_rest_cap));
    ++rests_;
    return;
  }
  const microseconds longest =
      Doubled(settings_.backoff_base, failures_ - 1, settings_.backoff_cap);
  Pause(now, microseconds(static_cast<std::int64_t>(jitter * longest.count())));
}

void RestartPolicy::Committed() {
  ends_.clear();
  failures_ = 0;
  rests_ = 0;
  retry_time_ = base::Instant();
  pause_ = microseconds(0);
}

}  // namespace brobygger::supervisor
