#include "tests/plugins/grants/sql/sql_write_support.h"

#include <chrono>
#include <utility>

#include <catch2/catch.hpp>

namespace brobygger::tests {
namespace {

using nlohmann::json;
using plugin::v1::Operation;
using plugin::v1::OperationResult;

constexpr char kRead[] =
    "nr, navn, cvr, telefon, hub_status, hub_revision, bevilget, stiftet, aktiv, ekstern_id, "
    "slettet, udgave";
constexpr char kUpdate[] =
    "telefon, hub_status, hub_revision, bevilget, stiftet, aktiv, ekstern_id, udgave";
constexpr char kInsert[] =
    "telefon, hub_status, hub_revision, bevilget, stiftet, aktiv, ekstern_id, udgave, navn, cvr, "
    "slettet, oprettet_af";
constexpr char kRows[] =
    "INSERT INTO ansoeger (navn, cvr, telefon, bevilget, stiftet, ekstern_id, slettet, note) "
    "VALUES ('Fjordby Æblelaug', '12345674', '11111111', 1234.50, '1998-05-01', NULL, 0, 'egen'), "
    "('Sønderå Kor', '22222228', NULL, NULL, NULL, 'hub-2', 0, 'egen'), "
    "('Lukket Hus', '33333333', NULL, NULL, NULL, 'hub-3', 1, 'egen'), "
    "('Tvilling Øst', '44444444', NULL, NULL, NULL, NULL, 0, 'egen'), "
    "('Tvilling Vest', '44444444', NULL, NULL, NULL, NULL, 0, 'egen')";

std::string TableFor(const std::string& name) {
  const std::string key = name == "PostgreSQL" ? "SERIAL PRIMARY KEY"
                          : name == "MariaDB"  ? "INTEGER AUTO_INCREMENT PRIMARY KEY"
                                               : "INTEGER PRIMARY KEY";
  const std::string flag = name == "PostgreSQL" ? "BOOLEAN" : "SMALLINT";
  return "CREATE TABLE ansoeger (nr " + key +
         ", navn VARCHAR(60) NOT NULL, cvr VARCHAR(8), telefon VARCHAR(20), hub_status VARCHAR(20) "
         "NOT NULL DEFAULT '', hub_revision INTEGER, bevilget DECIMAL(12,2), stiftet DATE, aktiv " +
         flag +
         ", ekstern_id VARCHAR(40), slettet INTEGER NOT NULL, udgave INTEGER, oprettet_af "
         "VARCHAR(20) NOT NULL DEFAULT 'huset', note VARCHAR(200))";
}

}  // namespace

DatabaseServer& ServerWithApplicants(const std::string& name) {
  static std::map<std::string, std::unique_ptr<DatabaseServer>> servers;
  auto& server = servers[name];
  if (!server) server = StartServer(name);
  server->Execute("DROP TABLE IF EXISTS ansoeger");
  server->Execute(TableFor(name));
  server->Execute(kRows);
  if (name == "SQLite") return *server;
  const std::string user = name == "MariaDB" ? "brobygger@'127.0.0.1'" : "brobygger";
  if (name == "MariaDB") {
    // Rights outlive a table there.
    server->Execute("REVOKE ALL PRIVILEGES, GRANT OPTION FROM " + user);
  }
  server->Execute("GRANT SELECT (" + std::string(kRead) + "), UPDATE (" + kUpdate + "), INSERT (" +
                  kInsert + ") ON ansoeger TO " + user);
  if (name == "PostgreSQL") server->Execute("GRANT USAGE ON SEQUENCE ansoeger_nr_seq TO " + user);
  return *server;
}

json WriteConfigFor(const DatabaseServer& server) {
  return {{"connection_string", server.connection_string()},
          {"table", "ansoeger"},
          {"key", "nr"},
          {"columns",
           {{"navn", "name"},
            {"cvr", "cvr"},
            {"telefon", "phone"},
            {"hub_status", "hub_status"},
            {"hub_revision", {{"field", "hub_revision"}, {"type", "int"}}},
            {"bevilget", {{"field", "granted"}, {"type", "decimal"}}},
            {"stiftet", {{"field", "founded"}, {"type", "date"}}},
            {"aktiv", {{"field", "active"}, {"type", "bool"}}}}},
          {"filter_equals", {{"slettet", 0}}},
          {"write",
           {{"id", "ekstern_id"},
            {"columns", {"phone", "hub_status", "hub_revision", "granted", "founded", "active"}},
            {"insert_columns", {"name", "cvr"}},
            {"insert", true},
            {"link_by", "cvr"},
            {"revision", "hub_revision"},
            {"version", "udgave"},
            {"defaults", {{"oprettet_af", "brobygger"}}}}}};
}

WritingPlugin::WritingPlugin(const DatabaseServer& server)
    : WritingPlugin(server, WriteConfigFor(server)) {}

WritingPlugin::WritingPlugin(const DatabaseServer& server, const json& config)
    : host_(HostFor(server)) {
  const auto wrong = Configure(*host_, config.dump(), Secrets(server));
  INFO((wrong.empty() ? "" : wrong[0].ShortDebugString()));
  REQUIRE(wrong.empty());
}

std::vector<OperationResult> WritingPlugin::Write(const std::vector<Operation>& operations,
                                                  bool dry_run) {
  plugin::v1::WriteRequest request;
  request.set_stream("associations");
  request.set_dry_run(dry_run);
  request.set_epoch(7);
  for (std::size_t at = 0; at < operations.size(); ++at) {
    *request.add_operations() = operations[at];
    request.mutable_operations(static_cast<int>(at))->set_op_id("op" + std::to_string(at));
  }
  plugin::v1::WriteResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(120));
  const auto start = std::chrono::steady_clock::now();
  const grpc::Status status = host_->stub().Write(&context, request, &response);
  time_in_writes_ += std::chrono::steady_clock::now() - start;
  INFO(status.error_message());
  REQUIRE(status.ok());
  REQUIRE(response.epoch() == 7);
  std::map<std::string, OperationResult> by_id;
  for (const OperationResult& result : response.results()) by_id[result.op_id()] = result;
  REQUIRE(response.results_size() == static_cast<int>(operations.size()));
  std::vector<OperationResult> results;
  for (std::size_t at = 0; at < operations.size(); ++at) {
    REQUIRE(by_id.count("op" + std::to_string(at)) == 1);
    results.push_back(std::move(by_id["op" + std::to_string(at)]));
  }
  return results;
}

OperationResult WritingPlugin::WriteOne(const Operation& operation) {
  return Write({operation}).front();
}

plugin::v1::LookupResponse WritingPlugin::Lookup(const plugin::v1::LookupRequest& request) {
  plugin::v1::LookupRequest asked = request;
  asked.set_stream("associations");
  plugin::v1::LookupResponse response;
  grpc::ClientContext context;
  const grpc::Status status = host_->stub().Lookup(&context, asked, &response);
  INFO(status.error_message());
  REQUIRE(status.ok());
  return response;
}

plugin::v1::Value TextValue(const std::string& text) {
  plugin::v1::Value value;
  if (text.empty()) {
    value.mutable_empty();
  } else {
    value.set_text(text);
  }
  return value;
}

plugin::v1::Value NumberValue(long long number) {
  plugin::v1::Value value;
  value.set_number(number);
  return value;
}

Operation Create(const std::string& id, const Fields& set) {
  Operation operation;
  operation.set_kind(Operation::KIND_CREATE);
  operation.set_foreign_id(id);
  operation.mutable_set()->insert(set.begin(), set.end());
  return operation;
}

Operation Update(const std::string& key,
                 const std::string& id,
                 const Fields& set,
                 const Fields& expected) {
  Operation operation;
  operation.set_kind(Operation::KIND_UPDATE);
  operation.set_external_id(key);
  operation.set_foreign_id(id);
  operation.mutable_set()->insert(set.begin(), set.end());
  operation.mutable_expected()->insert(expected.begin(), expected.end());
  return operation;
}

std::string CodeOf(const OperationResult& result) {
  return result.diagnostics().empty() ? "" : result.diagnostics(0).code();
}

}  // namespace brobygger::tests
