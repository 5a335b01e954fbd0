#pragma once

#include <functional>
#include <memory>

#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/daemon/config.h"
#include "core/daemon/stores.h"
#include "core/storage/store.h"

namespace brobygger::daemon {

// How a hub ended; systemd and people read these numbers.
inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;          // could not start; standard error says why
inline constexpr int kExitStorageFailed = 70;  // the disk failed: start again, it replays
inline constexpr int kExitProbeFailed = 75;    // its own socket did not answer: start again

// What tests may put in place of the real thing.
struct ServeOptions {
  // Opens the store; default: the one that the configuration names.
  std::function<absl::StatusOr<std::unique_ptr<storage::Store>>(
      const Config&, const base::Clock&, OnFatal)>
      open_store;
  const base::Clock* clock = &base::SystemClock();
};

// Runs a hub until SIGTERM or SIGINT, and returns the exit code. Takes over the
// process: signals, umask and core dumps are set, and a second signal, a failed
// disk or a dead listener ends it at once by _exit().
//
// When callers are let in it writes one line to standard error and tells
// $NOTIFY_SOCKET. On the signal it answers what is in flight (at most
// Config::stop_grace) and stops the plugins.
int Serve(const Config& config, const ServeOptions& options = {});

}  // namespace brobygger::daemon
