#include "core/web/web.h"

#include <csignal>
#include <memory>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/web/calendar_text.h"
#include "core/web/callers_door.h"
#include "core/web/hub_client.h"
#include "core/web/jail.h"
#include "core/web/routes.h"

namespace brobygger::web {
namespace {

// Beside the clients': gRPC's, the log, what asio waits with.
constexpr int kOwnDescriptors = 64;

absl::Status CheckSocket(const std::string& hub, const char* how) {
  if (absl::StartsWith(hub, "unix:")) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the web door reaches the hub by its Unix socket only, not by '", hub,
                   "'; give it with ", how));
}

absl::Status CheckPublicUrl(const std::string& url) {
  const bool http = absl::StartsWith(url, "https://") || absl::StartsWith(url, "http://");
  const bool plain = url.find_first_of("\"<> \\{}|^`?#") == std::string::npos;
  if (url.empty() || (http && plain && !absl::EndsWith(url, "/"))) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "web.public_url is '", url,
      "'; it is an address such as https://hub.fjordby.example, without a slash at its end"));
}

absl::Status Check(const WebOptions& options) {
  BB_RETURN_IF_ERROR(CheckSocket(options.hub, "--server unix:/run/brobygger/hub.sock"));
  if (!options.callers.empty()) {
    BB_RETURN_IF_ERROR(CheckSocket(options.callers, "--callers unix:/run/brobygger/people.sock"));
  }
  return CheckPublicUrl(options.public_url);
}

std::unique_ptr<CallersDoor> OpenCallersDoor(const WebOptions& options,
                                             const std::string& address) {
  if (options.callers.empty()) return nullptr;
  CallersDoor::Options door;
  door.hub = options.callers;
  door.public_url = options.public_url.empty() ? "http://" + address : options.public_url;
  door.clock = options.clock;
  return std::make_unique<CallersDoor>(door);
}

}  // namespace

absl::Status RunWeb(const WebOptions& options) {
  BB_RETURN_IF_ERROR(Check(options));
  // A client who is gone is an error of one write, not the end of the door.
  std::signal(SIGPIPE, SIG_IGN);
  BB_ASSIGN_OR_RETURN(const auto server,
                      HttpServer::Listen(options.listen, options.limits, *options.clock));
  WarmUpCalendars();
  BB_RETURN_IF_ERROR(EnterWebJail(options.limits.connections + kOwnDescriptors));
  server->StopOnSignals();
  // After the server, and so gone before it: what it calls back must find the server.
  HubClient hub(options.hub);
  const auto callers = OpenCallersDoor(options, server->address());
  if (options.listen.beyond_loopback) {
    base::LogWarning("web_beyond_loopback",
                     {{"means", "what is served is not encrypted; TLS must stand in front"}});
  }
  base::LogInfo("web_ready", {{"address", base::LogValue::Vetted("http://" + server->address())}});
  server->Run(Routes(hub, callers.get()));
  base::LogInfo("stopped", {});
  return absl::OkStatus();
}

}  // namespace brobygger::web
