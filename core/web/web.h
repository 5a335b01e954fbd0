#pragma once

#include <string>

#include <absl/status/status.h>

#include "core/base/clock.h"
#include "core/web/http_server.h"

namespace brobygger::web {

struct WebOptions {
  ListenOptions listen;
  std::string hub;  // "unix:/run/brobygger/hub.sock"; nothing else is reached from the jail
  HttpLimits limits;
  const base::Clock* clock = &base::SystemClock();
};

// Runs the web door until SIGTERM or SIGINT. Takes over the process: it is jailed for
// good (jail.h), so call it before there are threads and do little afterwards. The hub
// need not be there yet.
//
// Writes one line to standard error when clients are let in. Errors are those of
// HttpServer::Listen() and EnterWebJail(), and INVALID_ARGUMENT for a hub that is no
// Unix socket.
absl::Status RunWeb(const WebOptions& options);

}  // namespace brobygger::web
