#include "plugins/calendars/graph/listeners.h"

#include <thread>

namespace brobygger::graph {
namespace {

using std::chrono::steady_clock;

// Longer than that and the hub does better to come again: it knows when.
constexpr auto kMostWait = std::chrono::seconds(90);
constexpr auto kBetweenBeats = std::chrono::seconds(1);
constexpr auto kStep = std::chrono::milliseconds(100);

}  // namespace

absl::Status ReadListener::Progress() {
  ++position_;
  const auto now = steady_clock::now();
  if (now - told_at_ < kBetweenBeats) return absl::OkStatus();
  told_at_ = now;
  return sink_.Beat(sdk::Heartbeat::STATE_WORKING, position_);
}

bool ReadListener::MayWait(std::chrono::seconds time) const { return time <= kMostWait; }

absl::Status ReadListener::Wait(std::chrono::seconds time) {
  const auto until = steady_clock::now() + time;
  auto next_beat = steady_clock::now();
  while (steady_clock::now() < until) {
    if (Stopped()) return absl::CancelledError("nobody waits any more");
    if (steady_clock::now() >= next_beat) {
      next_beat += kBetweenBeats;
      const auto gone = sink_.Beat(sdk::Heartbeat::STATE_WAITING_RATE_LIMIT, position_);
      if (!gone.ok()) return gone;
    }
    std::this_thread::sleep_for(kStep);
  }
  return absl::OkStatus();
}

}  // namespace brobygger::graph
