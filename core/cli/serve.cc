#include "core/daemon/serve.h"

#include <memory>

#include "core/cli/commands.h"
#include "core/cli/session.h"
#include "core/daemon/config.h"

namespace brobygger::cli {
namespace {

constexpr char kUsualConfig[] = "/etc/brobygger/brobygger.toml";

Outcome Serve(const std::string& config_file) {
  auto config = daemon::LoadConfig(config_file);
  if (!config.ok()) return config.status();
  return daemon::Serve(*config);
}

}  // namespace

void AddServe(const Command& root) {
  const auto config_file = std::make_shared<std::string>(kUsualConfig);
  Command serve = root.Add("serve", "Run the hub");
  serve
      .Option("--config", *config_file,
              {.summary = "Its configuration; usually /etc/brobygger/brobygger.toml",
               .completes = Completes::kFile})
      .Does([config_file](Session&) { return Serve(*config_file); });
}

}  // namespace brobygger::cli
