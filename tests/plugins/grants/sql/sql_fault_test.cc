#include <thread>

#include <catch2/catch.hpp>
#include <poll.h>

#include "tests/plugins/grants/sql/sql_write_support.h"

namespace brobygger::tests {
namespace {

using nlohmann::json;
using plugin::v1::CheckResponse;
using plugin::v1::Diagnostic;
using plugin::v1::LookupRequest;
using plugin::v1::Operation;
using plugin::v1::OperationResult;

Operation NewPhone(const std::string& phone) {
  return Update("1", "hub-1", {{"phone", TextValue(phone)}}, {{"phone", TextValue("11111111")}});
}

std::string PhoneOfFirst(DatabaseServer& server) {
  return server.Query("SELECT telefon FROM ansoeger WHERE nr = 1");
}

std::string User(const DatabaseServer& server) {
  return server.name() == "MariaDB" ? "brobygger@'127.0.0.1'" : "brobygger";
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Diagnostic CheckWith(WritingPlugin& plugin) {
  grpc::ClientContext context;
  CheckResponse response;
  REQUIRE(plugin.host().stub().Check(&context, {}, &response).ok());
  return response.diagnostics().empty() ? Diagnostic() : response.diagnostics(0);
}

TEST_CASE("a check of enough rights is content and changes nothing", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  const Diagnostic told = CheckWith(plugin);
  INFO(told.DebugString());
  CHECK(told.code().empty());
  CHECK(PhoneOfFirst(server) == "11111111");
  CHECK(server.Query("SELECT COUNT(*) FROM ansoeger") == "5");
}

TEST_CASE("a missing right is named with the GRANT to ask for, and nothing is lost",
          "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyNetServer());
  CAPTURE(server.name());
  const bool maria = server.name() == "MariaDB";
  server.Execute("REVOKE UPDATE (telefon) ON ansoeger FROM " + User(server));
  WritingPlugin plugin(server);
  const std::string grant =
      maria ? "GRANT UPDATE (`telefon`) ON `ansoeger` TO 'brobygger'@'127.0.0.1';"
            : "GRANT UPDATE (\"telefon\") ON \"ansoeger\" TO \"brobygger\";";
  const Diagnostic told = CheckWith(plugin);
  INFO(told.DebugString());
  CHECK(told.class_() == Diagnostic::CLASS_AUTH);
  CHECK(told.code() == "grants.sql.no_right");
  CHECK(Contains(told.text().at("en"), grant));
  CHECK(Contains(told.text().at("da"), grant));

  const auto results =
      plugin.Write({NewPhone("1"), Update("2", "hub-2", {{"hub_status", TextValue("kendt")}})});
  CHECK(results[0].outcome() == OperationResult::OUTCOME_RETRY);
  REQUIRE(results[0].diagnostics_size() == 1);
  CHECK(results[0].diagnostics(0).class_() == Diagnostic::CLASS_AUTH);
  CHECK(Contains(results[0].diagnostics(0).text().at("en"), grant));
  CHECK(results[1].outcome() == OperationResult::OUTCOME_APPLIED);
  server.Execute("GRANT UPDATE (telefon) ON ansoeger TO " + User(server));
  CHECK(plugin.WriteOne(NewPhone("1")).outcome() == OperationResult::OUTCOME_APPLIED);
}

TEST_CASE("the database itself keeps the hub from names and notes", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyNetServer());
  CAPTURE(server.name());
  // Somebody who may change the configuration still cannot reach them.
  json config = WriteConfigFor(server);
  config["write"]["columns"].push_back("name");
  config["write"]["insert_columns"] = {"cvr"};
  WritingPlugin plugin(server, config);
  const auto name = plugin.WriteOne(Update("1", "hub-1", {{"name", TextValue("Nyt")}}));
  CHECK(name.outcome() == OperationResult::OUTCOME_RETRY);
  CHECK(CodeOf(name) == "grants.sql.no_right");
  config["columns"]["note"] = "note";
  config["write"]["columns"] = {"note"};
  config["write"].erase("revision");
  WritingPlugin other(server, config);
  const auto note = other.WriteOne(Update("1", "hub-1", {{"note", TextValue("Nyt")}}));
  CHECK(note.outcome() == OperationResult::OUTCOME_RETRY);
  CHECK(server.Query("SELECT COUNT(*) FROM ansoeger WHERE note = 'egen'") == "5");
  CHECK(server.Query("SELECT COUNT(*) FROM ansoeger WHERE navn = 'Nyt'") == "0");
}

TEST_CASE("a wrong password puts writes off", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyNetServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  plugin::v1::ConfigureRequest request;
  request.set_config_json(WriteConfigFor(server).dump());
  request.set_generation(99);
  (*request.mutable_secrets())["password"] = "gaet-engang";
  grpc::ClientContext context;
  plugin::v1::ConfigureResponse response;
  REQUIRE(plugin.host().stub().Configure(&context, request, &response).ok());
  const auto result = plugin.WriteOne(NewPhone("1"));
  INFO(result.DebugString());
  CHECK(result.outcome() == OperationResult::OUTCOME_RETRY);
  CHECK(CodeOf(result) == "grants.sql.bad_password");
  CHECK(result.diagnostics(0).class_() == Diagnostic::CLASS_AUTH);
  CHECK_FALSE(Contains(result.SerializeAsString(), "gaet-engang"));
}

TEST_CASE("a column that was dropped or renamed is named, and writes wait", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  REQUIRE(plugin.WriteOne(NewPhone("1")).outcome() == OperationResult::OUTCOME_APPLIED);
  server.Execute("ALTER TABLE ansoeger RENAME COLUMN telefon TO tlf");
  const auto result = plugin.WriteOne(NewPhone("2"));
  INFO(result.DebugString());
  CHECK(result.outcome() == OperationResult::OUTCOME_RETRY);
  CHECK(CodeOf(result) == "grants.sql.no_column");
  CHECK(result.diagnostics(0).class_() == Diagnostic::CLASS_CONFIG);
  CHECK(result.diagnostics(0).path() == "columns.telefon");
  CHECK(Contains(result.diagnostics(0).text().at("en"), "'telefon'"));
  server.Execute("ALTER TABLE ansoeger DROP COLUMN udgave");
  server.Execute("ALTER TABLE ansoeger RENAME COLUMN tlf TO telefon");
  if (server.name() == "MariaDB") {
    server.Execute("GRANT SELECT (telefon), UPDATE (telefon) ON ansoeger TO " + User(server));
  }
  CHECK(plugin.WriteOne(NewPhone("2")).diagnostics(0).path() == "write.version");
}

TEST_CASE("a column made narrower refuses what no longer fits", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyNetServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  server.Execute(server.name() == "MariaDB"
                     ? "ALTER TABLE ansoeger MODIFY telefon VARCHAR(9)"
                     : "ALTER TABLE ansoeger ALTER COLUMN telefon TYPE VARCHAR(9)");
  const auto result = plugin.WriteOne(NewPhone("1234567890"));
  CHECK(result.outcome() == OperationResult::OUTCOME_REJECTED);
  CHECK(CodeOf(result) == "grants.sql.too_long");
  CHECK(result.diagnostics(0).path() == "phone");
  CHECK(Contains(result.diagnostics(0).text().at("en"), "only 9"));
  CHECK(PhoneOfFirst(server) == "11111111");
}

TEST_CASE("a column made wider takes what did not fit, without a new start", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyNetServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  const std::string phone(21, '1');
  CHECK(CodeOf(plugin.WriteOne(NewPhone(phone))) == "grants.sql.too_long");
  server.Execute(server.name() == "MariaDB"
                     ? "ALTER TABLE ansoeger MODIFY telefon VARCHAR(40)"
                     : "ALTER TABLE ansoeger ALTER COLUMN telefon TYPE VARCHAR(40)");
  const auto result = plugin.WriteOne(NewPhone(phone));
  INFO(result.DebugString());
  CHECK(result.outcome() == OperationResult::OUTCOME_APPLIED);
  CHECK(PhoneOfFirst(server) == phone);
}

TEST_CASE("one bad operation stops no other", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  server.Execute("CREATE UNIQUE INDEX ansoeger_navn ON ansoeger (navn)");
  WritingPlugin plugin(server);
  std::vector<Operation> operations;
  for (int at = 0; at < 120; ++at) {
    const std::string name = at == 77 ? "Fjordby Æblelaug" : "Forening " + std::to_string(at);
    operations.push_back(Create("hub-n" + std::to_string(at), {{"name", TextValue(name)}}));
  }
  operations.push_back(Update("77777", "", {{"phone", TextValue("1")}}));
  operations.push_back(NewPhone("1"));
  const auto results = plugin.Write(operations);
  for (std::size_t at = 0; at < results.size(); ++at) {
    CAPTURE(at, results[at].DebugString());
    const bool bad = at == 77 || at == 120;
    CHECK(results[at].outcome() ==
          (bad ? OperationResult::OUTCOME_REJECTED : OperationResult::OUTCOME_APPLIED));
  }
  CHECK(CodeOf(results[77]) == "grants.sql.duplicate");
  // The database's own words tell the value, and the log must not.
  CHECK_FALSE(Contains(results[77].diagnostics(0).detail(), "Fjordby"));
  CHECK(server.Query("SELECT COUNT(*) FROM ansoeger") == "124");
}

TEST_CASE("what a trigger makes of a value is what comes back", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  if (server.name() == "PostgreSQL") {
    server.Execute(
        "CREATE OR REPLACE FUNCTION pyntet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "NEW.telefon := '+45 ' || NEW.telefon; RETURN NEW; END $$");
    server.Execute(
        "CREATE TRIGGER pynt BEFORE UPDATE ON ansoeger FOR EACH ROW EXECUTE FUNCTION pyntet()");
  } else if (server.name() == "MariaDB") {
    server.Execute(
        "CREATE TRIGGER pynt BEFORE UPDATE ON ansoeger FOR EACH ROW SET NEW.telefon = "
        "CONCAT('+45 ', NEW.telefon)");
  } else {
    server.Execute(
        "CREATE TRIGGER pynt AFTER UPDATE OF telefon ON ansoeger WHEN NEW.telefon NOT LIKE '+%' "
        "BEGIN UPDATE ansoeger SET telefon = '+45 ' || telefon WHERE nr = NEW.nr; END");
  }
  WritingPlugin plugin(server);
  const auto result = plugin.WriteOne(NewPhone("1"));
  INFO(result.DebugString());
  CHECK(result.outcome() == OperationResult::OUTCOME_APPLIED);
  CHECK(result.stored().fields().at("phone").text() == "+45 1");
}

TEST_CASE("a careless database does not cut a text either", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants("MariaDB");
  server.Execute("SET GLOBAL sql_mode = ''; ALTER TABLE ansoeger MODIFY telefon TINYTEXT");
  WritingPlugin plugin(server);
  const auto result = plugin.WriteOne(NewPhone(std::string(300, 'x')));
  INFO(result.DebugString());
  CHECK(result.outcome() == OperationResult::OUTCOME_REJECTED);
  CHECK(CodeOf(result) == "grants.sql.too_long");
  CHECK(PhoneOfFirst(server) == "11111111");
  server.Execute("ALTER TABLE ansoeger ENGINE = MyISAM");
  const auto engine = plugin.WriteOne(NewPhone("1"));
  CHECK(engine.outcome() == OperationResult::OUTCOME_RETRY);
  CHECK(CodeOf(engine) == "grants.sql.no_transactions");
}

TEST_CASE("a row that somebody holds is tried again later, the others are not", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  {
    const auto held = server.Hold("UPDATE ansoeger SET telefon = 'person' WHERE nr = 1");
    const auto results =
        plugin.Write({NewPhone("1"), Update("2", "hub-2", {{"phone", TextValue("2")}})});
    INFO(results[0].DebugString());
    CHECK(results[0].outcome() == OperationResult::OUTCOME_RETRY);
    CHECK(CodeOf(results[0]) == "grants.sql.busy");
    CHECK(results[0].diagnostics(0).retry_after().seconds() == 30);
    // SQLite locks the whole file. MariaDB reads along the key, so a neighbour may be held.
    if (server.name() == "PostgreSQL") {
      CHECK(results[1].outcome() == OperationResult::OUTCOME_APPLIED);
    }
  }
  CHECK(plugin.WriteOne(NewPhone("1")).outcome() == OperationResult::OUTCOME_APPLIED);
}

TEST_CASE("an edit that is committed while we wait for it survives", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyNetServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  const std::string sleep =
      server.name() == "MariaDB" ? "SELECT SLEEP(1.5)" : "SELECT pg_sleep(1.5)";
  std::thread person([&] {
    server.Execute("BEGIN; UPDATE ansoeger SET telefon = 'person' WHERE nr = 1; " + sleep +
                   "; COMMIT");
  });
  poll(nullptr, 0, 700);
  const auto result = plugin.WriteOne(NewPhone("1"));
  person.join();
  INFO(result.DebugString());
  CHECK(result.outcome() == OperationResult::OUTCOME_STALE);
  CHECK(result.stored().fields().at("phone").text() == "person");
  CHECK(PhoneOfFirst(server) == "person");
}

TEST_CASE("a server that restarts under a write never leaves it called applied", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants("PostgreSQL");
  WritingPlugin plugin(server);
  auto held = server.Hold("UPDATE ansoeger SET telefon = 'person' WHERE nr = 1");
  std::vector<OperationResult> results;
  std::thread writing([&] {
    results = plugin.Write({NewPhone("1"), Update("2", "hub-2", {{"phone", TextValue("2")}})});
  });
  for (int tries = 0; tries < 200; ++tries) {
    if (server.Query("SELECT COUNT(*) > 0 FROM pg_stat_activity WHERE usename = 'brobygger' AND "
                     "wait_event_type = 'Lock'") == "t") {
      break;
    }
    poll(nullptr, 0, 10);
  }
  server.Crash();
  writing.join();
  held.reset();
  for (const OperationResult& result : results) {
    INFO(result.DebugString());
    CHECK((result.outcome() == OperationResult::OUTCOME_RETRY ||
           result.outcome() == OperationResult::OUTCOME_DOUBTFUL));
  }
  CHECK(PhoneOfFirst(server) == "11111111");
  LookupRequest request;
  request.add_external_ids("1");
  const auto found = plugin.Lookup(request);
  REQUIRE(found.records_size() == 1);
  CHECK(found.records(0).fields().at("phone").text() == "11111111");
  CHECK(plugin.WriteOne(NewPhone("1")).outcome() == OperationResult::OUTCOME_APPLIED);
}

TEST_CASE("a commit without an answer is doubtful, and a lookup settles it", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants("PostgreSQL");
  server.Execute(
      "CREATE OR REPLACE FUNCTION dvaeler() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
      "pg_sleep(60); RETURN NULL; END $$");
  server.Execute(
      "CREATE CONSTRAINT TRIGGER dvael AFTER INSERT ON ansoeger DEFERRABLE INITIALLY DEFERRED FOR "
      "EACH ROW EXECUTE FUNCTION dvaeler()");
  WritingPlugin plugin(server);
  OperationResult result;
  std::thread writing([&] {
    result = plugin.WriteOne(Create("hub-9", {{"name", TextValue("Ny")}}));
  });
  for (int tries = 0; tries < 500; ++tries) {
    if (server.Query("SELECT COUNT(*) FROM pg_stat_activity WHERE usename = 'brobygger' AND "
                     "query = 'COMMIT' AND wait_event = 'PgSleep'") == "1") {
      break;
    }
    poll(nullptr, 0, 10);
  }
  server.Crash();
  writing.join();
  INFO(result.DebugString());
  CHECK(result.outcome() == OperationResult::OUTCOME_DOUBTFUL);
  LookupRequest request;
  request.add_foreign_ids("hub-9");
  const auto found = plugin.Lookup(request);
  CHECK(found.records().empty());
  REQUIRE(found.definitely_absent_size() == 1);
  CHECK(found.definitely_absent(0) == "hub-9");
}

TEST_CASE("a server that is down puts writes off", "[sql][write]") {
  const auto server = StartPostgres();
  server->Execute("CREATE TABLE ansoeger (nr INTEGER)");
  WritingPlugin plugin(*server, WriteConfigFor(*server));
  server->Stop();
  const auto result = plugin.WriteOne(NewPhone("1"));
  CHECK(result.outcome() == OperationResult::OUTCOME_RETRY);
  CHECK(CodeOf(result) == "grants.sql.unreachable");
}

}  // namespace
}  // namespace brobygger::tests
