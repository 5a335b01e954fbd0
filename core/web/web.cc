#include "core/web/web.h"

#include <csignal>
#include <memory>
#include <optional>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/web/calendar_text.h"
#include "core/web/callers_door.h"
#include "core/web/hub_client.h"
#include "core/web/jail.h"
#include "core/web/page_door.h"
#include "core/web/routes.h"

namespace brobygger::web {
namespace {

// Beside the clients': gRPC's, the log, what asio waits with.
constexpr int kOwnDescriptors = 64;
// A call with a whole file in it; the hub itself takes less, packed.
constexpr std::size_t kMostBodyBytes = std::size_t{4} << 20;

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

// As browsers write where a page comes from (RFC 6454, section 6.2): no path, no capitals, no port
// that goes without saying.
absl::Status CheckPageUrl(const std::string& url) {
  if (url.empty()) return absl::OkStatus();
  const bool https = absl::StartsWith(url, "https://");
  const std::string host = url.substr(url.find("://") + 3);
  const bool origin =
      host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-:[]") == std::string::npos &&
      !absl::EndsWith(host, https ? ":443" : ":80");
  if (origin) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("web.public_url is '", url,
                   "'; with a page it is the page's origin, such as https://hub.fjordby.example: "
                   "small letters, no path, and no port that goes without saying"));
}

absl::Status CheckOptions(const WebOptions& options) {
  BB_RETURN_IF_ERROR(CheckSocket(options.hub, "--server unix:/run/brobygger/hub.sock"));
  if (!options.callers.empty()) {
    BB_RETURN_IF_ERROR(CheckSocket(options.callers, "--callers unix:/run/brobygger/people.sock"));
  }
  BB_RETURN_IF_ERROR(CheckPublicUrl(options.public_url));
  if (!options.ui.empty()) BB_RETURN_IF_ERROR(CheckPageUrl(options.public_url));
  if (!options.ui.empty() && options.callers.empty()) {
    return absl::FailedPreconditionError(
        "web.ui is set, but not access.socket, by which the page would call the hub; set both");
  }
  const bool encrypts = !options.listen.certificate_file.empty();
  if (!options.ui.empty() && (options.listen.beyond_loopback || encrypts) &&
      options.public_url.empty()) {
    return absl::FailedPreconditionError(
        "the page is reached from other machines or by https, but web.public_url does not say at "
        "which address; set it, as in \"https://hub.fjordby.example\"");
  }
  // Who connects here themselves could say that they come from anywhere, and guess on.
  if (encrypts && !options.limits.address_field.empty()) {
    return absl::FailedPreconditionError(
        "web.address_field is for a server in front, and web.certificate for a door without one; "
        "take one of them out");
  }
  return absl::OkStatus();
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

// Nothing if there is no page. Reads the page's files, so before the jail.
absl::StatusOr<std::optional<UiFiles>> LoadUi(const WebOptions& options) {
  if (options.ui.empty()) return std::optional<UiFiles>();
  BB_ASSIGN_OR_RETURN(UiFiles files, UiFiles::Load(options.ui));
  return std::optional<UiFiles>(std::move(files));
}

std::unique_ptr<PageDoor> OpenPageDoor(const WebOptions& options,
                                       const HttpServer& server,
                                       std::optional<UiFiles> ui) {
  if (options.callers.empty()) return nullptr;
  PageDoor::Options page;
  page.hub = options.callers;
  page.public_url = options.public_url;
  page.address = server.address();
  page.title = options.title;
  page.encrypts = server.encrypts();
  page.ui = std::move(ui);
  page.clock = options.clock;
  return std::make_unique<PageDoor>(std::move(page));
}

}  // namespace

absl::Status RunWeb(const WebOptions& options) {
  BB_RETURN_IF_ERROR(CheckOptions(options));
  // A client who is gone is an error of one write, not the end of the door.
  std::signal(SIGPIPE, SIG_IGN);
  HttpLimits limits = options.limits;
  if (!options.callers.empty()) limits.most_body_bytes = kMostBodyBytes;
  BB_ASSIGN_OR_RETURN(auto ui, LoadUi(options));
  BB_ASSIGN_OR_RETURN(const auto server,
                      HttpServer::Listen(options.listen, limits, *options.clock));
  WarmUpCalendars();
  BB_RETURN_IF_ERROR(EnterWebJail(options.limits.connections + kOwnDescriptors));
  server->StopOnSignals();
  // After the server, and so gone before it: what it calls back must find the server.
  HubClient hub(options.hub);
  const auto callers = OpenCallersDoor(options, server->address());
  const auto page = OpenPageDoor(options, *server, std::move(ui));
  if (options.listen.beyond_loopback && !server->encrypts()) {
    base::LogWarning("web_beyond_loopback",
                     {{"means", "what is served is not encrypted; TLS must stand in front"}});
  }
  const std::string address = (server->encrypts() ? "https://" : "http://") + server->address();
  base::LogInfo("web_ready", {{"address", base::LogValue::Vetted(address)}});
  server->Run(Routes(hub, callers.get(), page.get()));
  base::LogInfo("stopped", {});
  return absl::OkStatus();
}

}  // namespace brobygger::web
