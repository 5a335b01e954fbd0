#include "core/supervisor/progress_watch.h"

#include <algorithm>

namespace brobygger::supervisor {

using plugin::v1::Heartbeat;
using plugin::v1::ReadResponse;

bool ProgressWatch::IsStep(const ReadResponse& event) {
  switch (event.event_case()) {
    case ReadResponse::kBatch:
      return event.batch().records_size() > 0;
    case ReadResponse::kCheckpoint: {
      const bool moved = event.checkpoint().cursor() != cursor_;
      cursor_ = event.checkpoint().cursor();
      return moved;
    }
    case ReadResponse::kHeartbeat: {
      const bool moved = event.heartbeat().position() > position_;
      position_ = std::max(position_, event.heartbeat().position());
      return moved;
    }
    case ReadResponse::kRecordError:
    case ReadResponse::kSnapshotEnd:
      return true;
    default:
      return false;
  }
}

void ProgressWatch::Wait(const Heartbeat& heartbeat, SteadyTime now, base::Instant wall) {
  SteadyTime end = now + limits_.progress;
  if (heartbeat.has_until()) {
    const base::Instant until = base::ToInstant(heartbeat.until());
    // Compared before it is added: a plugin may name any time at all.
    end += std::clamp<std::chrono::microseconds>(until - wall, std::chrono::microseconds(0),
                                                 limits_.waiting);
  }
  deadline_ = std::max(deadline_, std::min(end, last_step_ + limits_.waiting));
}

void ProgressWatch::Saw(const ReadResponse& event, SteadyTime now, base::Instant wall) {
  if (IsStep(event)) {
    last_step_ = now;
    deadline_ = now + limits_.progress;
  }
  const Heartbeat::State state = event.heartbeat().state();
  if (state == Heartbeat::STATE_WAITING_RATE_LIMIT || state == Heartbeat::STATE_WAITING_REMOTE) {
    Wait(event.heartbeat(), now, wall);
  }
}

void ProgressWatch::Pardon(std::chrono::steady_clock::duration spent) {
  last_step_ += spent;
  deadline_ += spent;
}

}  // namespace brobygger::supervisor
