// A table that is read only when the database says that it has changed.

#include <map>
#include <memory>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/plugins/grants/sql/sql_support.h"

namespace brobygger::tests {
namespace {

using Json = nlohmann::json;
using plugin::v1::ConfigureRequest;
using plugin::v1::ConfigureResponse;

constexpr char kTable[] =
    "CREATE TABLE ansoeger (nr INTEGER PRIMARY KEY, navn VARCHAR(200), telefon VARCHAR(20))";

// What the database's owner sets up, as each product has it.
std::vector<std::string> HintFor(const std::string& name) {
  if (name == "PostgreSQL") {
    // A new sequence shows the value that its first user gets; one is taken away first.
    return {"CREATE SEQUENCE nyt", "SELECT nextval('nyt')",
            "CREATE FUNCTION meld_nyt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
            "$$ BEGIN PERFORM nextval('nyt'); RETURN NULL; END $$",
            "CREATE TRIGGER meld_nyt AFTER INSERT OR UPDATE OR DELETE ON ansoeger "
            "FOR EACH STATEMENT EXECUTE FUNCTION meld_nyt()",
            "GRANT SELECT ON nyt TO brobygger"};
  }
  std::vector<std::string> made = {"CREATE TABLE nyt (last_value INTEGER NOT NULL)",
                                   "INSERT INTO nyt VALUES (0)"};
  for (const char* change : {"INSERT", "UPDATE", "DELETE"}) {
    const std::string trigger = std::string("CREATE TRIGGER meld_") + change + " AFTER " + change +
                                " ON ansoeger FOR EACH ROW ";
    const std::string update = "UPDATE nyt SET last_value = last_value + 1";
    made.push_back(trigger + (name == "SQLite" ? "BEGIN " + update + "; END" : update));
  }
  if (name == "MariaDB") made.emplace_back("GRANT SELECT ON nyt TO brobygger@'127.0.0.1'");
  return made;
}

DatabaseServer& Server(const std::string& name) {
  static std::map<std::string, std::unique_ptr<DatabaseServer>> servers;
  auto& server = servers[name];
  if (server) return *server;
  server = StartServer(name);
  server->Execute(kTable);
  server->Execute("INSERT INTO ansoeger VALUES (1, 'Fjordby Kor', '12345678')");
  for (const std::string& statement : HintFor(name)) server->Execute(statement);
  if (name == "SQLite") return *server;
  const std::string user = name == "MariaDB" ? "brobygger@'127.0.0.1'" : "brobygger";
  server->Execute("GRANT SELECT ON ansoeger TO " + user);
  return *server;
}

Json ConfigFor(const DatabaseServer& server) {
  return {{"connection_string", server.connection_string()},
          {"table", "ansoeger"},
          {"key", "nr"},
          {"columns", {{"navn", "name"}, {"telefon", "phone"}}},
          {"change_hint", {{"table", "nyt"}, {"column", "last_value"}, {"settle_seconds", 0}}}};
}

struct Plugin {
  Plugin(const DatabaseServer& server,
         const Json& config,
         const std::vector<std::string>& fields = {})
      : host(HostFor(server)) {
    ConfigureRequest request;
    request.set_config_json(config.dump());
    request.set_generation(1);
    auto& stream = *request.add_streams();
    stream.set_stream("associations");
    for (const std::string& field : fields) stream.add_fields(field);
    for (const auto& [name, value] : Secrets(server)) (*request.mutable_secrets())[name] = value;
    grpc::ClientContext context;
    ConfigureResponse response;
    REQUIRE(host->stub().Configure(&context, request, &response).ok());
    INFO(response.DebugString());
    REQUIRE(response.diagnostics().empty());
  }

  // Reads on from `cursor`, and leaves there where the next read goes on.
  ReadOutcome Read() {
    ReadOutcome read = ReadSnapshot(*host, cursor, "associations", version);
    INFO(read.status.error_message() << read.diagnostic.DebugString());
    REQUIRE(read.status.ok());
    REQUIRE(read.ends.size() == 1);
    CHECK(read.ends[0].complete());
    if (!read.checkpoints.empty()) {
      cursor = read.checkpoints.back().cursor();
      version = read.checkpoints.back().cursor_version();
    }
    return read;
  }

  bool ReadsWhole() {
    const ReadOutcome read = Read();
    CHECK(read.ends[0].unchanged() == read.records.empty());
    return !read.ends[0].unchanged();
  }

  std::unique_ptr<HostProcess> host;
  std::string cursor;
  std::uint32_t version = 0;
};

TEST_CASE("a table is read only when its hint has changed", "[sql][hint]") {
  DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Plugin plugin(server, ConfigFor(server));
  CHECK(plugin.ReadsWhole());
  CHECK_FALSE(plugin.ReadsWhole());
  CHECK_FALSE(plugin.ReadsWhole());
  for (const char* change : {"UPDATE ansoeger SET telefon = '87654321' WHERE nr = 1",
                             "INSERT INTO ansoeger VALUES (2, 'Fjordby Sang', NULL)",
                             "DELETE FROM ansoeger WHERE nr = 2"}) {
    CAPTURE(change);
    server.Execute(change);
    CHECK(plugin.ReadsWhole());
    CHECK_FALSE(plugin.ReadsWhole());
  }
  SECTION("also by another process that goes on from there") {
    Plugin other(server, ConfigFor(server));
    other.cursor = plugin.cursor;
    other.version = plugin.version;
    CHECK_FALSE(other.ReadsWhole());
  }
  SECTION("but not if it reads other rows or columns") {
    Plugin fewer(server, ConfigFor(server), {"name"});
    fewer.cursor = plugin.cursor;
    fewer.version = plugin.version;
    CHECK(fewer.ReadsWhole());
    Json config = ConfigFor(server);
    config["filter_equals"] = {{"nr", 1}};
    Plugin filtered(server, config);
    filtered.cursor = plugin.cursor;
    filtered.version = plugin.version;
    CHECK(filtered.ReadsWhole());
  }
}

TEST_CASE("until a hint has settled the table is read: its change may be under way",
          "[sql][hint]") {
  DatabaseServer& server = Server("SQLite");
  Json config = ConfigFor(server);
  config["change_hint"]["settle_seconds"] = 3600;
  Plugin plugin(server, config);
  CHECK(plugin.ReadsWhole());
  CHECK(plugin.ReadsWhole());
}

TEST_CASE("a change that was under way when its hint came is not missed", "[sql][hint]") {
  DatabaseServer& server = Server("PostgreSQL");
  Json config = ConfigFor(server);
  config["change_hint"]["settle_seconds"] = 2;
  Plugin plugin(server, config);
  // The sequence has its new value before the row is committed.
  const auto held = server.Hold("INSERT INTO ansoeger VALUES (3, 'Sent', NULL)");
  CHECK(plugin.ReadsWhole());
  CHECK(plugin.ReadsWhole());
}

TEST_CASE("a hint is no promise: now and then the table is read anyway", "[sql][hint]") {
  DatabaseServer& server = Server("SQLite");
  Json config = ConfigFor(server);
  config["change_hint"]["whole_hours"] = 0;
  Plugin plugin(server, config);
  CHECK(plugin.ReadsWhole());
  CHECK(plugin.ReadsWhole());
}

TEST_CASE("a hint that cannot be read is told by a check, and the table is read", "[sql][hint]") {
  DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  Json config = ConfigFor(server);
  SECTION("a table that is not there") { config["change_hint"]["table"] = "findes_ikke"; }
  SECTION("a table with another number of rows") {
    config["change_hint"] = {{"table", "ansoeger"}, {"column", "telefon"}};
    server.Execute("DELETE FROM ansoeger WHERE nr > 1");
    server.Execute("INSERT INTO ansoeger VALUES (9, 'Ny', '1')");
  }
  Plugin plugin(server, config);
  CHECK(plugin.ReadsWhole());
  CHECK(plugin.ReadsWhole());
  grpc::ClientContext context;
  plugin::v1::CheckResponse response;
  REQUIRE(plugin.host->stub().Check(&context, {}, &response).ok());
  REQUIRE(response.diagnostics_size() == 1);
  CHECK(HasBothTexts(response.diagnostics(0)));
}

// MariaDB over ODBC reads past the end of names with these letters.
TEST_CASE("a table, its columns and its values may hold a capital letter with a stroke", "[sql]") {
  DatabaseServer& server = Server(AnyServer());
  CAPTURE(server.name());
  const std::string quote = server.name() == "MariaDB" ? "`" : "\"";
  const auto quoted = [&](const std::string& word) { return quote + word + quote; };
  server.Execute("CREATE TABLE " + quoted("ANSØGØR") + " (nr INTEGER PRIMARY KEY, " +
                 quoted("NAVNØÜ") + " VARCHAR(50), art VARCHAR(10))");
  server.Execute("INSERT INTO " + quoted("ANSØGØR") + " VALUES (1, 'ØÜßØ', 'ØØ'), (2, 'B', 'x')");
  if (server.name() == "PostgreSQL") {
    server.Execute("GRANT SELECT ON " + quoted("ANSØGØR") + " TO brobygger");
  }
  if (server.name() == "MariaDB") {
    server.Execute("GRANT SELECT ON " + quoted("ANSØGØR") + " TO brobygger@'127.0.0.1'");
  }
  const Json config = {{"connection_string", server.connection_string()},
                       {"table", "ANSØGØR"},
                       {"key", "nr"},
                       {"columns", {{"NAVNØÜ", "name"}}},
                       {"filter_equals", {{"art", "ØØ"}}}};
  Plugin plugin(server, config);
  const ReadOutcome read = plugin.Read();
  REQUIRE(read.records.size() == 1);
  CHECK(read.records[0].fields().at("name").text() == "ØÜßØ");
  server.Execute("DROP TABLE " + quoted("ANSØGØR"));
}

}  // namespace
}  // namespace brobygger::tests
