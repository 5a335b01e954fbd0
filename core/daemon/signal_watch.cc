#include "core/daemon/signal_watch.h"

#include <csignal>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include "core/base/log.h"
#include "core/daemon/serve.h"

namespace brobygger::daemon {
namespace {

constexpr int kNoSignal = 0;
constexpr int kWatchIsOver = -1;

sigset_t Watched() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

Descriptor OpenSignals() {
  const sigset_t set = Watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return Descriptor(signalfd(-1, &set, SFD_CLOEXEC));
}

}  // namespace

SignalWatch::SignalWatch(std::chrono::milliseconds patience)
    : patience_(patience),
      signals_(OpenSignals()),
      over_(eventfd(0, EFD_CLOEXEC)),
      thread_([this] { Run(); }) {}

SignalWatch::~SignalWatch() { eventfd_write(over_.number(), 1); }

// The next signal, or kNoSignal after `timeout_ms`, or kWatchIsOver.
int SignalWatch::NextSignal(int timeout_ms) {
  pollfd waited[] = {{signals_.number(), POLLIN, 0}, {over_.number(), POLLIN, 0}};
  if (poll(waited, 2, timeout_ms) == 0) return kNoSignal;
  if (waited[1].revents != 0) return kWatchIsOver;
  signalfd_siginfo info{};
  const bool whole = read(signals_.number(), &info, sizeof(info)) == sizeof(info);
  return whole ? static_cast<int>(info.ssi_signo) : kNoSignal;
}

void SignalWatch::Run() {
  int signal = kNoSignal;
  while (signal == kNoSignal) signal = NextSignal(-1);
  if (signal == kWatchIsOver) return;
  base::LogInfo("stopping", {{"signal", signal}});
  asked_.Notify();

  signal = NextSignal(static_cast<int>(patience_.count()));
  if (signal == kWatchIsOver) return;
  if (signal == kNoSignal) {
    // Nothing is lost: what was acknowledged is on the disk, and the kernel ends
    // the plugins with us.
    base::LogWarning("stop_forced", {{"after_ms", patience_.count()}});
    _exit(kExitDone);
  }
  base::LogWarning("stopped_at_once", {{"signal", signal}});
  _exit(128 + signal);
}

}  // namespace brobygger::daemon
