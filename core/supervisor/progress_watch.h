#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "brobygger/plugin/v1/read.pb.h"

#include "core/base/clock.h"

namespace brobygger::supervisor {

// Tells a read that gets on from one that is alive but stuck: records, new
// checkpoints and a growing position are progress, other signs of life are not.
// A plugin that says it waits for its source gets longer. Pure.
class ProgressWatch {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Limits {
    std::chrono::milliseconds progress;  // between two steps forward
    std::chrono::milliseconds waiting;   // the same, while waiting is told
  };

  ProgressWatch(const Limits& limits, SteadyTime now)
      : limits_(limits), last_step_(now), deadline_(now + limits.progress) {}

  void Saw(const plugin::v1::ReadResponse& event, SteadyTime now, base::Instant wall);

  // Time that the hub took for itself is not the plugin's.
  void Pardon(std::chrono::steady_clock::duration spent);

  // When the read is taken for stuck.
  SteadyTime deadline() const { return deadline_; }

 private:
  bool IsStep(const plugin::v1::ReadResponse& event);
  void Wait(const plugin::v1::Heartbeat& heartbeat, SteadyTime now, base::Instant wall);

  Limits limits_;
  SteadyTime last_step_;
  SteadyTime deadline_;
  std::uint64_t position_ = 0;
  std::string cursor_;
};

}  // namespace brobygger::supervisor
