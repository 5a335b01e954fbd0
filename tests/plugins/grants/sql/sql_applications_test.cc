#include <map>
#include <memory>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/plugins/grants/sql/sql_support.h"

namespace brobygger::tests {
namespace {

using Json = nlohmann::json;
using plugin::v1::CheckResponse;
using plugin::v1::ConfigureRequest;
using plugin::v1::ConfigureResponse;
using plugin::v1::Diagnostic;
using plugin::v1::DiscoverResponse;
using plugin::v1::LookupRequest;
using plugin::v1::LookupResponse;

constexpr char kApplicants[] =
    "CREATE TABLE ansoeger (nr INTEGER PRIMARY KEY, navn VARCHAR(200), ekstern_id VARCHAR(40))";
constexpr char kApplicantRows[] = "INSERT INTO ansoeger VALUES (1, 'Fjordby Æblelaug', NULL)";
constexpr char kRows[] =
    "INSERT INTO ansoegning VALUES "
    "('2026-1', 1, 'Æblefest på Øen', 12345678.50, 25000, '2026-02-01', 0, 'fortroligt'), "
    "('2026-2', 1, 'Kor', 0.05, 100000000000000000, NULL, 0, 'fortroligt'), "
    "('2026-3', 7, NULL, NULL, NULL, '2026-02-31', 0, 'fortroligt'), "
    "('2026-4', 7, 'Trukket', 100000000, 0.00001, NULL, 1, 'fortroligt')";

// Amounts as each product keeps them: exact, binary, and in SQLite as it happens.
std::string TableFor(const std::string& name) {
  const std::string exact = name == "SQLite" ? "REAL" : "NUMERIC(12,2)";
  const std::string binary = name == "SQLite" ? "INTEGER" : "DOUBLE PRECISION";
  return "CREATE TABLE ansoegning (ansoegning_id VARCHAR(20) PRIMARY KEY, ansoeger_id INTEGER, "
         "titel VARCHAR(200), soegt " +
         exact + ", bevilget " + binary +
         ", modtaget VARCHAR(20), slettet INTEGER, note VARCHAR(200))";
}

DatabaseServer& Server(const std::string& name) {
  static std::map<std::string, std::unique_ptr<DatabaseServer>> servers;
  auto& server = servers[name];
  if (server) return *server;
  server = StartServer(name);
  server->Execute(kApplicants);
  server->Execute(kApplicantRows);
  server->Execute(TableFor(name));
  server->Execute(kRows);
  server->Execute("CREATE TABLE tom (nr INTEGER PRIMARY KEY, navn VARCHAR(200))");
  if (name == "SQLite") return *server;
  const std::string user = name == "MariaDB" ? "brobygger@'127.0.0.1'" : "brobygger";
  server->Execute("GRANT SELECT, INSERT, UPDATE ON ansoeger TO " + user);
  server->Execute("GRANT SELECT ON tom TO " + user);
  server->Execute(
      "GRANT SELECT (ansoegning_id, ansoeger_id, titel, soegt, bevilget, modtaget, slettet) ON "
      "ansoegning TO " +
      user);
  return *server;
}

Json ConfigFor(const DatabaseServer& server) {
  return {{"connection_string", server.connection_string()},
          {"table", "ansoeger"},
          {"key", "nr"},
          {"columns", {{"navn", "name"}}},
          {"write", {{"id", "ekstern_id"}, {"columns", {"name"}}, {"insert", true}}},
          {"applications",
           {{"table", "ansoegning"},
            {"key", "ansoegning_id"},
            {"columns",
             {{"ansoeger_id", "applicant"},
              {"titel", "title"},
              {"soegt", {{"field", "applied"}, {"type", "decimal"}}},
              {"bevilget", {{"field", "granted"}, {"type", "decimal"}}},
              {"modtaget", {{"field", "received"}, {"type", "date"}}}}}}}};
}

// A plugin with this configuration, and what Configure said of its scope.
struct Plugin {
  Plugin(const DatabaseServer& server, const Json& config, ConfigureRequest request = {})
      : host(HostFor(server)) {
    request.set_config_json(config.dump());
    request.set_generation(1);
    for (const auto& [name, value] : Secrets(server)) (*request.mutable_secrets())[name] = value;
    grpc::ClientContext context;
    ConfigureResponse response;
    REQUIRE(host->stub().Configure(&context, request, &response).ok());
    INFO(response.DebugString());
    REQUIRE(response.diagnostics().empty());
    scope = response.scope_hash();
  }

  ReadOutcome Applications() const { return ReadSnapshot(*host, "", "applications"); }

  CheckResponse Check() const {
    grpc::ClientContext context;
    CheckResponse response;
    REQUIRE(host->stub().Check(&context, {}, &response).ok());
    return response;
  }

  // The only trouble that Check tells; empty if there is none.
  Diagnostic Trouble() const {
    const CheckResponse response = Check();
    return response.diagnostics().empty() ? Diagnostic() : response.diagnostics(0);
  }

  DiscoverResponse Discover() const {
    grpc::ClientContext context;
    DiscoverResponse response;
    REQUIRE(host->stub().Discover(&context, {}, &response).ok());
    return response;
  }

  std::unique_ptr<HostProcess> host;
  std::string scope;
};

TEST_CASE("applications are read whole beside the associations", "[sql][applications]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  const Plugin plugin(server, ConfigFor(server));
  const ReadOutcome read = plugin.Applications();
  INFO(read.status.error_message() << read.diagnostic.DebugString());
  REQUIRE(read.status.ok());
  REQUIRE(read.records.size() == 3);
  const auto& first = read.records[0];
  CHECK(first.external_id() == "2026-1");
  CHECK(first.foreign_id().empty());
  CHECK(first.etag().size() == 32);
  CHECK(first.fields().at("applicant").text() == "1");
  CHECK(first.fields().at("title").text() == "Æblefest på Øen");
  CHECK(first.fields().at("received").date() == "2026-02-01");
  CHECK(first.fields().count("note") == 0);
  // A day that does not exist is kept aside and named.
  REQUIRE(read.errors.size() == 1);
  CHECK(read.errors[0].external_id() == "2026-3");
  CHECK(read.errors[0].diagnostic().code() == "grants.sql.bad_date");
  CHECK(read.errors[0].diagnostic().path() == "ansoegning:2026-3");
  REQUIRE(read.ends.size() == 1);
  CHECK(read.ends[0].complete());
  CHECK(read.ends[0].record_count() == 4);

  const ReadOutcome associations = ReadSnapshot(*plugin.host);
  REQUIRE(associations.records.size() == 1);
  CHECK(associations.records[0].fields().at("name").text() == "Fjordby Æblelaug");
}

TEST_CASE("amounts come out as plain decimal text, however they are kept", "[sql][applications]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  config["applications"]["columns"].erase("modtaget");
  const ReadOutcome read = Plugin(server, config).Applications();
  INFO(read.diagnostic.DebugString());
  REQUIRE(read.records.size() == 4);
  const auto amount = [&](std::size_t at, const char* field) {
    return read.records[at].fields().at(field).decimal();
  };
  const bool exact = server.name() != "SQLite";
  CHECK(amount(0, "applied") == (exact ? "12345678.50" : "12345678.5"));
  CHECK(amount(1, "applied") == "0.05");
  CHECK(read.records[2].fields().at("applied").has_empty());
  CHECK(amount(3, "applied") == (exact ? "100000000.00" : "100000000.0"));
  CHECK(amount(0, "granted") == "25000");
  CHECK(amount(1, "granted") == "100000000000000000");
  CHECK(read.records[2].fields().at("granted").has_empty());
  CHECK(amount(3, "granted") == "0.00001");
}

TEST_CASE("an amount column of whole numbers may be an int", "[sql][applications]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  config["applications"]["columns"] = {{"ansoeger_id", {{"field", "granted"}, {"type", "int"}}}};
  const ReadOutcome read = Plugin(server, config).Applications();
  REQUIRE(read.records.size() == 4);
  CHECK(read.records[3].fields().at("granted").number() == 7);
}

TEST_CASE("a filter of the applications is their own", "[sql][applications]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  config["applications"]["filter_equals"] = {{"slettet", 1}};
  const Plugin plugin(server, config);
  const ReadOutcome read = plugin.Applications();
  INFO(read.diagnostic.DebugString());
  REQUIRE(read.records.size() == 1);
  CHECK(read.records[0].external_id() == "2026-4");
  CHECK(ReadSnapshot(*plugin.host).records.size() == 1);
}

TEST_CASE("an empty table of applications is complete once a count agrees", "[sql][applications]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  config["applications"] = {{"table", "tom"}, {"key", "nr"}, {"columns", {{"navn", "title"}}}};
  const ReadOutcome read = Plugin(server, config).Applications();
  REQUIRE(read.status.ok());
  REQUIRE(read.ends.size() == 1);
  CHECK(read.ends[0].complete());
  CHECK(read.ends[0].record_count() == 0);
}

TEST_CASE("it tells of applications only when they are configured, and that they are only read",
          "[sql][applications]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  const DiscoverResponse both = Plugin(server, config).Discover();
  REQUIRE(both.streams_size() == 2);
  CHECK(both.streams(0).name() == "associations");
  CHECK(both.streams(0).abilities().update());
  CHECK(both.streams(1).name() == "applications");
  plugin::v1::Abilities only_snapshot;
  only_snapshot.set_snapshot(true);
  CHECK(both.streams(1).abilities().SerializeAsString() == only_snapshot.SerializeAsString());
  REQUIRE(both.streams(1).fields_size() == 5);
  for (const auto& field : both.streams(1).fields()) {
    CHECK(field.readable());
    CHECK_FALSE(field.writable());
    if (field.name() == "applied") CHECK(field.type() == plugin::v1::FieldSchema::TYPE_DECIMAL);
  }

  config.erase("applications");
  const Plugin without(server, config);
  CHECK(without.Discover().streams_size() == 1);
  const ReadOutcome read = without.Applications();
  CHECK(read.diagnostic.class_() == Diagnostic::CLASS_UNSUPPORTED);
  CHECK(read.diagnostic.path() == "applications");
  CHECK(HasBothTexts(read.diagnostic));
}

TEST_CASE("a check counts both streams", "[sql][applications]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  const CheckResponse response = Plugin(server, ConfigFor(server)).Check();
  INFO(response.DebugString());
  CHECK(response.diagnostics().empty());
  CHECK(response.visible_records().at("associations") == 1);
  CHECK(response.visible_records().at("applications") == 4);
}

TEST_CASE("what is missing for the applications is named by its path", "[sql][applications]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  const auto trouble = [&](const Json& changes) {
    Json config = ConfigFor(server);
    config["applications"].merge_patch(changes);
    const Plugin plugin(server, config);
    const Diagnostic told = plugin.Trouble();
    INFO(told.DebugString());
    CHECK(HasBothTexts(told));
    // A read says the same, and the associations are none the worse for it.
    CHECK(plugin.Applications().diagnostic.path() == told.path());
    CHECK(ReadSnapshot(*plugin.host).status.ok());
    return told;
  };
  const Diagnostic table = trouble({{"table", "findes_ikke"}});
  CHECK(table.class_() == Diagnostic::CLASS_NOT_FOUND);
  CHECK(table.path() == "applications.table");
  const Diagnostic column = trouble({{"columns", {{"findes_ikke", "x"}}}});
  CHECK(column.class_() == Diagnostic::CLASS_CONFIG);
  CHECK(column.path() == "applications.columns.findes_ikke");
  CHECK(trouble({{"key", "findes_ikke"}}).path() == "applications.key");
  CHECK(trouble({{"filter_equals", {{"findes_ikke", 1}}}}).path() ==
        "applications.filter_equals.findes_ikke");
  if (server.name() == "SQLite") return;
  const Diagnostic right = trouble({{"columns", {{"note", "note"}}}});
  CHECK(right.path() == "applications.columns.note");
  // MariaDB does not even show the column.
  CHECK(right.class_() ==
        (server.name() == "MariaDB" ? Diagnostic::CLASS_CONFIG : Diagnostic::CLASS_AUTH));
}

TEST_CASE("a wrong part of the applications' configuration is named", "[sql][applications]") {
  const DatabaseServer& server = Server("SQLite");
  const auto host = HostFor(server);
  std::uint64_t generation = 0;
  const auto path_of = [&](const Json& applications) {
    Json config = ConfigFor(server);
    config["applications"] = applications;
    ConfigureRequest request;
    request.set_config_json(config.dump());
    request.set_generation(++generation);
    ConfigureResponse response;
    grpc::ClientContext context;
    REQUIRE(host->stub().Configure(&context, request, &response).ok());
    if (response.diagnostics().empty()) return std::string();
    CHECK(HasBothTexts(response.diagnostics(0)));
    return response.diagnostics(0).path();
  };
  Json good = ConfigFor(server)["applications"];
  CHECK(path_of(good).empty());
  CHECK(path_of(nullptr).empty());
  CHECK(path_of("ansoegning") == "applications");
  CHECK(path_of(Json::object()) == "applications.table");
  const auto with = [&](const Json& changes) {
    Json changed = good;
    changed.merge_patch(changes);
    return path_of(changed);
  };
  CHECK(with({{"table", "a.b.c"}}) == "applications.table");
  CHECK(with({{"key", nullptr}}) == "applications.key");
  CHECK(with({{"columns", nullptr}}) == "applications.columns");
  CHECK(with({{"columns", {{"titel", {{"type", "penge"}}}}}}) == "applications.columns.titel.type");
  CHECK(with({{"columns", {{"titel\"", "x"}}}}) == "applications.columns.titel\"");
  CHECK(with({{"filter_equals", 1}}) == "applications.filter_equals");
  CHECK(with({{"write", {{"id", "note"}}}}) == "applications.write");
}

TEST_CASE("only the columns selected of each stream are asked for", "[sql][applications]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  ConfigureRequest request;
  auto& selection = *request.add_streams();
  selection.set_stream("applications");
  selection.add_fields("title");
  const Plugin plugin(server, ConfigFor(server), request);
  const ReadOutcome read = plugin.Applications();
  INFO(read.diagnostic.DebugString());
  // The bad date is not read, so nothing is wrong with its row.
  REQUIRE(read.records.size() == 4);
  CHECK(read.records[0].fields().size() == 1);
  CHECK(read.records[0].fields().count("title") == 1);
  // The other stream is selected by itself; here not at all, so it tells everything.
  CHECK(ReadSnapshot(*plugin.host).records.at(0).fields().count("name") == 1);
}

TEST_CASE("applications are looked up by key and by nothing else", "[sql][applications]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  config["applications"]["filter_equals"] = {{"slettet", 0}};
  const Plugin plugin(server, config);
  LookupRequest request;
  request.set_stream("applications");
  for (const char* key : {"2026-1", "2026-4", "2026-9"}) request.add_external_ids(key);
  LookupResponse response;
  grpc::ClientContext context;
  REQUIRE(plugin.host->stub().Lookup(&context, request, &response).ok());
  INFO(response.DebugString());
  REQUIRE(response.records_size() == 2);
  std::map<std::string, plugin::v1::Record> found;
  for (const auto& record : response.records()) found[record.external_id()] = record;
  CHECK(found["2026-1"].ShortDebugString() ==
        plugin.Applications().records.at(0).ShortDebugString());
  CHECK(found["2026-4"].deleted());
  REQUIRE(response.definitely_absent_size() == 1);
  CHECK(response.definitely_absent(0) == "2026-9");

  request.add_foreign_ids("hub-1");
  grpc::ClientContext again;
  CHECK(plugin.host->stub().Lookup(&again, request, &response).error_code() ==
        grpc::StatusCode::UNIMPLEMENTED);
  CHECK(DiagnosticOf(again).path() == "applications.key");
}

TEST_CASE("nothing is written to applications", "[sql][applications]") {
  DatabaseServer& server = Server("SQLite");
  const Plugin plugin(server, ConfigFor(server));
  plugin::v1::WriteRequest request;
  request.set_stream("applications");
  auto& operation = *request.add_operations();
  operation.set_op_id("op");
  operation.set_kind(plugin::v1::Operation::KIND_UPDATE);
  operation.set_external_id("2026-1");
  (*operation.mutable_set())["title"].set_text("Skrevet");
  plugin::v1::WriteResponse response;
  grpc::ClientContext context;
  CHECK(plugin.host->stub().Write(&context, request, &response).error_code() ==
        grpc::StatusCode::UNIMPLEMENTED);
  CHECK(HasBothTexts(DiagnosticOf(context)));
  CHECK(server.Query("SELECT COUNT(*) FROM ansoegning WHERE titel = 'Skrevet'") == "0");
}

TEST_CASE("the applications are a scope of their own", "[sql][applications]") {
  const DatabaseServer& server = Server("SQLite");
  Json config = ConfigFor(server);
  const Plugin both(server, config);
  const std::string scope = both.Applications().ends.at(0).scope_hash();
  CHECK_FALSE(scope.empty());
  CHECK(scope != both.scope);
  CHECK(ReadSnapshot(*both.host).ends.at(0).scope_hash() == both.scope);

  // Another filter there hides no association, and is told where the snapshot ends.
  config["applications"]["filter_equals"] = {{"slettet", 0}};
  const Plugin filtered(server, config);
  CHECK(filtered.scope == both.scope);
  CHECK(filtered.Applications().ends.at(0).scope_hash() != scope);
  config.erase("applications");
  CHECK(Plugin(server, config).scope == both.scope);
  config["filter_equals"] = {{"nr", 1}};
  CHECK(Plugin(server, config).scope != both.scope);
}

}  // namespace
}  // namespace brobygger::tests
