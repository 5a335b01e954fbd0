#include "core/web/web.h"

#include <csignal>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/web/calendar_text.h"
#include "core/web/hub_client.h"
#include "core/web/jail.h"
#include "core/web/routes.h"

namespace brobygger::web {
namespace {

// Beside the clients': gRPC's, the log, what asio waits with.
constexpr int kOwnDescriptors = 64;

absl::Status CheckHub(const std::string& hub) {
  if (absl::StartsWith(hub, "unix:")) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the web door reaches the hub by its Unix socket only, not by '", hub,
                   "'; give it with --server unix:/run/brobygger/hub.sock"));
}

}  // namespace

absl::Status RunWeb(const WebOptions& options) {
  BB_RETURN_IF_ERROR(CheckHub(options.hub));
  // A client who is gone is an error of one write, not the end of the door.
  std::signal(SIGPIPE, SIG_IGN);
  BB_ASSIGN_OR_RETURN(const auto server,
                      HttpServer::Listen(options.listen, options.limits, *options.clock));
  WarmUpCalendars();
  BB_RETURN_IF_ERROR(EnterWebJail(options.limits.connections + kOwnDescriptors));
  server->StopOnSignals();
  // After the server, and so gone before it: what it calls back must find the server.
  HubClient hub(options.hub);
  if (options.listen.beyond_loopback) {
    base::LogWarning("web_beyond_loopback",
                     {{"means", "what is served is not encrypted; TLS must stand in front"}});
  }
  base::LogInfo("web_ready", {{"address", base::LogValue::Vetted("http://" + server->address())}});
  server->Run(Routes(hub));
  base::LogInfo("stopped", {});
  return absl::OkStatus();
}

}  // namespace brobygger::web
