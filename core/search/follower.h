#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include "core/base/clock.h"
#include "core/feed/feed.h"
#include "core/search/memory.h"
#include "core/search/merger.h"
#include "core/search/part_list.h"
#include "core/search/shelf.h"
#include "core/storage/store.h"

namespace brobygger::search {

// How the index is doing.
struct Health {
  enum class State {
    kLoading,          // the registry is being read: answers may miss associations
    kFollowing,        // as it should be
    kRebuilding,       // made anew; what was there is asked meanwhile
    kTooLittleMemory,  // nothing can be found; tried again by itself
    kFailed,           // the same, for another reason: see the log
  };
  State state = State::kLoading;
  storage::Revision revision = 0;  // the newest that can be found
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;
  // Associations whose record cannot be read; the rest can be found.
  std::uint64_t skipped = 0;
};

struct FollowerOptions {
  const base::Clock* clock = &base::SystemClock();
  int batch = 1000;                         // changes taken at once, about
  std::uint32_t most_in_segment = 262'144;  // documents
  absl::Duration retry = absl::Seconds(10);
  // How many bytes may still be taken, and how many of them are left for the rest of the hub.
  std::function<std::uint64_t()> free_memory = FreeMemory;
  std::uint64_t reserve = 64 << 20;
  // Called on the follower's thread when the state changes; must be short.
  std::function<void(Health::State)> on_state;
};

// Keeps views of the registry's associations up to date: reads all of them at the start, and after
// that what each commit changed. Nobody waits for it: readers ask the newest view there is. It can
// always be made anew, and makes itself anew when it is in doubt; whatever fails in it leaves the
// rest of the hub alone. Thread-safe.
class Follower {
 public:
  // Both must outlive it.
  Follower(const storage::Store& store, feed::Feed& feed, FollowerOptions options);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  Shelf& shelf() { return shelf_; }
  Health health() const;

  // Waits until what this revision changed can be found; false if it cannot by then.
  bool AwaitRevision(storage::Revision revision, absl::Time until) const;

  // Makes the index anew, in the background.
  void Rebuild();

 private:
  void Run();
  // Follows until it is told to stop (OK) or something goes wrong.
  absl::Status Follow();
  absl::Status Load(PartList& parts);
  absl::Status CatchUp(PartList& parts);
  void BeginMerge(const PartList& parts);
  absl::Status TakeChanges(const std::vector<storage::Change>& changes, PartList& parts);
  // The association of stored bytes, if it is to be found; counts those that cannot be read.
  std::optional<Document> Read(const std::string& id, const storage::Bytes& bytes);
  absl::Status CheckMemory(std::uint64_t more) const;
  void Publish(const PartList& parts, bool complete);
  void SetState(Health::State state);
  void Fail(const absl::Status& why);
  bool Stopping() const;

  const storage::Store& store_;
  const FollowerOptions options_;
  Shelf shelf_;
  // The thread's own.
  storage::Revision revision_ = 0;
  std::set<std::string> skipped_;
  // Shared.
  mutable absl::Mutex mutex_;
  Health health_ ABSL_GUARDED_BY(mutex_);
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool rebuild_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  Merger merger_;
  std::unique_ptr<feed::Follower> feed_;
  std::jthread thread_;
};

}  // namespace brobygger::search
