#pragma once

#include <deque>
#include <functional>
#include <thread>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

namespace brobygger::host {

// The calls of one method, one after the other on a thread of their own: the ABI
// promises a plugin that no method is called twice at once. The destructor waits
// for the call in progress. Safe to use from many threads.
class MethodLine {
 public:
  MethodLine() = default;
  ~MethodLine();

  void Queue(std::function<void()> call);
  bool idle() const;

 private:
  void Run();

  mutable absl::Mutex mutex_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);  // started by the first call
};

}  // namespace brobygger::host
