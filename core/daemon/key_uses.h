#pragma once

#include <chrono>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>

#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::daemon {

// Notes in the store when each API key was last used, so that one that nobody uses any more can be
// found and revoked. To the hour, since a write for each call would cost more than the call.
// Thread-safe.
class KeyUses {
 public:
  static constexpr std::chrono::hours kPrecision = std::chrono::hours(1);

  // Both must outlive it.
  KeyUses(storage::Store& store, const base::Clock& clock) : store_(store), clock_(clock) {}

  // The key is used now; the store says it was last used at `noted`. Does not wait. A note that
  // cannot be written is lost, and the next use tries again after the same time.
  void Note(const std::string& key_id, base::Instant noted);

 private:
  storage::Store& store_;
  const base::Clock& clock_;
  absl::Mutex mutex_;
  // When each was last handed to the store.
  absl::flat_hash_map<std::string, base::Instant> handed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::daemon
