#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/registry/identity.h"
#include "core/storage/store.h"

namespace brobygger::registry {

// Asks about associations that were told apart when they came, and look like another one by what
// was said of them since: a new telephone, a corrected name. Those that are new are asked about in
// the write that makes them.

// Looks at associations that changed, outside of any write, and asks in a write of its own
// whether each is one that it looks like; what a person has decided, and what is asked already, is
// left alone. Returns how many of them look like another one. Whoever is asked about is never
// merged by this.
absl::StatusOr<int> AskAboutChanged(storage::Store& store,
                                    const Identity& identity,
                                    const std::vector<std::string>& association_ids);

// Does so on a thread of its own, a moment after the last change: a sync that changes thousands is
// not held up. What changed in the last moment before a hub stops is looked at when it next
// changes.
class LateDoubts {
 public:
  // Both must outlive this.
  LateDoubts(storage::Store& store, Identity& identity, std::chrono::milliseconds pause);
  ~LateDoubts();
  LateDoubts(const LateDoubts&) = delete;
  LateDoubts& operator=(const LateDoubts&) = delete;

 private:
  void Run();
  void AskInParts(const std::vector<std::string>& changed);

  storage::Store& store_;
  Identity& identity_;
  const absl::Duration pause_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last, so that it begins when all else is there
};

}  // namespace brobygger::registry
