#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

namespace brobygger::supervisor {

// A file descriptor and the duty to close it.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd() { Close(); }
  int get() const { return fd_; }
  void Close();

 private:
  int fd_ = -1;
};

// A child process, as it is seen by everybody but the Warden that watches it.
// Thread-safe.
class Process {
 public:
  // The parent's ends of the descriptors the child has.
  struct Ends {
    Fd pidfd;
    Fd lifeline;   // closing it tells the child that the hub is gone
    Fd handshake;  // the child says one line here
  };

  Process(int pid, Ends ends) : pid_(pid), ends_(std::move(ends)) {}

  int pid() const { return pid_; }
  int pidfd() const { return ends_.pidfd.get(); }

  // Waits for the handshake line. DEADLINE_EXCEEDED, or UNAVAILABLE if the child
  // closed its end first. One caller only.
  absl::StatusOr<std::string> ReadHandshake(std::chrono::milliseconds deadline);

  // Does nothing if the process has ended; never meets a stranger with its pid.
  void Signal(int signal) const;

  // TERM, `grace`, KILL. Returns false if even that did not end it.
  bool Kill(std::chrono::milliseconds grace);

  // Whether the process ended, and was waited for, within `timeout`.
  bool WaitEnd(std::chrono::milliseconds timeout) const;

  // Says that the end to come is wished for, and not a fault of the plugin.
  void ExpectEnd() { end_expected_ = true; }
  bool end_expected() const { return end_expected_; }

  // Why the process is about to be killed, in words.
  void Blame(const std::string& reason);

  // How it ended, in words; empty while it runs.
  std::string end() const;

  // For the Warden: the words for wait status `status`, with the blame.
  std::string DescribeEnd(int status) const;
  void SetEnd(const std::string& how);

 private:
  const int pid_;
  Ends ends_;
  std::atomic<bool> end_expected_ = false;
  mutable absl::Mutex mutex_;
  std::string blame_ ABSL_GUARDED_BY(mutex_);
  std::string end_ ABSL_GUARDED_BY(mutex_);
};

// What Spawn() made.
struct Spawned {
  std::shared_ptr<Process> process;
  Fd out;
  Fd err;
};

// Starts `argv` (argv[0] is the program's path) with an empty environment, in a
// session of its own, in folder "/". It has these descriptors and no others:
// 0 nothing, 1 and 2 pipes to us, 3 the lifeline, 4 for the handshake line.
// Must be called from a thread that lives longer than the process: the child's
// parent-death signal follows the thread.
absl::StatusOr<Spawned> Spawn(const std::vector<std::string>& argv);

}  // namespace brobygger::supervisor
