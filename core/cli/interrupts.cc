#include "core/cli/interrupts.h"

#include <cerrno>
#include <cstdint>
#include <utility>

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/cli/errors.h"

namespace brobygger::cli {

Interrupts::Interrupts() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  signals_ = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
  stop_ = eventfd(0, EFD_CLOEXEC);
  watcher_ = std::thread([this] { Watch(); });
}

Interrupts::~Interrupts() {
  const std::uint64_t one = 1;
  // An eventfd takes eight bytes or blocks; it cannot be full here.
  [[maybe_unused]] const auto written = write(stop_, &one, sizeof(one));
  watcher_.join();
  close(stop_);
  close(signals_);
}

void Interrupts::Enter(std::function<void()> cancel) {
  absl::MutexLock lock(&mutex_);
  cancel_ = std::move(cancel);
}

void Interrupts::Leave() {
  absl::MutexLock lock(&mutex_);
  cancel_ = nullptr;
}

void Interrupts::Watch() {
  pollfd waits[] = {{signals_, POLLIN, 0}, {stop_, POLLIN, 0}};
  while (poll(waits, 2, -1) >= 0 || errno == EINTR) {
    if (waits[1].revents != 0) return;
    signalfd_siginfo info{};
    if (read(signals_, &info, sizeof(info)) == sizeof(info)) Received();
  }
}

void Interrupts::Received() {
  // Under the lock, so that what `cancel` refers to lives until Leave().
  absl::MutexLock lock(&mutex_);
  if (!cancel_) _exit(kExitInterrupted);
  std::exchange(cancel_, nullptr)();
}

}  // namespace brobygger::cli
