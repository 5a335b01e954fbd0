#pragma once

#include <string>

#include <absl/status/status.h>

#include "core/base/clock.h"
#include "core/web/http_server.h"

namespace brobygger::web {

struct WebOptions {
  ListenOptions listen;
  std::string hub;  // "unix:/run/brobygger/hub.sock"; nothing else is reached from the jail
  // The hub's socket for callers who sign in, "unix:/run/brobygger/people.sock". With it the door
  // serves partners to those who show an API key, and calls to people and programs; empty: neither.
  std::string callers = {};
  // Where clients reach it, "https://hub.fjordby.example", for addresses that it tells. Empty: as
  // it listens.
  std::string public_url = {};
  // The folder with the page's files; empty: there is no page. Needs `callers`.
  std::string ui = {};
  // What the page calls the municipality, "Fjordby Kommune"; empty: by its code.
  std::string title = {};
  HttpLimits limits;
  const base::Clock* clock = &base::SystemClock();
};

// Runs the web door until SIGTERM or SIGINT. Takes over the process: it is jailed for
// good (jail.h), so call it before there are threads and do little afterwards. The hub
// need not be there yet.
//
// Writes one line to standard error when clients are let in. Errors are those of
// HttpServer::Listen() and EnterWebJail(), and INVALID_ARGUMENT for a hub that is no
// Unix socket, and for a public address that is none.
absl::Status RunWeb(const WebOptions& options);

}  // namespace brobygger::web
