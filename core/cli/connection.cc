#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/connection_file.h"
#include "core/cli/department.h"
#include "core/cli/errors.h"
#include "core/cli/output.h"
#include "core/cli/sync.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using sync::v1::Connection;
using Texts = std::vector<std::string>;

struct ConnectionOptions {
  std::string connection;
  std::string file;
  std::string title;
  std::string plugin;
  std::string family;
  std::string every;
  std::string municipality;
  std::string responsible;
  Texts config;
  Texts secrets;
  Texts mappings;
  Texts read_paths;
};

std::vector<Column> ConnectionColumns() {
  return {{"id", "CONNECTION"}, {"title", "TITLE"}, {"plugin", "PLUGIN"},
          {"family", "FAMILY"}, {"every", "EVERY"}, {"enabled", "ENABLED"}};
}

std::vector<Cell> Cells(const Connection& connection) {
  const std::string every = ShowDuration(connection.every());
  return {{connection.id()},
          {connection.title()},
          {connection.plugin()},
          {FamilyWord(connection.family())},
          {every.empty() ? "when asked" : every},
          {connection.disabled() ? "no" : "yes"}};
}

int Report(Session& session, const Connection& connection, const std::string& done) {
  session.Say(fmt::format("{} {}.", done, connection.id()));
  WriteRecord(session, connection,
              [&] { return Rows{.columns = ConnectionColumns(), .cells = {Cells(connection)}}; });
  return kExitDone;
}

Outcome ListConnections(Session& session) {
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<sync::v1::ListConnectionsResponse>(
                                             sync::v1::ListConnectionsRequest()));
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "connections", ConnectionColumns()));
  for (const auto& connection : answer.connections()) writer.Add(connection, Cells(connection));
  writer.Finish();
  SayHowMany(session, static_cast<size_t>(answer.connections_size()), "connection", "");
  return kExitDone;
}

// Calls `each` with both sides of every "KEY=VALUE".
template <typename Each>
absl::Status Pairs(const std::string& option, const Texts& typed, const Each& each) {
  for (const std::string& pair : typed) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(fmt::format("{} '{}' is not KEY=VALUE.", option, pair));
    }
    BB_RETURN_IF_ERROR(each(pair.substr(0, equals), pair.substr(equals + 1)));
  }
  return absl::OkStatus();
}

// A value that is JSON (a number, true, a list) as such, anything else as text.
nlohmann::json ConfigValue(const std::string& typed) {
  const auto json = nlohmann::json::parse(typed, nullptr, false);
  return json.is_discarded() ? nlohmann::json(typed) : json;
}

absl::Status SetLists(const ConnectionOptions& options, Connection& connection) {
  auto config = nlohmann::json::parse(
      connection.config_json().empty() ? "{}" : connection.config_json(), nullptr, false);
  BB_RETURN_IF_ERROR(Pairs("--config", options.config, [&](const auto& key, const auto& value) {
    config[key] = ConfigValue(value);
    return absl::OkStatus();
  }));
  connection.set_config_json(config.dump());
  BB_RETURN_IF_ERROR(
      Pairs("--secret", options.secrets, [&](const auto& key, const auto& value) -> absl::Status {
        if (auto wrong = CheckSecretReference(value); !wrong.ok()) return wrong;
        (*connection.mutable_secret_references())[key] = value;
        return absl::OkStatus();
      }));
  BB_RETURN_IF_ERROR(Pairs("--map", options.mappings, [&](const auto& key, const auto& value) {
    auto& mapping = *connection.add_mappings();
    mapping.set_source_field(key);
    mapping.set_target(value);
    return absl::OkStatus();
  }));
  for (const auto& path : options.read_paths) connection.mutable_jail()->add_read_paths(path);
  return absl::OkStatus();
}

// What was typed, over what the file says.
absl::Status SetTyped(const ConnectionOptions& options, Connection& connection) {
  if (!options.connection.empty()) connection.set_id(options.connection);
  if (!options.title.empty()) connection.set_title(options.title);
  if (!options.plugin.empty()) connection.set_plugin(options.plugin);
  if (!options.municipality.empty()) {
    connection.set_default_municipality_code(options.municipality);
  }
  if (!options.responsible.empty()) connection.set_responsible_email(options.responsible);
  if (!options.family.empty()) {
    BB_ASSIGN_OR_RETURN(const auto family, ToFamily(options.family));
    connection.set_family(family);
  }
  if (!options.every.empty()) {
    BB_ASSIGN_OR_RETURN(*connection.mutable_every(), ToDuration(options.every));
  }
  return SetLists(options, connection);
}

absl::StatusOr<Connection> FromFile(const ConnectionOptions& options) {
  if (options.file.empty()) return Connection();
  BB_ASSIGN_OR_RETURN(const auto text, ReadText(options.file));
  return ParseConnection(text, options.file == "-" ? "standard input" : options.file);
}

absl::StatusOr<Connection> GetConnection(Session& session, const std::string& id) {
  sync::v1::ListConnectionsRequest request;
  request.set_connection_id(id);
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<sync::v1::ListConnectionsResponse>(request));
  for (const auto& connection : answer.connections()) {
    if (connection.id() == id) return connection;
  }
  return base::MakeError(errors::v1::ERROR_REASON_CONNECTION_NOT_FOUND,
                         fmt::format("No connection has the id '{}'.", id),
                         {{"connection_id", id}});
}

absl::StatusOr<Connection> Store(Session& session, const Connection& connection) {
  sync::v1::UpdateConnectionRequest request;
  *request.mutable_connection() = connection;
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(auto response, session.Call<sync::v1::UpdateConnectionResponse>(request));
  return std::move(*response.mutable_connection());
}

// Departments may be written by name; the hub knows them by id.
absl::Status ResolveDepartments(Session& session, Connection& connection) {
  BB_ASSIGN_OR_RETURN(*connection.mutable_department_id(),
                      DepartmentId(session, connection.department_id()));
  if (!connection.has_meetings()) return absl::OkStatus();
  for (auto& calendar : *connection.mutable_meetings()->mutable_calendars()) {
    BB_ASSIGN_OR_RETURN(*calendar.mutable_department_id(),
                        DepartmentId(session, calendar.department_id()));
  }
  return absl::OkStatus();
}

Outcome Create(Session& session, const ConnectionOptions& options) {
  sync::v1::CreateConnectionRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_connection(), FromFile(options));
  BB_RETURN_IF_ERROR(SetTyped(options, *request.mutable_connection()));
  BB_RETURN_IF_ERROR(ResolveDepartments(session, *request.mutable_connection()));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto response,
                      session.Call<sync::v1::CreateConnectionResponse>(request));
  return Report(session, response.connection(), "Created");
}

// With a file, the connection becomes what the file says; without one, only what
// was typed changes. Either way the etag that was just read guards the write.
Outcome Update(Session& session, const ConnectionOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto current, GetConnection(session, options.connection));
  Connection wanted = current;
  if (!options.file.empty()) {
    BB_ASSIGN_OR_RETURN(wanted, FromFile(options));
    wanted.set_etag(current.etag());
  }
  BB_RETURN_IF_ERROR(SetTyped(options, wanted));
  if (!options.file.empty()) BB_RETURN_IF_ERROR(ResolveDepartments(session, wanted));
  BB_ASSIGN_OR_RETURN(const auto stored, Store(session, wanted));
  return Report(session, stored, "Changed");
}

Outcome SetDisabled(Session& session, const std::string& id, bool disabled) {
  BB_ASSIGN_OR_RETURN(auto connection, GetConnection(session, id));
  connection.set_disabled(disabled);
  BB_ASSIGN_OR_RETURN(const auto stored, Store(session, connection));
  return Report(session, stored, disabled ? "Disabled" : "Enabled");
}

// What it can promise, and why not more.
void SayLevel(Session& session, const sync::v1::CheckConnectionResponse& answer) {
  using Response = sync::v1::CheckConnectionResponse;
  const char* promise = nullptr;
  if (answer.level() == Response::LEVEL_A) promise = "A: both ways, without a person";
  if (answer.level() == Response::LEVEL_B) promise = "B: both ways; a doubtful write asks a person";
  if (answer.level() == Response::LEVEL_C) promise = "C: one way, into the hub";
  if (promise == nullptr) return;
  session.Say(fmt::format("Level {}.", promise));
  for (const std::string& lack : answer.missing_for_level()) {
    session.Say(fmt::format("  Not better, since {}.", lack));
  }
}

Outcome Check(Session& session, const std::string& id) {
  sync::v1::CheckConnectionRequest request;
  request.set_connection_id(id);
  BB_ASSIGN_OR_RETURN(const auto answer, session.hub().Call<sync::v1::CheckConnectionResponse>(
                                             request, session.patience(std::chrono::minutes(2))));
  bool works = true;
  WriteRecord(session, answer, [&] {
    Rows rows{.columns = {{"stream", "STREAM"}, {"visible_records", "VISIBLE RECORDS"}},
              .cells = {}};
    for (const auto& [stream, count] : answer.visible_records()) {
      rows.cells.push_back({{stream}, {std::to_string(count)}});
    }
    return rows;
  });
  for (const auto& diagnostic : answer.diagnostics()) {
    works = works && (diagnostic.severity() == plugin::v1::Diagnostic::SEVERITY_WARNING ||
                      diagnostic.severity() == plugin::v1::Diagnostic::SEVERITY_INFO);
    session.Warn(DiagnosticText(diagnostic, session.language()));
  }
  SayLevel(session, answer);
  session.Say(works ? fmt::format("{} works.", id) : fmt::format("{} does not work.", id));
  return works ? kExitDone : kExitOther;
}

using SharedConnectionOptions = std::shared_ptr<ConnectionOptions>;

void AddSettings(Command& command, const SharedConnectionOptions& options) {
  command
      .Option("--file", options->file,
              {.summary = "TOML, see deploy/connection.example.toml; - is standard input",
               .completes = Completes::kFile})
      .Option("--title", options->title, {.summary = "What people call it"})
      .Option("--plugin", options->plugin,
              {.summary = "The plugin, as in files.csv", .completes = Completes::kPlugin})
      .Option("--family", options->family,
              {.summary = "What it is used for",
               .words = {"grants", "centres", "calendars", "files", "registers"}})
      .Option("--every", options->every, {.summary = "Run by itself this often: 90s, 10m, 6h, 1d"})
      .Option("--municipality", options->municipality,
              {.summary = "Municipality code for records that tell none"})
      .Option("--responsible-email", options->responsible,
              {.summary = "Who is told by mail of what waits for a person here"})
      .Options("--config", options->config, {.summary = "KEY=VALUE for the plugin"})
      .Options("--secret", options->secrets,
               {.summary = "KEY=REFERENCE: file:/path or credential:x, never the secret"})
      .Options("--map", options->mappings,
               {.summary = "SOURCE_FIELD=TARGET, as in navn=official_name"})
      .Options("--read-path", options->read_paths,
               {.summary = "File or folder the plugin may read", .completes = Completes::kFile});
}

}  // namespace

void AddConnection(const Command& root) {
  Command connection = root.Add("connection", "Connections to source systems");
  connection.Add("list", "List connections").Does(ListConnections);

  const auto options = std::make_shared<ConnectionOptions>();
  const ValueHint which{.summary = "Id of the connection", .completes = Completes::kConnection};
  Command create = connection.Add("create", "Add a connection");
  create.OptionalArgument("CONNECTION", options->connection,
                          {.summary = "Its id: 1-40 of a-z, 0-9 and -; may stand in the file"});
  AddSettings(create, options);
  create.Does([options](Session& session) { return Create(session, *options); });

  Command update = connection.Add("update", "Change a connection");
  update.Argument("CONNECTION", options->connection, which);
  AddSettings(update, options);
  update.Does([options](Session& session) { return Update(session, *options); });

  connection.Add("check", "Start the plugin, try its source and say what is wrong")
      .Argument("CONNECTION", options->connection, which)
      .Does([options](Session& session) { return Check(session, options->connection); });
  connection.Add("enable", "Let it run again")
      .Argument("CONNECTION", options->connection, which)
      .Does(
          [options](Session& session) { return SetDisabled(session, options->connection, false); });
  connection.Add("disable", "Keep it from running")
      .Argument("CONNECTION", options->connection, which)
      .Does(
          [options](Session& session) { return SetDisabled(session, options->connection, true); });
}

}  // namespace brobygger::cli
