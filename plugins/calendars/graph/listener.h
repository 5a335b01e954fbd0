#pragma once

#include <chrono>

#include <absl/status/status.h>

namespace brobygger::graph {

// Who waits for us while we wait for Microsoft 365. Belongs to the thread of the call.
class Listener {
 public:
  virtual ~Listener() = default;

  // True: nobody waits any more.
  virtual bool Stopped() const = 0;

  // Something was got. An error ends the work and is returned.
  virtual absl::Status Progress() = 0;

  // Whether Wait may be asked for so long a time.
  virtual bool MayWait(std::chrono::seconds time) const = 0;

  // Waits because of a limit of the source's, and says so meanwhile. CANCELLED once stopped.
  virtual absl::Status Wait(std::chrono::seconds time) = 0;
};

}  // namespace brobygger::graph
