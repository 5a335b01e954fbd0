#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/supervisor/process.h"

namespace brobygger::supervisor {

// What to start, and whom to tell. The functions are called on the Warden's
// thread and must be quick.
struct StartRequest {
  std::vector<std::string> argv;
  // A line on standard output or error; `origin` is "stdout" or "stderr".
  std::function<void(const char* origin, const std::string& line)> on_line;
  // The process has ended and was waited for. Called once, before WaitEnd() returns.
  std::function<void(const Process& process, const std::string& how)> on_end;
};

// One thread that starts all processes, reads what they print, and waits for
// their ends. The starting thread must outlive its children, because a child's
// parent-death signal follows the thread and not the process. Thread-safe.
class Warden {
 public:
  Warden();
  // Kills what is still running, and waits for it.
  ~Warden();

  // UNAVAILABLE if the program cannot be started.
  absl::StatusOr<std::shared_ptr<Process>> Start(StartRequest request);

 private:
  struct Job;
  class Watched;

  void Run();
  std::vector<Job*> TakeJobs(bool& quit);
  void Begin(Job& job);
  void WaitForNews();
  void Wake() const;

  Fd wake_;
  absl::Mutex mutex_;
  std::vector<Job*> jobs_ ABSL_GUARDED_BY(mutex_);
  bool quit_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::unique_ptr<Watched>> watched_;  // the thread's own
  std::thread thread_;
};

}  // namespace brobygger::supervisor
