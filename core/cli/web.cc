#include "core/web/web.h"

#include <filesystem>
#include <memory>
#include <utility>

#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/errors.h"
#include "core/cli/session.h"
#include "core/cli/terminal.h"
#include "core/daemon/config.h"

namespace brobygger::cli {
namespace {

constexpr char kUsualConfig[] = "/etc/brobygger/brobygger.toml";

struct Typed {
  std::string config_file;
  std::string listen;
  std::string callers;
  std::string ui;
  bool beyond_loopback = false;
};

// "" if there is none: unlike the hub, the door has all it needs without.
std::string FileToRead(const std::string& config_file) {
  std::error_code ignored;
  if (!config_file.empty()) return config_file;
  return std::filesystem::exists(kUsualConfig, ignored) ? kUsualConfig : "";
}

// What was typed or set goes before a file's, as with every setting.
std::string HubAddress(const Session& session, const daemon::Config& config, bool has_file) {
  const bool said = !session.options().server.empty() || !Environment("BROBYGGER_SERVER").empty();
  return said || !has_file ? session.address() : "unix:" + config.socket;
}

// The socket for callers who sign in; "" if there is none.
std::string CallersAddress(const Typed& typed, const daemon::Config& config) {
  if (!typed.callers.empty()) return typed.callers;
  return config.access_socket.empty() ? "" : "unix:" + config.access_socket;
}

Outcome Web(const Session& session, const Typed& typed) {
  const std::string file = FileToRead(typed.config_file);
  daemon::Config config;
  if (!file.empty()) {
    BB_ASSIGN_OR_RETURN(config, daemon::LoadConfig(file));
  }
  if (!base::SetLogLevel(config.log_level)) {
    return absl::InvalidArgumentError("hub.log_level is '" + config.log_level +
                                      "'; set it to \"debug\", \"info\", \"warning\" or \"error\"");
  }
  web::WebOptions options;
  options.listen = {.address = typed.listen.empty() ? config.web_listen : typed.listen,
                    .beyond_loopback = typed.beyond_loopback || config.web_beyond_loopback,
                    .certificate_file = config.web_certificate,
                    .key_file = config.web_certificate_key};
  if (!config.access_demo_people.empty() && options.listen.beyond_loopback) {
    return absl::FailedPreconditionError(
        "access.demo_people lets everybody sign in without a password, so the door of a demo is "
        "for "
        "this machine alone; take --beyond-loopback and web.beyond_loopback out");
  }
  options.ui = typed.ui.empty() ? config.web_ui : typed.ui;
  options.title = config.web_title;
  options.hub = HubAddress(session, config, !file.empty());
  options.callers = CallersAddress(typed, config);
  options.public_url = config.web_public_url;
  options.limits.connections = config.web_connections;
  options.limits.address_field = config.web_address_field;
  BB_RETURN_IF_ERROR(web::RunWeb(options));
  return kExitDone;
}

}  // namespace

void AddWeb(const Command& root) {
  const auto typed = std::make_shared<Typed>();
  Command web = root.Add("web", "Serve the web page, calendar feeds and partners over HTTP");
  web.Option("--config", typed->config_file,
             {.summary = "The hub's configuration; usually /etc/brobygger/brobygger.toml",
              .completes = Completes::kFile})
      .Option("--listen", typed->listen, {.summary = "IP address and port; usually 127.0.0.1:8480"})
      .Option("--callers", typed->callers,
              {.summary = "The hub's socket for callers who sign in (access.socket); serves the "
                          "page, and /hsds and /v1 to API keys"})
      .Option("--ui", typed->ui,
              {.summary = "The folder with the page's files, as core/web/ui is built into"})
      .Flag("--beyond-loopback", typed->beyond_loopback,
            "Let other machines connect; a server that speaks TLS must stand in front")
      .Does([typed](Session& session) { return Web(session, *typed); });
}

}  // namespace brobygger::cli
