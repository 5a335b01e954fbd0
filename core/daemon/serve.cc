#include "core/daemon/serve.h"

#include <csignal>
#include <iostream>
#include <memory>

#include <absl/synchronization/mutex.h>
#include <google/protobuf/stubs/logging.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/daemon/notify.h"
#include "core/daemon/signal_watch.h"
#include "core/daemon/wiring.h"

namespace brobygger::daemon {
namespace {

// A stop takes at most 10 s; this leaves room for the exit itself.
constexpr std::chrono::milliseconds kStopPatience(9'500);

// What the hub holds must not reach a file by accident: no core dumps, and
// nothing it makes is for others to read.
void ShutTheShutters() {
  umask(0077);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__)  // its leak check at the end must look at us
  prctl(PR_SET_DUMPABLE, 0);
#endif
}

void PrepareProcess() {
  ShutTheShutters();
  // A caller who is gone is an error of one write, not the end of the hub.
  std::signal(SIGPIPE, SIG_IGN);
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
  // Debian's Abseil looks for cycles at every lock: a tenth of a read's cost.
  // Tests, which do not come by here, keep that.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // Protobuf prints a line for each bad request; the caller is told instead.
  google::protobuf::SetLogHandler(nullptr);
}

int Failed(const absl::Status& status) {
  std::cerr << "brobygger serve: " << status.message() << '\n';
  return kExitFailed;
}

}  // namespace

int Serve(const Config& config, const ServeOptions& options) {
  if (!base::SetLogLevel(config.log_level)) {
    return Failed(
        absl::InvalidArgumentError("hub.log_level is '" + config.log_level +
                                   "'; set it to \"debug\", \"info\", \"warning\" or \"error\""));
  }
  PrepareProcess();
  SignalWatch signals(kStopPatience);

  HubParts parts;
  if (options.open_store) parts.open_store = options.open_store;
  parts.clock = options.clock;
  // Nothing may run on after the disk failed, not even destructors.
  parts.on_fatal = [](int exit_code) { _exit(exit_code); };
  auto hub = Hub::Start(config, parts);
  if (!hub.ok()) return Failed(hub.status());

  base::LogInfo("ready", {{"socket", base::LogValue::Vetted(config.socket)}});
  NotifyServiceManager("READY=1");
  signals.Wait();
  NotifyServiceManager("STOPPING=1");
  hub->reset();
  base::LogInfo("stopped", {});
  return kExitDone;
}

}  // namespace brobygger::daemon
