#include "plugins/centres/hsds/listeners.h"

namespace brobygger::hsds {
namespace {

// Longer than that and the hub does better to come again: it knows when.
constexpr auto kMostWait = std::chrono::seconds(90);
constexpr auto kBetweenBeats = std::chrono::seconds(1);

absl::Status Given(bool up) {
  return up ? absl::CancelledError("nobody waits any more") : absl::OkStatus();
}

}  // namespace

absl::Status ReadListener::StillWanted() { return Given(!sink_.Open()); }

bool ReadListener::MayWait(std::chrono::seconds time) const { return time <= kMostWait; }

absl::Status ReadListener::Waiting() {
  return sink_.Beat(sdk::Heartbeat::STATE_WAITING_RATE_LIMIT, position_);
}

absl::Status ReadListener::Progress() {
  ++position_;
  const auto now = std::chrono::steady_clock::now();
  if (now - told_at_ < kBetweenBeats) return absl::OkStatus();
  told_at_ = now;
  return sink_.Beat(sdk::Heartbeat::STATE_WORKING, position_);
}

absl::Status CheckListener::StillWanted() { return Given(call_.cancelled()); }

}  // namespace brobygger::hsds
