#pragma once

#include <chrono>
#include <thread>

#include <absl/synchronization/notification.h>

#include "core/daemon/descriptor.h"

namespace brobygger::daemon {

// Waits for SIGTERM, SIGINT and SIGHUP, which it blocks in every thread that is
// started after it: make it before any other. The first asks for an end; a
// second one, or no end within `patience`, ends the process by _exit().
class SignalWatch {
 public:
  explicit SignalWatch(std::chrono::milliseconds patience);
  ~SignalWatch();

  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  // Returns when the first signal has come.
  void Wait() { asked_.WaitForNotification(); }

 private:
  void Run();
  int NextSignal(int timeout_ms);

  const std::chrono::milliseconds patience_;
  Descriptor signals_;
  Descriptor over_;
  absl::Notification asked_;
  std::jthread thread_;
};

}  // namespace brobygger::daemon
