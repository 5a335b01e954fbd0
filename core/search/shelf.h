#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/base/clock.h"
#include "core/search/view.h"

namespace brobygger::search {

// The newest view, and those that somebody is paging through. A view is kept for ten minutes after
// it was last asked for, at most 64 of them, and only as long as what they alone hold takes no
// more than half of what the newest does. Thread-safe; no call waits for longer than a copy.
class Shelf {
 public:
  // `clock` must outlive it.
  explicit Shelf(const base::Clock& clock);

  // Puts a new view in front; its serial is set here.
  void Publish(View view);

  // Never null; before the first Publish() it is empty and not complete.
  std::shared_ptr<const View> Newest() const;

  // Keeps the view for who comes back for its next page.
  void Keep(std::shared_ptr<const View> view);

  // The view of this serial, or null if it is not kept any more.
  std::shared_ptr<const View> Find(std::uint64_t serial);

  // Keeps nothing any more but the newest.
  void ForgetKept();

 private:
  struct Kept {
    std::shared_ptr<const View> view;
    base::Instant used;
  };
  void DropOld() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const base::Clock& clock_;
  mutable absl::Mutex mutex_;
  std::uint64_t last_serial_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const View> newest_ ABSL_GUARDED_BY(mutex_);
  std::deque<Kept> kept_ ABSL_GUARDED_BY(mutex_);  // the one used last behind
};

}  // namespace brobygger::search
