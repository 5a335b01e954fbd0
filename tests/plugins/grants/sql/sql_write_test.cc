#include <catch2/catch.hpp>

#include "tests/plugins/grants/sql/sql_write_support.h"

namespace brobygger::tests {
namespace {

using nlohmann::json;
using plugin::v1::LookupRequest;
using plugin::v1::Operation;
using plugin::v1::OperationResult;
using plugin::v1::Record;
using plugin::v1::Value;

#define CHECK_OUTCOME(result, wanted)                    \
  do {                                                   \
    const OperationResult checked = (result);            \
    INFO(checked.DebugString());                         \
    CHECK(checked.outcome() == OperationResult::wanted); \
  } while (false)

Value Decimal(const std::string& text) {
  Value value;
  value.set_decimal(text);
  return value;
}

Value Date(const std::string& text) {
  Value value;
  value.set_date(text);
  return value;
}

Value Flag(bool flag) {
  Value value;
  value.set_flag(flag);
  return value;
}

// The row as a full read tells it; an empty record if it does not.
Record ReadRow(WritingPlugin& plugin, const std::string& key) {
  const ReadOutcome read = ReadSnapshot(plugin.host());
  INFO(read.diagnostic.DebugString());
  REQUIRE(read.status.ok());
  for (const Record& record : read.records) {
    if (record.external_id() == key) return record;
  }
  return {};
}

std::string Rows(DatabaseServer& server) { return server.Query("SELECT COUNT(*) FROM ansoeger"); }

TEST_CASE("a created row is read back as it was stored", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  const auto result =
      plugin.WriteOne(Create("hub-9", {{"name", TextValue("Østerby Ølaug ÙÚÛ 漢字 😀 Ş")},
                                       {"cvr", TextValue("55555555")},
                                       {"phone", TextValue("12 34 56 78")},
                                       {"hub_revision", NumberValue(3)},
                                       {"granted", Decimal("77.25")},
                                       {"founded", Date("2001-05-31")},
                                       {"active", Flag(true)}}));
  CHECK_OUTCOME(result, OUTCOME_APPLIED);
  const Record& stored = result.stored();
  CHECK(stored.foreign_id() == "hub-9");
  CHECK(stored.fields().at("name").text() == "Østerby Ølaug ÙÚÛ 漢字 😀 Ş");
  CHECK(stored.fields().at("granted").decimal() == "77.25");
  CHECK(stored.fields().at("founded").date() == "2001-05-31");
  CHECK(stored.fields().at("active").flag());
  CHECK(stored.fields().at("hub_status").has_empty());
  CHECK(stored.ShortDebugString() == ReadRow(plugin, stored.external_id()).ShortDebugString());
  // Nothing stands behind the text that reading it back would not show.
  const std::string length = server.name() == "SQLite" ? "LENGTH" : "CHAR_LENGTH";
  CHECK(server.Query("SELECT " + length + "(navn) FROM ansoeger WHERE ekstern_id = 'hub-9'") ==
        "24");
  // What the configuration says of new rows is there too.
  CHECK(server.Query("SELECT oprettet_af FROM ansoeger WHERE ekstern_id = 'hub-9'") == "brobygger");
  CHECK(server.Query("SELECT udgave FROM ansoeger WHERE ekstern_id = 'hub-9'") == "1");
}

TEST_CASE("the same operation twice has one effect", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  const Operation create = Create("hub-9", {{"name", TextValue("Ny")}, {"phone", TextValue("1")}});
  const auto created = plugin.WriteOne(create);
  CHECK_OUTCOME(created, OUTCOME_APPLIED);
  const auto again = plugin.WriteOne(create);
  CHECK_OUTCOME(again, OUTCOME_NO_CHANGE);
  CHECK(again.stored().ShortDebugString() == created.stored().ShortDebugString());
  CHECK(Rows(server) == "6");

  const Operation update =
      Update("1", "hub-1", {{"phone", TextValue("2")}}, {{"phone", TextValue("11111111")}});
  CHECK_OUTCOME(plugin.WriteOne(update), OUTCOME_APPLIED);
  CHECK_OUTCOME(plugin.WriteOne(update), OUTCOME_NO_CHANGE);
  CHECK(server.Query("SELECT udgave FROM ansoeger WHERE nr = 1") == "1");
  // Twice in one request too.
  const auto both = plugin.Write(
      {Create("hub-8", {{"name", TextValue("To")}}), Create("hub-8", {{"name", TextValue("To")}})});
  CHECK_OUTCOME(both[0], OUTCOME_APPLIED);
  CHECK_OUTCOME(both[1], OUTCOME_NO_CHANGE);
  CHECK(Rows(server) == "7");
}

TEST_CASE("an update changes the named fields and nothing else", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  const auto result = plugin.WriteOne(Update("1", "hub-1",
                                             {{"phone", TextValue("99")},
                                              {"granted", Decimal("10.00")},
                                              {"founded", Date("2020-02-29")},
                                              {"active", Flag(false)}},
                                             {{"phone", TextValue("11111111")},
                                              {"granted", Decimal("1234.5")},
                                              {"founded", Date("1998-05-01")}}));
  CHECK_OUTCOME(result, OUTCOME_APPLIED);
  CHECK(result.stored().foreign_id() == "hub-1");
  CHECK(result.stored().fields().at("phone").text() == "99");
  CHECK(result.stored().fields().at("founded").date() == "2020-02-29");
  CHECK_FALSE(result.stored().fields().at("active").flag());
  CHECK(result.stored().fields().at("name").text() == "Fjordby Æblelaug");
  CHECK(server.Query("SELECT note FROM ansoeger WHERE nr = 1") == "egen");
  CHECK(server.Query("SELECT telefon FROM ansoeger WHERE nr = 1") == "99");
  CHECK(result.stored().ShortDebugString() == ReadRow(plugin, "1").ShortDebugString());
}

TEST_CASE("empty is NULL, or an empty text where NULL may not be", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  CHECK_OUTCOME(plugin.WriteOne(Update("1", "", {{"hub_status", TextValue("kendt")}})),
                OUTCOME_APPLIED);
  const auto result = plugin.WriteOne(Update(
      "1", "",
      {{"phone", TextValue("")}, {"hub_status", TextValue("")}, {"granted", TextValue("")}}));
  CHECK_OUTCOME(result, OUTCOME_APPLIED);
  CHECK(server.Query("SELECT COUNT(*) FROM ansoeger WHERE nr = 1 AND telefon IS NULL AND "
                     "bevilget IS NULL AND hub_status = ''") == "1");
  CHECK(server.Query("SELECT COUNT(*) FROM ansoeger WHERE nr = 1 AND ekstern_id IS NULL") == "1");
}

TEST_CASE("a row that is not as expected is left alone", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  const std::string etag = ReadRow(plugin, "1").etag();
  server.Execute("UPDATE ansoeger SET telefon = 'person' WHERE nr = 1");
  const auto stale = plugin.WriteOne(
      Update("1", "hub-1", {{"phone", TextValue("hub")}}, {{"phone", TextValue("11111111")}}));
  CHECK_OUTCOME(stale, OUTCOME_STALE);
  CHECK(stale.stored().fields().at("phone").text() == "person");
  Operation by_etag = Update("1", "hub-1", {{"phone", TextValue("hub")}});
  by_etag.set_if_etag(etag);
  CHECK_OUTCOME(plugin.WriteOne(by_etag), OUTCOME_STALE);
  CHECK(server.Query("SELECT telefon FROM ansoeger WHERE nr = 1") == "person");
  CHECK(server.Query("SELECT COUNT(*) FROM ansoeger WHERE ekstern_id = 'hub-1'") == "0");

  // Another column may change freely, so the etag does not count beside values, as long as
  // they say of each field what it held.
  Operation by_value =
      Update("1", "hub-1", {{"phone", TextValue("hub")}}, {{"phone", TextValue("person")}});
  by_value.set_if_etag(etag);
  Operation partly = by_value;
  (*partly.mutable_set())["hub_status"] = TextValue("kendt");
  CHECK_OUTCOME(plugin.WriteOne(partly), OUTCOME_STALE);
  CHECK_OUTCOME(plugin.WriteOne(by_value), OUTCOME_APPLIED);
  by_etag.set_if_etag(ReadRow(plugin, "1").etag());
  (*by_etag.mutable_set())["phone"] = TextValue("hub2");
  CHECK_OUTCOME(plugin.WriteOne(by_etag), OUTCOME_APPLIED);
}

TEST_CASE("an older revision changes nothing", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  const auto at = [&](int revision, const std::string& phone) {
    return plugin.WriteOne(Update(
        "1", "hub-1", {{"phone", TextValue(phone)}, {"hub_revision", NumberValue(revision)}}));
  };
  CHECK_OUTCOME(at(5, "fem"), OUTCOME_APPLIED);
  CHECK_OUTCOME(at(4, "fire"), OUTCOME_STALE);
  CHECK(server.Query("SELECT telefon FROM ansoeger WHERE nr = 1") == "fem");
  CHECK_OUTCOME(at(5, "fem"), OUTCOME_NO_CHANGE);
  CHECK_OUTCOME(at(10, "ti"), OUTCOME_APPLIED);
}

TEST_CASE("what an update may not do is refused as a whole", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  Operation removal = Update("1", "hub-1", {});
  removal.set_kind(Operation::KIND_DELETE);
  struct Case {
    Operation operation;
    const char* code;
    const char* path;
  };
  const Case cases[] = {
      {Update("1", "", {{"name", TextValue("Nyt")}, {"phone", TextValue("1")}}), "not_writable",
       "name"},
      {Update("1", "", {{"note", TextValue("x")}}), "not_writable", "note"},
      {Update("77", "", {{"phone", TextValue("1")}}), "not_found", "external_id"},
      {Update("1x", "", {{"phone", TextValue("1")}}), "not_found", "external_id"},
      {Update("3", "hub-3", {{"phone", TextValue("1")}}), "row_gone", ""},
      {Update("2", "hub-1", {{"phone", TextValue("1")}}), "taken", ""},
      {Update("1", "", {{"phone", TextValue(std::string(21, 'x'))}}), "too_long", "phone"},
      {Update("1", std::string(41, 'x'), {{"phone", TextValue("1")}}), "too_long", "foreign_id"},
      {Update("1", "", {{"granted", TextValue("mange")}, {"phone", TextValue("1")}}), "bad_value",
       "granted"},
      {Update("1", "", {{"founded", TextValue("2001-02-30")}}), "bad_value", "founded"},
      {removal, "never_deletes", ""}};
  for (const Case& one : cases) {
    const auto result = plugin.WriteOne(one.operation);
    CHECK_OUTCOME(result, OUTCOME_REJECTED);
    CHECK(CodeOf(result) == "grants.sql." + std::string(one.code));
    REQUIRE(result.diagnostics_size() == 1);
    CHECK(result.diagnostics(0).path() == one.path);
    CHECK(HasBothTexts(result.diagnostics(0)));
  }
  CHECK(server.Query("SELECT COUNT(*) FROM ansoeger WHERE telefon = '1'") == "0");
  CHECK(Rows(server) == "5");
  // Twenty signs are twenty signs, however many bytes.
  const std::string danish = "ææææææææææøøøøøøøøøø";
  const auto fits = plugin.WriteOne(Update("1", "", {{"phone", TextValue(danish)}}));
  CHECK_OUTCOME(fits, OUTCOME_APPLIED);
  CHECK(fits.stored().fields().at("phone").text() == danish);
}

TEST_CASE("a create takes over the one live row with its number", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  const auto linked = plugin.WriteOne(Create("hub-1", {{"name", TextValue("Andet navn")},
                                                       {"cvr", TextValue("12345674")},
                                                       {"phone", TextValue("7")}}));
  CHECK_OUTCOME(linked, OUTCOME_APPLIED);
  CHECK(linked.stored().external_id() == "1");
  CHECK(server.Query("SELECT navn FROM ansoeger WHERE nr = 1") == "Fjordby Æblelaug");
  CHECK(server.Query("SELECT ekstern_id FROM ansoeger WHERE nr = 1") == "hub-1");

  const auto taken =
      plugin.WriteOne(Create("hub-x", {{"cvr", TextValue("22222228")}, {"phone", TextValue("7")}}));
  CHECK_OUTCOME(taken, OUTCOME_REJECTED);
  CHECK(CodeOf(taken) == "grants.sql.taken");

  const auto twins =
      plugin.WriteOne(Create("hub-x", {{"cvr", TextValue("44444444")}, {"phone", TextValue("7")}}));
  CHECK_OUTCOME(twins, OUTCOME_REJECTED);
  CHECK(CodeOf(twins) == "grants.sql.ambiguous");
  CHECK(twins.diagnostics(0).text().at("en").find("2 rows") == 0);
  CHECK(twins.diagnostics(0).text().at("en").find("4") != std::string::npos);
  CHECK(twins.diagnostics(0).text().at("en").find("5") != std::string::npos);

  // A closed row's number is free, a closed row's id is not.
  const auto fresh =
      plugin.WriteOne(Create("hub-x", {{"name", TextValue("Ny")}, {"cvr", TextValue("33333333")}}));
  CHECK_OUTCOME(fresh, OUTCOME_APPLIED);
  const auto gone = plugin.WriteOne(Create("hub-3", {{"name", TextValue("Ny")}}));
  CHECK_OUTCOME(gone, OUTCOME_REJECTED);
  CHECK(CodeOf(gone) == "grants.sql.row_gone");
  CHECK(Rows(server) == "6");
}

TEST_CASE("two rows of one batch with one number do not both become it", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  const auto results =
      plugin.Write({Create("hub-a", {{"name", TextValue("A")}, {"cvr", TextValue("66666666")}}),
                    Create("hub-b", {{"name", TextValue("B")}, {"cvr", TextValue("66666666")}})});
  CHECK_OUTCOME(results[0], OUTCOME_APPLIED);
  CHECK_OUTCOME(results[1], OUTCOME_REJECTED);
  CHECK(CodeOf(results[1]) == "grants.sql.taken");
}

TEST_CASE("two live rows with our id are for a person", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  server.Execute("UPDATE ansoeger SET ekstern_id = 'hub-2' WHERE nr IN (4, 5)");
  WritingPlugin plugin(server);
  const auto result = plugin.WriteOne(Create("hub-2", {{"phone", TextValue("7")}}));
  CHECK_OUTCOME(result, OUTCOME_REJECTED);
  CHECK(CodeOf(result) == "grants.sql.ambiguous");
  CHECK(result.diagnostics(0).text().at("en").find("3 rows") == 0);
}

TEST_CASE("without leave to insert a create makes nothing", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  json config = WriteConfigFor(server);
  config["write"].erase("insert");
  WritingPlugin plugin(server, config);
  const auto result = plugin.WriteOne(Create("hub-9", {{"name", TextValue("Ny")}}));
  CHECK_OUTCOME(result, OUTCOME_REJECTED);
  CHECK(CodeOf(result) == "grants.sql.no_insert");
  CHECK(Rows(server) == "5");
}

TEST_CASE("a dry run tells what would be stored and writes nothing", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  const std::vector<Operation> operations = {
      Create("hub-9", {{"name", TextValue("Ny")}, {"phone", TextValue("1")}}),
      Update("1", "hub-1", {{"phone", TextValue("2")}, {"granted", Decimal("5.25")}}),
      Update("2", "hub-2", {{"phone", TextValue("")}}),
      Update("77", "", {{"phone", TextValue("2")}})};
  const auto told = plugin.Write(operations, true);
  CHECK_OUTCOME(told[0], OUTCOME_APPLIED);
  CHECK_OUTCOME(told[1], OUTCOME_APPLIED);
  CHECK_OUTCOME(told[2], OUTCOME_NO_CHANGE);
  CHECK_OUTCOME(told[3], OUTCOME_REJECTED);
  CHECK(Rows(server) == "5");
  CHECK(server.Query("SELECT telefon FROM ansoeger WHERE nr = 1") == "11111111");
  const auto done = plugin.Write(operations);
  Record predicted = told[1].stored();
  predicted.set_etag(done[1].stored().etag());
  CHECK(predicted.ShortDebugString() == done[1].stored().ShortDebugString());
  for (const auto& [field, value] : told[0].stored().fields()) {
    CHECK(value.ShortDebugString() == done[0].stored().fields().at(field).ShortDebugString());
  }
}

TEST_CASE("a lookup finds by key, by our id and by number, closed rows too", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  LookupRequest request;
  for (const char* key : {"1", "3", "77", "1x"}) request.add_external_ids(key);
  for (const char* id : {"hub-2", "hub-3", "hub-77"}) request.add_foreign_ids(id);
  (*request.add_natural_keys()->mutable_fields())["cvr"] = TextValue("44444444");
  const auto response = plugin.Lookup(request);
  INFO(response.DebugString());
  std::map<std::string, Record> found;
  for (const Record& record : response.records()) found[record.external_id()] = record;
  CHECK(response.records_size() == 5);
  REQUIRE(found.count("3") == 1);
  CHECK(found["3"].deleted());
  CHECK(found["3"].foreign_id() == "hub-3");
  CHECK_FALSE(found["1"].deleted());
  CHECK(found["4"].fields().at("name").text() == "Tvilling Øst");
  CHECK(found["1"].ShortDebugString() == ReadRow(plugin, "1").ShortDebugString());
  CHECK(found.count("4") + found.count("5") == 2);
  const std::vector<std::string> absent(response.definitely_absent().begin(),
                                        response.definitely_absent().end());
  CHECK(absent == std::vector<std::string>{"1x", "77", "hub-77"});

  LookupRequest many;
  for (int at = 1; at <= 3000; ++at) many.add_external_ids(std::to_string(at));
  const auto all = plugin.Lookup(many);
  CHECK(all.records_size() == 5);
  CHECK(all.definitely_absent_size() == 2995);
}

}  // namespace
}  // namespace brobygger::tests
