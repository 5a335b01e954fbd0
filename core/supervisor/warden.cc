#include "core/supervisor/warden.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>

#include <absl/synchronization/notification.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/supervisor/plugin_log.h"

namespace brobygger::supervisor {
namespace {

using std::chrono::steady_clock;

// A plugin that prints without end is held back rather than given a whole core
// of ours to read it.
constexpr std::size_t kBytesPerSecond = 4 << 20;
constexpr int kPausedPollMs = 100;

// One of a child's output pipes.
class OutputPipe {
 public:
  OutputPipe(Fd fd, LineSplitter::OnLine on_line)
      : fd_(std::move(fd)), splitter_(std::move(on_line)) {}

  // The descriptor to poll, or -1 when it is closed or paused.
  int PollFd(steady_clock::time_point now) {
    if (now - second_ >= std::chrono::seconds(1)) {
      second_ = now;
      in_second_ = 0;
    }
    return in_second_ < kBytesPerSecond ? fd_.get() : -1;
  }
  bool paused() const { return fd_.get() >= 0 && in_second_ >= kBytesPerSecond; }

  // Reads what is there, one buffer full. Returns false if there was nothing.
  bool Pump() {
    if (fd_.get() < 0) return false;
    const ssize_t got = read(fd_.get(), buffer_.data(), buffer_.size());
    if (got < 0) return false;
    if (got == 0) {
      Finish();
      return false;
    }
    in_second_ += static_cast<std::size_t>(got);
    splitter_.Feed(buffer_.data(), static_cast<std::size_t>(got));
    return true;
  }

  // Reads what the pipe can hold, no more: a grandchild may still write to it.
  void Drain() {
    for (int i = 0; i < 4 && Pump(); ++i) {
    }
    Finish();
  }

 private:
  void Finish() {
    splitter_.Finish();
    fd_.Close();
  }

  Fd fd_;
  LineSplitter splitter_;
  steady_clock::time_point second_;
  std::size_t in_second_ = 0;
  std::array<char, 64 << 10> buffer_{};
};

}  // namespace

struct Warden::Job {
  StartRequest request;
  absl::StatusOr<std::shared_ptr<Process>> result = absl::UnknownError("");
  absl::Notification done;
};

// A running child and its pipes.
class Warden::Watched {
 public:
  Watched(Spawned spawned, StartRequest request)
      : process_(std::move(spawned.process)),
        request_(std::move(request)),
        out_(std::move(spawned.out), LinesOf("stdout")),
        err_(std::move(spawned.err), LinesOf("stderr")) {}

  // Appends what to poll; returns whether a pipe is paused.
  bool AddTo(std::vector<pollfd>& polled) {
    const auto now = steady_clock::now();
    for (const int fd : {process_->pidfd(), out_.PollFd(now), err_.PollFd(now)}) {
      polled.push_back({.fd = fd, .events = POLLIN, .revents = 0});
    }
    return out_.paused() || err_.paused();
  }

  // `news` are the three of AddTo(). Returns false when the process has ended.
  bool Handle(const pollfd* news) {
    if (news[1].revents != 0) out_.Pump();
    if (news[2].revents != 0) err_.Pump();
    if (news[0].revents == 0) return true;
    Reap();
    return false;
  }

  void Kill() const {
    process_->ExpectEnd();
    process_->Signal(SIGKILL);
  }

 private:
  LineSplitter::OnLine LinesOf(const char* origin) {
    return [this, origin](const std::string& line) { request_.on_line(origin, line); };
  }

  void Reap() {
    // Whatever it left behind in its session goes too. The number cannot have
    // been given to others yet: the process is dead, but nobody waited for it.
    kill(-process_->pid(), SIGKILL);
    int status = -1;
    while (waitpid(process_->pid(), &status, 0) < 0 && errno == EINTR) {
    }
    out_.Drain();
    err_.Drain();
    const std::string how = process_->DescribeEnd(status);
    request_.on_end(*process_, how);
    process_->SetEnd(how);
  }

  std::shared_ptr<Process> process_;
  StartRequest request_;
  OutputPipe out_;
  OutputPipe err_;
};

Warden::Warden() : wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), thread_([this] { Run(); }) {}

Warden::~Warden() {
  {
    absl::MutexLock lock(&mutex_);
    quit_ = true;
  }
  Wake();
  thread_.join();
}

absl::StatusOr<std::shared_ptr<Process>> Warden::Start(StartRequest request) {
  Job job;
  job.request = std::move(request);
  {
    absl::MutexLock lock(&mutex_);
    jobs_.push_back(&job);
  }
  Wake();
  job.done.WaitForNotification();
  return job.result;
}

void Warden::Wake() const {
  const std::uint64_t one = 1;
  // Full means that a wake-up is under way already.
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof one);
}

std::vector<Warden::Job*> Warden::TakeJobs(bool& quit) {
  absl::MutexLock lock(&mutex_);
  quit = quit_;
  return std::exchange(jobs_, {});
}

void Warden::Begin(Job& job) {
  absl::StatusOr<Spawned> spawned = Spawn(job.request.argv);
  if (spawned.ok()) {
    job.result = spawned->process;
    watched_.push_back(std::make_unique<Watched>(*std::move(spawned), std::move(job.request)));
  } else {
    job.result = spawned.status();
  }
  job.done.Notify();
}

void Warden::Run() {
  bool quit = false;
  while (!quit || !watched_.empty()) {
    for (Job* const job : TakeJobs(quit)) Begin(*job);
    if (quit) {
      for (const auto& watched : watched_) watched->Kill();
      if (watched_.empty()) return;
    }
    WaitForNews();
  }
}

void Warden::WaitForNews() {
  std::vector<pollfd> polled = {{.fd = wake_.get(), .events = POLLIN, .revents = 0}};
  bool paused = false;
  for (const auto& watched : watched_) paused |= watched->AddTo(polled);
  if (poll(polled.data(), polled.size(), paused ? kPausedPollMs : -1) <= 0) return;

  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(wake_.get(), &count, sizeof count);
  std::size_t at = 1;
  std::erase_if(watched_, [&](const std::unique_ptr<Watched>& watched) {
    const pollfd* const news = &polled[at];
    at += 3;
    return !watched->Handle(news);
  });
}

}  // namespace brobygger::supervisor
