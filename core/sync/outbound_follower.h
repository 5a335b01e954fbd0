#pragma once

#include <memory>

#include "core/base/clock.h"
#include "core/feed/feed.h"
#include "core/storage/store.h"
#include "core/sync/engine.h"

namespace brobygger::sync {

// Writes the registry's changes to the sources that want them, soon after they are
// made, and what a source has put off when its time has come. What the guard holds
// waits for a person. The destructor stops a run under way at its next checkpoint and
// joins its thread.
class OutboundFollower {
 public:
  // All must outlive the follower.
  OutboundFollower(Engine& engine,
                   storage::Store& store,
                   feed::Feed& feed,
                   const base::Clock& clock);
  ~OutboundFollower();

  OutboundFollower(const OutboundFollower&) = delete;
  OutboundFollower& operator=(const OutboundFollower&) = delete;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brobygger::sync
