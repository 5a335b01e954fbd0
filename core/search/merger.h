#pragma once

#include <functional>
#include <optional>
#include <thread>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/search/part_list.h"

namespace brobygger::search {

// Merges on a thread of its own, so that changes are found meanwhile. One thread uses it.
class Merger {
 public:
  // `done` is called on its thread when a result can be taken; it must be short.
  explicit Merger(std::function<void()> done) : done_(std::move(done)) {}
  ~Merger() = default;  // waits for what is under way

  bool busy() const;
  // Only if it is not busy.
  void Begin(MergePlan plan);
  // What is done, once; busy until it is taken.
  std::optional<Merged> Take();
  // Waits, and throws the result away.
  void Drop();

 private:
  const std::function<void()> done_;
  mutable absl::Mutex mutex_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<Merged> result_ ABSL_GUARDED_BY(mutex_);
  std::jthread thread_;
};

}  // namespace brobygger::search
