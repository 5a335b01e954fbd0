#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/output.h"

namespace brobygger::cli {
namespace {

Outcome ListPlugins(Session& session) {
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<sync::v1::ListPluginsResponse>(sync::v1::ListPluginsRequest()));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "plugins",
                                                          {{"plugin", "PLUGIN"},
                                                           {"version", "VERSION"},
                                                           {"kind", "KIND"},
                                                           {"state", "STATE"},
                                                           {"summary", "WHAT FOR"}}));
  for (const auto& plugin : answer.plugins()) {
    const std::string state =
        plugin.refused_because().empty() ? "ready" : "refused: " + plugin.refused_because();
    writer.Add(
        plugin,
        {{plugin.plugin()}, {plugin.version()}, {plugin.kind()}, {state}, {plugin.summary()}});
  }
  writer.Finish();
  return 0;
}

}  // namespace

void AddPlugin(const Command& root) {
  Command plugin = root.Add("plugin", "What can connect source systems");
  plugin.Add("list", "List the plugins that are installed").Does(ListPlugins);
  AddPluginCheck(plugin);
}

}  // namespace brobygger::cli
