#pragma once

#include <functional>
#include <thread>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

namespace brobygger::cli {

// Turns Ctrl-C (SIGINT) and SIGTERM into a cancelled call. Blocks both signals for
// the whole process, so it must be made before any other thread is. A second
// signal, or one that comes while no call is under way, ends the program with 130.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();

  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  // `cancel` is called from another thread, at most once, until Leave().
  void Enter(std::function<void()> cancel);
  void Leave();

 private:
  void Watch();
  void Received();

  int signals_ = -1;
  int stop_ = -1;
  absl::Mutex mutex_;
  std::function<void()> cancel_ ABSL_GUARDED_BY(mutex_);
  std::thread watcher_;
};

}  // namespace brobygger::cli
