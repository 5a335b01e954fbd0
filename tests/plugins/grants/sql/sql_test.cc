#include <map>
#include <memory>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/plugins/grants/sql/sql_support.h"

namespace brobygger::tests {
namespace {

using Json = nlohmann::json;
using plugin::v1::CheckResponse;
using plugin::v1::Diagnostic;
using plugin::v1::Record;

constexpr char kTable[] =
    "CREATE TABLE ansoeger (nr INTEGER PRIMARY KEY, navn VARCHAR(200), cvr VARCHAR(20), "
    "stiftet VARCHAR(20), bevilget DECIMAL(12,2), medlemmer INTEGER, aktiv INTEGER, note "
    "VARCHAR(200))";
constexpr char kRows[] =
    "INSERT INTO ansoeger VALUES "
    "(1, 'Fjordby Æblelaug', '12345674', '1998-05-01', 1234.50, 40, 1, 'fortroligt'), "
    "(2, 'Sønderå Kor', NULL, NULL, NULL, NULL, 0, 'fortroligt'), "
    "(3, 'Østerbro Ünïted Ølaug 漢字 😀', '', '2001-13-01', 5, 7, 1, 'fortroligt')";

// One of each for all the tests: they take seconds to start.
DatabaseServer& Server(const std::string& name) {
  static std::map<std::string, std::unique_ptr<DatabaseServer>> servers;
  auto& server = servers[name];
  if (server) return *server;
  server = StartServer(name);
  server->Execute(kTable);
  server->Execute(kRows);
  server->Execute("CREATE TABLE tom (nr INTEGER PRIMARY KEY, navn VARCHAR(200))");
  // The database holds the allow-list too: the note is nobody's business.
  if (name != "SQLite") {
    server->Execute(
        "GRANT SELECT (nr, navn, cvr, stiftet, bevilget, medlemmer, aktiv) ON ansoeger TO "
        "brobygger" +
        std::string(name == "MariaDB" ? "@'127.0.0.1'" : ""));
    server->Execute("GRANT SELECT ON tom TO brobygger" +
                    std::string(name == "MariaDB" ? "@'127.0.0.1'" : ""));
  }
  return *server;
}

Json ConfigFor(const DatabaseServer& server) {
  return {{"connection_string", server.connection_string()},
          {"table", "ansoeger"},
          {"key", "nr"},
          {"columns",
           {{"navn", "name"},
            {"cvr", "cvr"},
            {"stiftet", {{"field", "founded"}, {"type", "date"}}},
            {"bevilget", {{"field", "granted"}, {"type", "decimal"}}},
            {"medlemmer", {{"field", "members"}, {"type", "int"}}},
            {"aktiv", {{"field", "active"}, {"type", "bool"}}}}}};
}

ReadOutcome ReadWith(const DatabaseServer& server, const Json& config) {
  const auto host = HostFor(server);
  const auto wrong = Configure(*host, config.dump(), Secrets(server));
  INFO((wrong.empty() ? "" : wrong[0].ShortDebugString()));
  REQUIRE(wrong.empty());
  return ReadSnapshot(*host);
}

TEST_CASE("a table is read whole, with what each row tells", "[sql]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  const ReadOutcome read = ReadWith(server, ConfigFor(server));
  INFO(read.status.error_message() << read.diagnostic.DebugString());
  REQUIRE(read.status.ok());
  REQUIRE(read.records.size() == 2);

  const auto& first = read.records[0];
  CHECK(first.external_id() == "1");
  CHECK(first.fields().at("name").text() == "Fjordby Æblelaug");
  CHECK(first.fields().at("cvr").text() == "12345674");
  CHECK(first.fields().at("founded").date() == "1998-05-01");
  CHECK(std::stod(first.fields().at("granted").decimal()) == 1234.5);
  CHECK(first.fields().at("members").number() == 40);
  CHECK(first.fields().at("active").flag());
  CHECK(first.etag().size() == 32);

  // NULL is told empty.
  CHECK(read.records[1].fields().at("cvr").has_empty());
  CHECK(read.records[1].fields().at("granted").has_empty());
  CHECK_FALSE(read.records[1].fields().at("active").flag());

  // The third row's date does not exist: it is kept aside and named.
  REQUIRE(read.errors.size() == 1);
  CHECK(read.errors[0].external_id() == "3");
  CHECK(read.errors[0].diagnostic().code() == "grants.sql.bad_date");
  CHECK(read.errors[0].diagnostic().path() == "ansoeger:3");
  CHECK(HasBothTexts(read.errors[0].diagnostic()));

  REQUIRE(read.ends.size() == 1);
  CHECK(read.ends[0].complete());
  CHECK(read.ends[0].record_count() == 3);
}

TEST_CASE("signs beyond Latin survive the way through ODBC", "[sql]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  config["columns"] = {{"navn", "name"}};
  const ReadOutcome read = ReadWith(server, config);
  REQUIRE(read.records.size() == 3);
  CHECK(read.records[2].fields().at("name").text() == "Østerbro Ünïted Ølaug 漢字 😀");
  CHECK(read.records[2].fields().size() == 1);
}

TEST_CASE("two reads of an unchanged table give equal records", "[sql]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  const ReadOutcome first = ReadWith(server, ConfigFor(server));
  const ReadOutcome second = ReadWith(server, ConfigFor(server));
  REQUIRE(first.records.size() == 2);
  REQUIRE(second.records.size() == 2);
  CHECK(first.records[0].etag() == second.records[0].etag());
  CHECK(first.records[0].etag() != first.records[1].etag());
}

TEST_CASE("a filter keeps the other rows out", "[sql]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  config["filter_equals"] = {{"aktiv", 0}, {"navn", "Sønderå Kor"}};
  const ReadOutcome read = ReadWith(server, config);
  INFO(read.diagnostic.DebugString());
  REQUIRE(read.status.ok());
  REQUIRE(read.records.size() == 1);
  CHECK(read.records[0].external_id() == "2");
}

TEST_CASE("an empty table is complete once a count agrees", "[sql]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  config["table"] = "tom";
  config["columns"] = {{"navn", "name"}};
  const ReadOutcome read = ReadWith(server, config);
  REQUIRE(read.status.ok());
  REQUIRE(read.ends.size() == 1);
  CHECK(read.ends[0].complete());
  CHECK(read.ends[0].record_count() == 0);
}

TEST_CASE("a column that is gone is a matter for who configures, by its path", "[sql]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  config["columns"]["findes_ikke"] = "x";
  const ReadOutcome read = ReadWith(server, config);
  CHECK(read.diagnostic.class_() == Diagnostic::CLASS_CONFIG);
  CHECK(read.diagnostic.path() == "columns.findes_ikke");
  CHECK(HasBothTexts(read.diagnostic));
  CHECK(read.ends.empty());
  CHECK(read.records.empty());
}

TEST_CASE("a table that is gone is not found", "[sql]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  config["table"] = "findes_ikke";
  const ReadOutcome read = ReadWith(server, config);
  CHECK(read.diagnostic.class_() == Diagnostic::CLASS_NOT_FOUND);
  CHECK(read.diagnostic.code() == "grants.sql.no_table");
  CHECK(read.ends.empty());
}

TEST_CASE("a wrong password is a matter for who has the right one, and is not told on", "[sql]") {
  const DatabaseServer& server = Server(AnyNetServer());
  CAPTURE(server.name());
  const auto host = HostFor(server);
  REQUIRE(Configure(*host, ConfigFor(server).dump(), {{"password", "gaet-engang"}}).empty());
  const ReadOutcome read = ReadSnapshot(*host);
  INFO(read.diagnostic.DebugString());
  CHECK(read.diagnostic.class_() == Diagnostic::CLASS_AUTH);
  CHECK(read.diagnostic.code() == "grants.sql.bad_password");
  CHECK(read.diagnostic.path() == "password");
  CHECK(read.diagnostic.SerializeAsString().find("gaet-engang") == std::string::npos);
}

TEST_CASE("a column without the right to it is named as such", "[sql]") {
  const DatabaseServer& server = Server(AnyNetServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  config["columns"]["note"] = "note";
  const ReadOutcome read = ReadWith(server, config);
  INFO(read.diagnostic.DebugString());
  CHECK_FALSE(read.status.ok());
  CHECK((read.diagnostic.class_() == Diagnostic::CLASS_AUTH ||
         read.diagnostic.class_() == Diagnostic::CLASS_CONFIG));
  CHECK(read.ends.empty());
}

TEST_CASE("a check counts what can be seen", "[sql]") {
  const DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  const auto host = HostFor(server);
  REQUIRE(Configure(*host, ConfigFor(server).dump(), Secrets(server)).empty());
  grpc::ClientContext context;
  CheckResponse response;
  REQUIRE(host->stub().Check(&context, {}, &response).ok());
  INFO(response.DebugString());
  CHECK(response.diagnostics().empty());
  CHECK(response.visible_records().at("associations") == 3);
}

TEST_CASE("a port the jail does not allow is out of reach", "[sql]") {
  const DatabaseServer& server = Server(AnyNetServer());
  CAPTURE(server.name());
  HostProcess host({"--plugin", PluginFile("grants.sql")});
  REQUIRE(host.ready());
  REQUIRE(Configure(host, ConfigFor(server).dump(), Secrets(server)).empty());
  const ReadOutcome read = ReadSnapshot(host);
  INFO(read.diagnostic.DebugString());
  CHECK(read.diagnostic.class_() == Diagnostic::CLASS_TRANSIENT);
  CHECK(read.diagnostic.code() == "grants.sql.unreachable");
}

TEST_CASE("twenty thousand rows arrive once each", "[sql]") {
  DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  server.Execute("CREATE TABLE mange (nr INTEGER PRIMARY KEY, navn VARCHAR(200))");
  const std::string numbers =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) ";
  if (server.name() == "MariaDB") {
    server.Execute("SET max_recursive_iterations=30000; INSERT INTO mange " + numbers +
                   "SELECT i, CONCAT('Forening ', i) FROM n; "
                   "GRANT SELECT ON mange TO brobygger@'127.0.0.1'");
  } else {
    server.Execute("INSERT INTO mange " + (numbers + "SELECT i, 'Forening ' || i FROM n"));
  }
  if (server.name() == "PostgreSQL") server.Execute("GRANT SELECT ON mange TO brobygger");
  Json config = ConfigFor(server);
  config["table"] = "mange";
  config["columns"] = {{"navn", "name"}};
  const ReadOutcome read = ReadWith(server, config);
  server.Execute("DROP TABLE mange");
  INFO(read.diagnostic.DebugString());
  REQUIRE(read.status.ok());
  std::set<std::string> ids;
  for (const Record& record : read.records) ids.insert(record.external_id());
  CHECK(read.records.size() == 20000);
  CHECK(ids.size() == 20000);
  CHECK(read.checkpoints.size() >= 40);
}

TEST_CASE("a server that is down is tried again, and nothing is concluded", "[sql]") {
  const std::string name = AnyNetServer();
  CAPTURE(name);
  const auto server = name == "PostgreSQL" ? StartPostgres() : StartMariaDb();
  server->Stop();
  const ReadOutcome read = ReadWith(*server, ConfigFor(*server));
  INFO(read.diagnostic.DebugString());
  CHECK(read.diagnostic.class_() == Diagnostic::CLASS_TRANSIENT);
  CHECK(read.diagnostic.code() == "grants.sql.unreachable");
  CHECK(HasBothTexts(read.diagnostic));
  CHECK(read.ends.empty());
}

}  // namespace
}  // namespace brobygger::tests
