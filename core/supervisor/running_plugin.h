#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/supervisor/call_budget.h"
#include "core/supervisor/diagnostics.h"
#include "core/supervisor/manifest.h"
#include "core/supervisor/plugin_client.h"
#include "core/supervisor/warden.h"

namespace brobygger::supervisor {

// One process that is up and configured, and the conversation with it.
// Thread-safe as its parts are.
struct RunningPlugin {
  std::shared_ptr<Process> process;
  std::shared_ptr<PluginLog> log;
  std::unique_ptr<Diagnoser> diagnoser;
  std::unique_ptr<PluginClient> client;
  std::string scope_hash;
  std::string version;            // as it tells it in its handshake
  std::vector<CallLimit> limits;  // as it declares them
  // The plugin reported a fault of its own: what it holds in memory is not to be
  // trusted, so the next conversation gets a new process.
  std::atomic<bool> worn = false;
};

// All that one start needs.
struct PluginStart {
  const SupervisorOptions& options;
  const ProcessSpec& spec;
  const CatalogueEntry& entry;
  std::uint64_t epoch;
  Warden& warden;
  // Called as soon as there is a process; its error ends the start.
  std::function<absl::Status(std::shared_ptr<Process>)> on_process;
  // As StartRequest::on_end.
  std::function<void(const Process& process, const std::string& how)> on_end;
  // Of secrets that the source renews; null: none is kept.
  SecretKeeper keep_secret = nullptr;
  // Where what it says goes; null: to the hub's log, without the secrets.
  std::shared_ptr<PluginLog> log = nullptr;
};

// Starts the process, greets it and hands over its configuration. When it fails,
// there is no process left. PLUGIN_REFUSED, PLUGIN_UNAVAILABLE,
// CONNECTION_INVALID, or the plugin's own trouble with its source.
absl::StatusOr<std::shared_ptr<RunningPlugin>> StartPlugin(const PluginStart& start);

// The same without the configuration, for those who want to talk with the bare plugin.
absl::StatusOr<std::shared_ptr<RunningPlugin>> StartBarePlugin(const PluginStart& start);

// Asks the process to finish, then TERM, then KILL; waits for its end. Returns
// false if not even that ended it.
bool StopPlugin(RunningPlugin& plugin, const Deadlines& deadlines, const std::string& reason);

// What became of a call, for its caller. Kills a process that hung, and waits
// for the end of one that is ending. `verb` names the call.
absl::Status Conclude(RunningPlugin& plugin,
                      const CallEnd& end,
                      const Deadlines& deadlines,
                      const std::string& verb);

}  // namespace brobygger::supervisor
