#include "core/search/shelf.h"

#include <algorithm>
#include <utility>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

namespace brobygger::search {
namespace {

constexpr std::size_t kMostKept = 64;
constexpr std::chrono::minutes kKeptFor(10);

using Segments = absl::flat_hash_set<const Segment*>;

Segments SegmentsOf(const View& view) {
  Segments segments;
  for (const Part& part : view.parts) segments.insert(part.segment.get());
  return segments;
}

std::size_t BytesOf(const Segments& segments) {
  std::size_t bytes = 0;
  for (const Segment* segment : segments) bytes += segment->MemoryBytes();
  return bytes;
}

}  // namespace

// A token of a hub that was started again must not fit a view of this one, so serials begin with
// the time.
Shelf::Shelf(const base::Clock& clock)
    : clock_(clock),
      last_serial_(static_cast<std::uint64_t>(clock.Now().time_since_epoch().count())),
      newest_(std::make_shared<View>()) {}

void Shelf::Publish(View view) {
  // What is dropped is destroyed outside the lock: that may take milliseconds.
  std::shared_ptr<const View> old;
  std::deque<Kept> dropped;
  absl::MutexLock lock(&mutex_);
  view.serial = ++last_serial_;
  old = std::exchange(newest_, std::make_shared<const View>(std::move(view)));
  dropped = kept_;
  DropOld();
}

std::shared_ptr<const View> Shelf::Newest() const {
  absl::MutexLock lock(&mutex_);
  return newest_;
}

void Shelf::Keep(std::shared_ptr<const View> view) {
  absl::MutexLock lock(&mutex_);
  std::erase_if(kept_, [&](const Kept& each) { return each.view == view; });
  kept_.push_back({std::move(view), clock_.Now()});
  DropOld();
}

std::shared_ptr<const View> Shelf::Find(std::uint64_t serial) {
  absl::MutexLock lock(&mutex_);
  if (newest_->serial == serial) return newest_;
  DropOld();
  for (Kept& each : kept_) {
    if (each.view->serial == serial) return each.view;
  }
  return nullptr;
}

void Shelf::ForgetKept() {
  absl::MutexLock lock(&mutex_);
  kept_.clear();
}

void Shelf::DropOld() {
  const base::Instant oldest = clock_.Now() - kKeptFor;
  std::erase_if(kept_, [&](const Kept& each) { return each.used < oldest; });
  while (kept_.size() > kMostKept) kept_.pop_front();
  const Segments now = SegmentsOf(*newest_);
  const std::size_t most = BytesOf(now) / 2;
  while (!kept_.empty()) {
    Segments alone;
    for (const Kept& each : kept_) {
      for (const Segment* segment : SegmentsOf(*each.view)) {
        if (!now.contains(segment)) alone.insert(segment);
      }
    }
    // One view is kept whatever it takes: with a small registry every change is half of it.
    if (kept_.size() == 1 || BytesOf(alone) <= most) return;
    kept_.pop_front();
  }
}

}  // namespace brobygger::search
