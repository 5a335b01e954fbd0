#include "core/search/merger.h"

#include <exception>
#include <utility>

#include "core/base/log.h"

namespace brobygger::search {

bool Merger::busy() const {
  absl::MutexLock lock(&mutex_);
  return busy_;
}

void Merger::Begin(MergePlan plan) {
  {
    absl::MutexLock lock(&mutex_);
    busy_ = true;
    result_.reset();
  }
  if (thread_.joinable()) thread_.join();
  thread_ = std::jthread([this, plan = std::move(plan)] {
    std::optional<Merged> made;
    try {
      made = Merge(plan);
    } catch (const std::exception&) {
      // Too little memory for both: they stay apart, and it is tried again with the next change.
      base::LogWarning("search_merge_failed", {});
    }
    const bool is_made = made.has_value();
    {
      absl::MutexLock lock(&mutex_);
      result_ = std::move(made);
      busy_ = is_made;
    }
    if (is_made) done_();
  });
}

std::optional<Merged> Merger::Take() {
  absl::MutexLock lock(&mutex_);
  if (!result_) return std::nullopt;
  busy_ = false;
  return std::exchange(result_, std::nullopt);
}

void Merger::Drop() {
  if (thread_.joinable()) thread_.join();
  absl::MutexLock lock(&mutex_);
  busy_ = false;
  result_.reset();
}

}  // namespace brobygger::search
