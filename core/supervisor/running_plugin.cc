#include "core/supervisor/running_plugin.h"

#include <filesystem>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::supervisor {
namespace {

namespace fs = std::filesystem;
using plugin::v1::PluginService;
using std::chrono::milliseconds;

// sockaddr_un holds 107 bytes, and gRPC wants some of them.
constexpr std::size_t kLongestSocket = 99;
// A call may fail a little before the end of its process is known. How long to
// wait for that end if the connection was closed, and if it seems not to be.
constexpr milliseconds kDying = std::chrono::seconds(2);
constexpr milliseconds kDoubt = milliseconds(100);

absl::Status Refused(const PluginStart& start, const std::string& why) {
  return base::MakeError(
      errors::v1::ERROR_REASON_PLUGIN_REFUSED,
      absl::StrCat("The plugin '", start.spec.plugin, "' is refused: ", why),
      {{"plugin", start.spec.plugin}, {"connection_id", start.spec.connection.text()}});
}

// A private folder that goes with the last holder. The connection's folder around
// it stays: the next process may be making its own there at this moment.
class RunFolder {
 public:
  static absl::StatusOr<std::shared_ptr<RunFolder>> Make(const PluginStart& start) {
    const fs::path path = fs::path(start.options.run_dir) / start.spec.connection.text() /
                          base::MakeUuid().substr(0, 8);
    auto folder = std::shared_ptr<RunFolder>(new RunFolder(path));
    if (folder->socket().size() > kLongestSocket) {
      return Refused(start, absl::StrCat("its socket ", folder->socket(), " would have a path of ",
                                         folder->socket().size(), " bytes, and ", kLongestSocket,
                                         " is the most; set a shorter run folder"));
    }
    std::error_code error;
    fs::create_directories(path, error);
    if (!error) fs::permissions(path, fs::perms::owner_all, error);
    if (!error) fs::permissions(path.parent_path(), fs::perms::owner_all, error);
    if (!error) return folder;
    return base::MakeError(
        errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE,
        absl::StrCat("The folder ", path.string(),
                     " for the plugin's socket cannot be made: ", error.message()),
        {{"connection_id", start.spec.connection.text()}});
  }
  ~RunFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  std::string socket() const { return (path_ / "s").string(); }

 private:
  explicit RunFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

// A program in any language: its own arguments stand in the manifest, where
// "{file}" is the file itself, for an interpreter that comes first.
std::vector<std::string> ProgramOf(const CatalogueEntry& entry) {
  std::vector<std::string> program;
  bool named = false;
  for (const std::string& argument : entry.args) {
    named |= absl::StrContains(argument, "{file}");
    program.push_back(absl::StrReplaceAll(argument, {{"{file}", entry.file.path}}));
  }
  if (!named) program.insert(program.begin(), entry.file.path);
  return program;
}

std::vector<std::string> ArgvOf(const PluginStart& start, const std::string& socket) {
  const Jail& jail = start.spec.jail;
  std::vector<std::string> argv = {start.options.host_program,
                                   "--connection",
                                   start.spec.connection.text(),
                                   "--socket",
                                   socket,
                                   "--data-limit",
                                   absl::StrCat(start.options.data_limit_bytes)};
  for (const std::string& path : jail.read_paths) argv.insert(argv.end(), {"--read-path", path});
  for (const std::string& path : jail.write_paths) argv.insert(argv.end(), {"--write-path", path});
  for (const std::uint16_t port : jail.tcp_ports) {
    argv.insert(argv.end(), {"--tcp-port", absl::StrCat(port)});
  }
  if (jail.resolve_names) argv.emplace_back("--resolve-names");
  if (start.entry.file.kind == "dll") {
    argv.insert(argv.end(), {"--plugin", start.entry.file.path});
    return argv;
  }
  argv.emplace_back("--exec");
  for (std::string& word : ProgramOf(start.entry)) argv.push_back(std::move(word));
  return argv;
}

// OK|1|<minor>|<address>|<name>|<version>  or  ERR|<code>|<text>
absl::Status CheckHandshake(const PluginStart& start, const std::string& line) {
  const std::vector<std::string> parts = absl::StrSplit(line, '|');
  if (parts[0] == "ERR" && parts.size() >= 3) {
    return Refused(start, absl::StrCat(OneLine(parts[2], 500), " (", OneLine(parts[1], 40), ")"));
  }
  if (parts[0] != "OK" || parts.size() < 6) {
    return Refused(start, "its first line is not one of the plugin contract");
  }
  if (parts[1] != "1") {
    return Refused(start, absl::StrCat("it speaks version ", OneLine(parts[1], 20),
                                       " of the plugin contract, and this hub version 1"));
  }
  if (parts[4] != start.entry.file.plugin) {
    return Refused(start, absl::StrCat("its manifest calls it '", start.entry.file.plugin,
                                       "', and it calls itself '", OneLine(parts[4], 80), "'"));
  }
  return absl::OkStatus();
}

std::vector<std::string> ValuesOf(const std::map<std::string, std::string>& secrets) {
  std::vector<std::string> values;
  for (const auto& [name, value] : secrets) values.push_back(value);
  return values;
}

absl::StatusOr<std::shared_ptr<Process>> Launch(const PluginStart& start,
                                                const std::shared_ptr<RunFolder>& folder,
                                                const std::shared_ptr<PluginLog>& log) {
  StartRequest request;
  request.argv = ArgvOf(start, folder->socket());
  request.on_line = [log](const char* origin, const std::string& line) {
    log->Write(LogLevel::kWarning, origin, line, std::chrono::steady_clock::now());
  };
  // The folder stays until the end has been told.
  request.on_end = [folder, on_end = start.on_end](const Process& process, const std::string& how) {
    on_end(process, how);
  };
  return start.warden.Start(std::move(request));
}

absl::Status WaitReady(const PluginStart& start, RunningPlugin& plugin) {
  const auto line = plugin.process->ReadHandshake(start.options.deadlines.start);
  if (line.ok()) return CheckHandshake(start, *line);
  const std::string why = absl::StrCat("did not start: ", std::string(line.status().message()));
  if (!absl::IsDeadlineExceeded(line.status()) && plugin.process->WaitEnd(kDying)) {
    return plugin.diagnoser->Unavailable(absl::StrCat("did not start: ", plugin.process->end()));
  }
  plugin.process->Blame(why);
  return plugin.diagnoser->Unavailable(why);
}

std::vector<CallLimit> ToLimits(const plugin::v1::Limits& declared) {
  std::vector<CallLimit> limits;
  for (const auto& rate : declared.rates()) {
    limits.push_back({.name = "plugin:" + OneLine(rate.name(), 80),
                      .fill_per_second = rate.fill_per_second(),
                      .burst = static_cast<double>(rate.burst()),
                      .verbs = {rate.verbs().begin(), rate.verbs().end()}});
  }
  return limits;
}

absl::Status Greet(const PluginStart& start, RunningPlugin& plugin) {
  plugin::v1::HandshakeRequest request;
  request.set_core_version(BROBYGGER_VERSION);
  request.set_epoch(start.epoch);
  request.set_locale("da");
  plugin::v1::HandshakeResponse response;
  const Deadlines& deadlines = start.options.deadlines;
  const CallEnd end =
      plugin.client->Call(&PluginService::Stub::Handshake, request, &response, deadlines.handshake);
  BB_RETURN_IF_ERROR(Conclude(plugin, end, deadlines, "Handshake"));
  plugin.limits = ToLimits(response.limits());
  plugin.version = OneLine(response.version(), 80);
  if (response.name() == start.entry.file.plugin) return absl::OkStatus();
  return Refused(start,
                 absl::StrCat("its manifest calls it '", start.entry.file.plugin,
                              "', and it calls itself '", OneLine(response.name(), 80), "'"));
}

absl::Status Configure(const PluginStart& start, RunningPlugin& plugin) {
  plugin::v1::ConfigureRequest request;
  request.set_connection_id(start.spec.connection.text());
  request.set_config_json(start.spec.config_json);
  request.set_generation(start.epoch);
  request.set_epoch(start.epoch);
  for (const auto& [name, value] : start.spec.secrets) (*request.mutable_secrets())[name] = value;
  for (const auto& stream : start.spec.streams) *request.add_streams() = stream;
  plugin::v1::ConfigureResponse response;
  const Deadlines& deadlines = start.options.deadlines;
  const CallEnd end =
      plugin.client->Call(&PluginService::Stub::Configure, request, &response, deadlines.configure);
  BB_RETURN_IF_ERROR(Conclude(plugin, end, deadlines, "Configure"));
  BB_RETURN_IF_ERROR(plugin.diagnoser->ToConfigurationStatus(response.diagnostics()));
  plugin.scope_hash = response.scope_hash();
  return absl::OkStatus();
}

absl::Status BringUp(const PluginStart& start,
                     RunningPlugin& plugin,
                     const std::string& socket,
                     bool configured) {
  BB_RETURN_IF_ERROR(start.on_process(plugin.process));
  BB_RETURN_IF_ERROR(WaitReady(start, plugin));
  plugin.client = std::make_unique<PluginClient>(socket, start.epoch, plugin.log);
  BB_RETURN_IF_ERROR(Greet(start, plugin));
  plugin.client->FollowEvents(start.keep_secret);
  return configured ? Configure(start, plugin) : absl::OkStatus();
}

std::shared_ptr<PluginLog> LogOf(const PluginStart& start) {
  if (start.log != nullptr) return start.log;
  return std::make_shared<PluginLog>(Redactor(ValuesOf(start.spec.secrets)),
                                     HubLog(start.spec.connection));
}

absl::StatusOr<std::shared_ptr<RunningPlugin>> StartHost(const PluginStart& start,
                                                         bool configured) {
  BB_ASSIGN_OR_RETURN(const auto folder, RunFolder::Make(start));
  auto plugin = std::make_shared<RunningPlugin>();
  plugin->log = LogOf(start);
  plugin->diagnoser = std::make_unique<Diagnoser>(start.spec.connection, start.spec.plugin,
                                                  plugin->log->redactor());
  auto process = Launch(start, folder, plugin->log);
  if (!process.ok()) {
    return plugin->diagnoser->Unavailable(
        absl::StrCat("did not start: ", std::string(process.status().message())));
  }
  plugin->process = *process;

  const absl::Status status = BringUp(start, *plugin, folder->socket(), configured);
  if (status.ok()) return plugin;
  // A refusal is no crash: it comes again however long we wait.
  if (base::ReasonOf(status) != errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE) {
    plugin->process->ExpectEnd();
  }
  plugin->process->Kill(start.options.deadlines.terminate);
  return status;
}

}  // namespace

absl::StatusOr<std::shared_ptr<RunningPlugin>> StartPlugin(const PluginStart& start) {
  return StartHost(start, /*configured=*/true);
}

absl::StatusOr<std::shared_ptr<RunningPlugin>> StartBarePlugin(const PluginStart& start) {
  return StartHost(start, /*configured=*/false);
}

bool StopPlugin(RunningPlugin& plugin, const Deadlines& deadlines, const std::string& reason) {
  plugin.process->ExpectEnd();
  plugin::v1::StopRequest request;
  request.mutable_grace()->set_seconds(
      std::chrono::ceil<std::chrono::seconds>(deadlines.stop).count());
  request.set_reason(reason);
  plugin::v1::StopResponse response;
  const auto begin = std::chrono::steady_clock::now();
  const CallEnd end =
      plugin.client->Call(&PluginService::Stub::Stop, request, &response, deadlines.stop);
  const auto spent = std::chrono::ceil<milliseconds>(std::chrono::steady_clock::now() - begin);
  const bool answered = end.kind == CallEnd::Kind::kAnswered;
  if (answered && plugin.process->WaitEnd(std::max(milliseconds(0), deadlines.stop - spent))) {
    return true;
  }
  return plugin.process->Kill(deadlines.terminate);
}

namespace {

// The call failed and the plugin said no more.
absl::Status ConcludeFailure(RunningPlugin& plugin,
                             const CallEnd& end,
                             const Deadlines& deadlines,
                             const std::string& verb) {
  if (end.status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    plugin::v1::Diagnostic unsupported;
    unsupported.set_class_(plugin::v1::Diagnostic::CLASS_UNSUPPORTED);
    unsupported.set_code("plugin.unsupported");
    (*unsupported.mutable_text())["en"] = absl::StrCat("the plugin has no ", verb);
    return plugin.diagnoser->ToStatus(unsupported);
  }
  const bool closed = end.status.error_code() == grpc::StatusCode::UNAVAILABLE;
  if (!plugin.process->WaitEnd(closed ? kDying : kDoubt)) {
    if (plugin.client->connected()) {
      plugin.worn = true;
      return plugin.diagnoser->Unavailable(
          absl::StrCat("failed in ", verb, ": ", end.status.error_message()));
    }
    plugin.process->Blame(absl::StrCat("its connection broke in ", verb));
    plugin.process->Kill(deadlines.terminate);
  }
  return plugin.diagnoser->Unavailable(
      absl::StrCat("ended in ", verb, ": ", plugin.process->end()));
}

}  // namespace

absl::Status Conclude(RunningPlugin& plugin,
                      const CallEnd& end,
                      const Deadlines& deadlines,
                      const std::string& verb) {
  switch (end.kind) {
    case CallEnd::Kind::kAnswered:
      return absl::OkStatus();
    case CallEnd::Kind::kRefused:
      return end.listener_status;
    case CallEnd::Kind::kCancelled:
      return absl::CancelledError(absl::StrCat(verb, " was cancelled"));
    case CallEnd::Kind::kFailed:
      if (!end.diagnostic.has_value()) return ConcludeFailure(plugin, end, deadlines, verb);
      plugin.worn = plugin.worn || end.diagnostic->class_() == plugin::v1::Diagnostic::CLASS_BUG;
      return plugin.diagnoser->ToStatus(*end.diagnostic);
    case CallEnd::Kind::kHung:
    case CallEnd::Kind::kForeign:
      break;
  }
  const std::string what = end.kind == CallEnd::Kind::kHung
                               ? absl::StrCat("hung in ", verb, " and was stopped")
                               : absl::StrCat("answered ", verb, " for another start");
  plugin.process->Blame(absl::StrCat("it ", what));
  plugin.process->Kill(deadlines.terminate);
  return plugin.diagnoser->Unavailable(what);
}

}  // namespace brobygger::supervisor
