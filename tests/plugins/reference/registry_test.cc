// The reference connector's parts, without a process. That it keeps the contract is
// tried by the conformance kit (plugins.check.reference.registry).
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <malloc.h>

#include "brobygger/sdk/connector.h"

#include "plugins/common/digest.h"
#include "plugins/reference/registry/access_keys.h"
#include "plugins/reference/registry/config.h"
#include "plugins/reference/registry/reading.h"
#include "plugins/reference/registry/schema.h"
#include "plugins/reference/registry/source_file.h"
#include "plugins/reference/registry/writing.h"
#include "tests/support/temp_folder.h"

namespace brobygger::reference {
namespace {

sdk::Record Named(const std::string& id, const std::string& name) {
  sdk::Record record;
  record.set_external_id(id);
  (*record.mutable_fields())["name"].set_text(name);
  return record;
}

Operation Create(const std::string& op_id, const std::string& foreign_id) {
  Operation operation;
  operation.set_op_id(op_id);
  operation.set_kind(Operation::KIND_CREATE);
  operation.set_foreign_id(foreign_id);
  (*operation.mutable_set())["name"].set_text("Fjordby Kor");
  return operation;
}

Operation Rename(const std::string& op_id, const std::string& id, const std::string& name) {
  Operation operation;
  operation.set_op_id(op_id);
  operation.set_kind(Operation::KIND_UPDATE);
  operation.set_external_id(id);
  (*operation.mutable_set())["name"].set_text(name);
  return operation;
}

// A source and its writer.
struct SourceFixture {
  OperationResult Write(const Operation& operation, bool dry_run = false) {
    return Writing(schema, faults, dry_run, source).Apply(operation);
  }

  sdk::StreamSchema schema = MakeSchema(false, false);
  Faults faults;
  Source source;
};

TEST_CASE("a place among rows of one position neither skips nor repeats") {
  Source source;
  for (const char* const id : {"a", "b", "c"}) {
    source.Insert(7, Named(id, "Forening"));
  }
  Place place;
  place.MoveTo(7, "a");
  const auto rest = source.After(place);
  REQUIRE(rest.size() == 2);
  CHECK(rest[0]->first == "b");
  // One that comes later among those read already is not skipped either.
  place.MoveTo(7, "b");
  source.Insert(7, Named("0", "Forening"));
  CHECK(source.After(place).size() == 2);
}

TEST_CASE("a cursor comes back as it was, and others are refused") {
  Cursor cursor{.snapshot_began = 9, .place = {.position = 4, .ids = {"a", "æ\"b"}}};
  const auto again = ParseCursor(cursor.ToBytes(), kCursorVersion);
  REQUIRE(again.ok());
  CHECK(again->snapshot_began == cursor.snapshot_began);
  CHECK(again->place == cursor.place);
  CHECK(ParseCursor("", 0).ok());
  CHECK_FALSE(ParseCursor(cursor.ToBytes(), kCursorVersion + 1).ok());
  for (const char* const bytes : {"x", "{}", "[]", "7", R"({"position": "4", "ids": []})"}) {
    CAPTURE(bytes);
    const auto refused = ParseCursor(bytes, kCursorVersion);
    REQUIRE_FALSE(refused.ok());
    CHECK(sdk::DiagnosticOf(refused.status()).class_() == sdk::Diagnostic::CLASS_CONFIG);
  }
}

TEST_CASE("an old cursor is upgraded to one that repeats its last position") {
  const auto upgraded = UpgradeCursor("7");
  REQUIRE(upgraded.ok());
  CHECK(upgraded->place == Place{.position = 7});
  CHECK_FALSE(UpgradeCursor("-7").ok());
  CHECK_FALSE(UpgradeCursor("seven").ok());
}

TEST_CASE("an old id loses what version 0.9 wrote before it, and a new one stays") {
  CHECK(UpgradeId("registry:r1") == "r1");
  CHECK(UpgradeId("r1") == "r1");
  CHECK(UpgradeId("") == "");
}

TEST_CASE("a source comes back from its file with all it held") {
  const support::TempFolder folder;
  const std::string path = (folder.path() / "registry.jsonl").string();
  const sdk::StreamSchema schema = MakeSchema(false, false);
  CHECK(sdk::DiagnosticOf(LoadSource(path, schema).status()).class_() ==
        sdk::Diagnostic::CLASS_NOT_FOUND);

  std::ofstream(path) << R"({"id": "a", "position": 3, "foreign_id": "hub-1", "fields": )"
                      << R"({"name": "Kor", "cvr": null, "members": 4, "themes": ["sang"]}})"
                      << "\nno JSON\n"
                      << R"({"id": "b", "position": 4, "fields": {"unknown": 1}})"
                      << "\n";
  auto loaded = LoadSource(path, schema);
  REQUIRE(loaded.ok());
  CHECK(loaded->bad_lines.size() == 2);
  CHECK(loaded->bad_lines[0].number == 2);
  loaded->source.Store(Named("c", "Nyt"), "op-1");
  REQUIRE(SaveSource(path, *loaded).ok());

  const auto again = LoadSource(path, schema);
  REQUIRE(again.ok());
  CHECK(again->bad_lines.size() == 2);
  CHECK(again->source.RowOf("op-1") == "c");
  CHECK(again->source.last_position() == 4);
  const sdk::Record record = Source::ToRecord(*again->source.Find("a"));
  CHECK(record.foreign_id() == "hub-1");
  CHECK(record.fields().at("cvr").has_empty());
  CHECK(record.fields().at("members").number() == 4);
  CHECK(record.fields().at("themes").list().items_size() == 1);
  CHECK(record.fields().count("purpose") == 0);
}

// The jail allows a plugin 256 MiB, and a source of 100,000 such rows is to fit with room to spare.
TEST_CASE("a row takes little more room than its text") {
  constexpr std::size_t kRows = 5000;
  constexpr std::size_t kMostBytes = 1400;
  const std::string text(900, 'x');
  Source source;
  const std::size_t before = mallinfo2().uordblks;
  for (std::size_t number = 0; number < kRows; ++number) {
    sdk::Record record = Named("r" + std::to_string(number), "Forening " + std::to_string(number));
    (*record.mutable_fields())["purpose"].set_text(text);
    (*record.mutable_fields())["members"].set_number(static_cast<std::int64_t>(number));
    source.Insert(1, record);
  }
  const std::size_t bytes = (mallinfo2().uordblks - before) / kRows;
  CAPTURE(bytes);
  CHECK(bytes < kMostBytes);
}

TEST_CASE("a renewed key fits beside the old one until somebody comes with it") {
  const support::TempFolder folder;
  const AccessKeys keys((folder.path() / "keys").string(), common::Sha256("old"));
  CHECK(keys.LetIn("old"));
  CHECK_FALSE(keys.LetIn("another"));
  const auto first = keys.Renew();
  const auto second = keys.Renew();
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  CHECK(*first != *second);
  CHECK(keys.LetIn("old"));
  CHECK(keys.LetIn(*first));
  CHECK_FALSE(keys.LetIn("old"));
  CHECK(keys.LetIn(*second));
  CHECK_FALSE(keys.LetIn(*first));
  const AccessKeys nowhere((folder.path() / "no folder" / "keys").string(), "");
  CHECK(nowhere.LetIn("anybody"));
  CHECK(sdk::DiagnosticOf(nowhere.Renew().status()).class_() == sdk::Diagnostic::CLASS_NOT_FOUND);
}

TEST_CASE("a renewed secret is stored when the hub says so, and not before") {
  sdk::EventRing ring;
  sdk::RenewedSecrets secrets(ring);
  sdk::Log log(ring);
  log.Info("before it");
  secrets.Renew("key", "one");
  secrets.Renew("key", "two");
  const auto one = ring.Next(std::chrono::milliseconds(0));
  const auto two = ring.Next(std::chrono::milliseconds(0));
  REQUIRE(one.has_value());
  REQUIRE(two.has_value());
  CHECK(one->secret().value() == "one");
  CHECK(ring.Next(std::chrono::milliseconds(0))->has_log());
  CHECK(ring.TakeStored().empty());
  ring.Acknowledge(one->id(), false);
  ring.Acknowledge(two->id() + 7, true);
  CHECK(ring.TakeStored().empty());
  ring.Acknowledge(two->id(), true);
  const auto stored = ring.TakeStored();
  REQUIRE(stored.size() == 1);
  CHECK(stored[0].value() == "two");
  CHECK(ring.TakeStored().empty());
}

TEST_CASE_METHOD(SourceFixture, "an operation that is known is not done again") {
  const OperationResult first = Write(Create("op-1", "hub-1"));
  CHECK(first.outcome() == OperationResult::OUTCOME_APPLIED);
  const OperationResult again = Write(Create("op-1", "hub-1"));
  CHECK(again.outcome() == OperationResult::OUTCOME_APPLIED);
  CHECK(again.stored().external_id() == first.stored().external_id());
  CHECK(source.rows().size() == 1);
  // Another operation that would make a second record for our id is refused.
  CHECK(Write(Create("op-2", "hub-1")).outcome() == OperationResult::OUTCOME_REJECTED);
}

TEST_CASE_METHOD(SourceFixture, "a condition that does not hold writes nothing") {
  const std::string id = Write(Create("op-1", "")).stored().external_id();
  Operation operation = Rename("op-2", id, "Nyt navn");
  operation.set_if_etag("99");
  CHECK(Write(operation).outcome() == OperationResult::OUTCOME_STALE);
  operation.clear_if_etag();
  (*operation.mutable_expected())["name"].set_text("Noget andet");
  const OperationResult stale = Write(operation);
  CHECK(stale.outcome() == OperationResult::OUTCOME_STALE);
  CHECK(stale.stored().fields().at("name").text() == "Fjordby Kor");
  CHECK(source.last_position() == 1);
}

TEST_CASE_METHOD(SourceFixture, "a dry run says what would be and does nothing") {
  const OperationResult result = Write(Create("op-1", "hub-1"), /*dry_run=*/true);
  CHECK(result.outcome() == OperationResult::OUTCOME_APPLIED);
  CHECK(result.stored().fields().at("name").text() == "Fjordby Kor");
  CHECK(source.rows().empty());
  CHECK(source.RowOf("op-1").empty());
}

TEST_CASE_METHOD(SourceFixture, "a refusal names the field and leaves the record") {
  const std::string id = Write(Create("op-1", "")).stored().external_id();
  const auto [field, text] = GENERATE(table<std::string, std::string>({
      {"cvr", "123"},
      {"parent", "nobody"},
      {"updated", "2026"},
      {"unknown", "x"},
      {"members", "many"},
      {"name", ""},
  }));
  CAPTURE(field);
  Operation operation = Rename("op-2", id, "Nyt navn");
  (*operation.mutable_set())[field].set_text(text);
  const OperationResult result = Write(operation);
  CHECK(result.outcome() == OperationResult::OUTCOME_REJECTED);
  REQUIRE(result.diagnostics_size() == 1);
  CHECK(result.diagnostics(0).path() == field);
  CHECK(source.Find(id)->record().fields().at("name").text() == "Fjordby Kor");
}

TEST_CASE_METHOD(SourceFixture, "a deleted record is told with our id and without fields") {
  const std::string id = Write(Create("op-1", "hub-1")).stored().external_id();
  Operation operation = Rename("op-2", id, "");
  operation.set_kind(Operation::KIND_DELETE);
  CHECK(Write(operation).outcome() == OperationResult::OUTCOME_APPLIED);
  operation.set_op_id("op-3");
  CHECK(Write(operation).outcome() == OperationResult::OUTCOME_NO_CHANGE);
  const sdk::Record gone = Source::ToRecord(*source.FindForeign("hub-1"));
  CHECK(gone.deleted());
  CHECK(gone.fields().empty());
  CHECK(source.CountLive() == 0);
  CHECK(Write(Rename("op-4", id, "Igen")).outcome() == OperationResult::OUTCOME_REJECTED);
  // The id is free for a record that takes its place.
  CHECK(Write(Create("op-5", "hub-1")).outcome() == OperationResult::OUTCOME_APPLIED);
}

TEST_CASE_METHOD(SourceFixture, "bad days are switched on by name") {
  CHECK_FALSE(faults.Add("no such fault"));
  CHECK_FALSE(faults.Add("throw:Nowhere"));
  REQUIRE(faults.Add("retry"));
  const OperationResult result = Write(Create("op-1", ""));
  CHECK(result.outcome() == OperationResult::OUTCOME_RETRY);
  CHECK(result.diagnostics(0).retry_after().seconds() == 7);
  CHECK(source.rows().empty());
  REQUIRE(faults.Add("throw:Check"));
  CHECK_THROWS(faults.Strike("Check"));
  CHECK_NOTHROW(faults.Strike("Read"));
}

TEST_CASE("a configuration is refused by the name of its key") {
  const auto [json, path] = GENERATE(table<std::string, std::string>({
      {"{}", "file"},
      {R"({"file": "relative"})", "file"},
      {R"({"file": "", "faults": ["no such fault"]})", "faults"},
  }));
  CAPTURE(json);
  const auto config = ParseConfig(json);
  REQUIRE_FALSE(config.ok());
  CHECK(sdk::DiagnosticOf(config.status()).path() == path);
  CHECK(ParseConfig(R"({"file": "", "later": true})").ok());
}

}  // namespace
}  // namespace brobygger::reference
