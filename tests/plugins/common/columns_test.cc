// A volunteer centre's list means the same wherever it keeps it: in a database, in a CSV file or in
// a workbook, the same columns of the configuration tell the same fields.
#include <cstdlib>

#include <catch2/catch.hpp>
#include <google/protobuf/util/message_differencer.h>
#include <nlohmann/json.hpp>

#include "tests/plugins/grants/sql/sql_support.h"

namespace brobygger::tests {
namespace {

using Json = nlohmann::json;
using plugin::v1::Record;

Json Columns() {
  return {{"Navn", {{"field", "name"}, {"required", true}}},
          {"CVR", "cvr"},
          {"Stiftet", {{"field", "founded"}, {"type", "date"}}},
          {"Aktiv", {{"field", "active"}, {"type", "bool"}}},
          {"Tilskud", {{"field", "granted"}, {"type", "decimal"}}},
          {"Temaer", {{"field", "themes"}, {"type", "list"}, {"split", ","}}},
          {"Telefon", {{"field", "phone"}, {"personal", true}}}};
}

// What was told, by key; how it was told apart from other versions is each source's own.
std::map<std::string, Record> Told(HostProcess& host, const Json& config) {
  const auto wrong = Configure(host, config.dump());
  INFO((wrong.empty() ? "" : wrong[0].ShortDebugString()));
  REQUIRE(wrong.empty());
  const ReadOutcome read = ReadSnapshot(host);
  INFO(read.diagnostic.ShortDebugString());
  REQUIRE(read.status.ok());
  CHECK(read.errors.empty());
  std::map<std::string, Record> told;
  for (Record record : read.records) {
    record.clear_etag();
    record.clear_place();
    told[record.external_id()] = record;
  }
  return told;
}

std::map<std::string, Record> FromFile(const TempFolder& folder, const std::string& file) {
  HostProcess host({"--read-path", folder.path(), "--plugin", PluginFile("files.csv")});
  return Told(host,
              {{"path", file}, {"id_column", "Nr"}, {"stable_for_ms", 0}, {"columns", Columns()}});
}

void CheckSame(const std::map<std::string, Record>& one,
               const std::map<std::string, Record>& other) {
  REQUIRE(one.size() == other.size());
  for (const auto& [id, record] : one) {
    REQUIRE(other.count(id) == 1);
    INFO(record.DebugString() << other.at(id).DebugString());
    CHECK(google::protobuf::util::MessageDifferencer::Equals(record, other.at(id)));
  }
}

TEST_CASE("a list means the same in a database, a CSV file and a workbook", "[columns]") {
  const auto database = StartServer("SQLite");
  database->Execute(
      "CREATE TABLE forening (Nr TEXT, Navn TEXT, CVR TEXT, Stiftet TEXT, Aktiv INTEGER, Tilskud "
      "NUMERIC, Temaer TEXT, Telefon TEXT);"
      "INSERT INTO forening VALUES ('1', 'Æblelauget ×2', '99100605', '2001-05-31', 1, 1234.5, "
      "'natur, mad', '10550601'), ('2', 'Kor', NULL, NULL, 0, -7, '', NULL)");
  const auto host = HostFor(*database);
  const auto from_database = Told(*host, {{"connection_string", database->connection_string()},
                                          {"table", "forening"},
                                          {"key", "Nr"},
                                          {"columns", Columns()}});
  REQUIRE(from_database.size() == 2);
  CHECK(from_database.at("1").fields().at("founded").date() == "2001-05-31");

  const TempFolder folder;
  CheckSame(from_database,
            FromFile(folder, folder.Write("liste.csv",
                                          "Nr;Navn;CVR;Stiftet;Aktiv;Tilskud;Temaer;Telefon\r\n"
                                          "1;Æblelauget ×2;99100605;31-05-2001;ja;1.234,5;natur, "
                                          "mad;10550601\r\n2;Kor;;;nej;-7;;\r\n")));
  const std::string book = folder.path() + "/liste.xlsx";
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread here
  REQUIRE(std::system(("/usr/bin/python3 -I " BB_MAKE_BOOK " same " + book).c_str()) == 0);
  CheckSame(from_database, FromFile(folder, book));
}

}  // namespace
}  // namespace brobygger::tests
