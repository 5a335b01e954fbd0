#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

namespace brobygger::daemon {

struct SelfProbeOptions {
  std::string socket;
  std::chrono::milliseconds interval = std::chrono::seconds(2);
  int misses = 3;
  // Called once, on the probe's thread, after so many misses in a row.
  std::function<void()> on_dead;
};

// Connects to the hub's own socket again and again and asks for its health. A
// listener can be dead while all else in the process looks well; nothing but a
// new connection tells.
class SelfProbe {
 public:
  explicit SelfProbe(SelfProbeOptions options);
  ~SelfProbe();

  SelfProbe(const SelfProbe&) = delete;
  SelfProbe& operator=(const SelfProbe&) = delete;

 private:
  void Run();
  bool Answers() const;

  const SelfProbeOptions options_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace brobygger::daemon
