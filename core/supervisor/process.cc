#include "core/supervisor/process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/status_macros.h"

namespace brobygger::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kLongestHandshake = 4 << 10;
constexpr milliseconds kAfterKill = std::chrono::seconds(5);
// The child's descriptors are 0-4. Ours must be above, or setting up one would
// overwrite another.
constexpr int kAboveChilds = 5;
constexpr int kLifelineFd = 3;
constexpr int kHandshakeFd = 4;

struct Pipe {
  Fd read;
  Fd write;
};

absl::Status SystemError(const char* what) {
  return absl::UnavailableError(absl::StrCat(what, ": ", strerrordesc_np(errno)));
}

absl::StatusOr<Fd> MovedUp(Fd fd) {
  Fd moved(fcntl(fd.get(), F_DUPFD_CLOEXEC, kAboveChilds));
  if (moved.get() < 0) return SystemError("cannot duplicate a descriptor");
  return moved;
}

absl::StatusOr<Pipe> MakePipe() {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0) return SystemError("cannot make a pipe");
  Fd read_end(fds[0]);
  Fd write_end(fds[1]);
  Pipe pipe;
  BB_ASSIGN_OR_RETURN(pipe.read, MovedUp(std::move(read_end)));
  BB_ASSIGN_OR_RETURN(pipe.write, MovedUp(std::move(write_end)));
  return pipe;
}

struct Pipes {
  Pipe out;
  Pipe err;
  Pipe lifeline;
  Pipe handshake;
};

absl::StatusOr<Pipes> MakePipes() {
  Pipes pipes;
  for (Pipe* const pipe : {&pipes.out, &pipes.err, &pipes.lifeline, &pipes.handshake}) {
    BB_ASSIGN_OR_RETURN(*pipe, MakePipe());
  }
  for (const Pipe* const pipe : {&pipes.out, &pipes.err, &pipes.handshake}) {
    fcntl(pipe->read.get(), F_SETFL, O_NONBLOCK);
  }
  return pipes;
}

// posix_spawn's two setup objects.
class SpawnSetup {
 public:
  SpawnSetup() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  // Returns 0 or an error number, as all of this API.
  int Fill(const Pipes& pipes) {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    const std::array<int, 10> results = {
        posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0),
        posix_spawn_file_actions_adddup2(&actions_, pipes.out.write.get(), 1),
        posix_spawn_file_actions_adddup2(&actions_, pipes.err.write.get(), 2),
        posix_spawn_file_actions_adddup2(&actions_, pipes.lifeline.read.get(), kLifelineFd),
        posix_spawn_file_actions_adddup2(&actions_, pipes.handshake.write.get(), kHandshakeFd),
        posix_spawn_file_actions_addclosefrom_np(&actions_, kAboveChilds),
        posix_spawn_file_actions_addchdir_np(&actions_, "/"),
        posix_spawnattr_setsigmask(&attributes_, &none),
        posix_spawnattr_setsigdefault(&attributes_, &all),
        posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID)};
    for (const int result : results) {
      if (result != 0) return result;
    }
    return 0;
  }

  int Run(const std::vector<std::string>& argv, pid_t* pid) {
    std::vector<char*> arguments;
    for (const std::string& argument : argv) {
      arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    std::array<char*, 1> environment = {nullptr};
    return posix_spawn(pid, argv[0].c_str(), &actions_, &attributes_, arguments.data(),
                       environment.data());
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

milliseconds Left(steady_clock::time_point end) {
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(end - steady_clock::now()));
}

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Fd::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

absl::StatusOr<std::string> Process::ReadHandshake(milliseconds deadline) {
  const auto end = steady_clock::now() + deadline;
  std::string line;
  while (line.size() < kLongestHandshake) {
    pollfd waited = {.fd = ends_.handshake.get(), .events = POLLIN, .revents = 0};
    const int ready = poll(&waited, 1, static_cast<int>(Left(end).count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return absl::DeadlineExceededError("it said nothing in time");
    std::array<char, 512> buffer{};
    const ssize_t got = read(ends_.handshake.get(), buffer.data(), buffer.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return absl::UnavailableError("it ended before it was ready");
    line.append(buffer.data(), static_cast<std::size_t>(got));
    if (const auto stop = line.find('\n'); stop != std::string::npos) return line.substr(0, stop);
  }
  return absl::UnavailableError("its first line has no end");
}

void Process::Signal(int signal) const {
  syscall(SYS_pidfd_send_signal, ends_.pidfd.get(), signal, nullptr, 0);
}

bool Process::Kill(milliseconds grace) {
  Signal(SIGTERM);
  if (WaitEnd(grace)) return true;
  Signal(SIGKILL);
  return WaitEnd(kAfterKill);
}

bool Process::WaitEnd(milliseconds timeout) const {
  absl::MutexLock lock(&mutex_);
  const auto ended = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !end_.empty(); };
  return mutex_.AwaitWithTimeout(absl::Condition(&ended), absl::FromChrono(timeout));
}

void Process::Blame(const std::string& reason) {
  absl::MutexLock lock(&mutex_);
  if (blame_.empty()) blame_ = reason;
}

std::string Process::end() const {
  absl::MutexLock lock(&mutex_);
  return end_;
}

std::string Process::DescribeEnd(int status) const {
  std::string how = "it ended in an unknown way";
  if (WIFEXITED(status)) {
    how = absl::StrCat("it exited with code ", WEXITSTATUS(status));
  } else if (WIFSIGNALED(status)) {
    const char* const name = sigdescr_np(WTERMSIG(status));
    how = absl::StrCat("it was ended by signal ", WTERMSIG(status), " (",
                       name == nullptr ? "?" : name, ")");
  }
  absl::MutexLock lock(&mutex_);
  return blame_.empty() ? how : absl::StrCat(blame_, "; ", how);
}

void Process::SetEnd(const std::string& how) {
  absl::MutexLock lock(&mutex_);
  end_ = how;
}

absl::StatusOr<Spawned> Spawn(const std::vector<std::string>& argv) {
  BB_ASSIGN_OR_RETURN(Pipes pipes, MakePipes());
  SpawnSetup setup;
  pid_t pid = 0;
  errno = setup.Fill(pipes);
  if (errno == 0) errno = setup.Run(argv, &pid);
  if (errno != 0) return SystemError(absl::StrCat("cannot start ", argv[0]).c_str());

  // The child is ours and not yet waited for, so the number is still its own.
  Fd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (pidfd.get() < 0) {
    const absl::Status status = SystemError("cannot watch the process");
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return status;
  }
  Process::Ends ends{.pidfd = std::move(pidfd),
                     .lifeline = std::move(pipes.lifeline.write),
                     .handshake = std::move(pipes.handshake.read)};
  return Spawned{.process = std::make_shared<Process>(pid, std::move(ends)),
                 .out = std::move(pipes.out.read),
                 .err = std::move(pipes.err.read)};
}

}  // namespace brobygger::supervisor
