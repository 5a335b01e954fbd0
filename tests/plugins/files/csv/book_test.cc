// Workbooks by python3-openpyxl and by hand (make_book.py), read by the plugin in its jail.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/core/host/host_process.h"

namespace brobygger::tests {
namespace {

using Json = nlohmann::json;
using plugin::v1::Diagnostic;
using plugin::v1::Record;
using plugin::v1::Value;

Json ConfigFor(const std::string& path) {
  return {
      {"path", path}, {"id_column", "Nr"}, {"stable_for_ms", 0}, {"columns", {{"Navn", "name"}}}};
}

Json AllColumns() {
  return {{"Navn", "name"},
          {"CVR", "cvr"},
          {"Stiftet", {{"field", "founded"}, {"type", "date"}}},
          {"Aktiv", {{"field", "active"}, {"type", "bool"}}},
          {"Tilskud", {{"field", "granted"}, {"type", "decimal"}}},
          {"Temaer", {{"field", "themes"}, {"type", "list"}}},
          {"Telefon", "phone"}};
}

struct Fixture {
  TempFolder folder;
  HostProcess host{{"--read-path", folder.path(), "--plugin", PluginFile("files.csv")}};

  std::string Make(const std::string& book, const std::string& name = "liste.xlsx") {
    const std::string file = folder.path() + "/" + name;
    const std::string command = "/usr/bin/python3 -I " BB_MAKE_BOOK " " + book + " '" + file + "'";
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread here
    REQUIRE(std::system(command.c_str()) == 0);
    return file;
  }
  ReadOutcome Read(const Json& config, const std::string& cursor = "") {
    const auto wrong = Configure(host, config.dump());
    INFO((wrong.empty() ? "" : wrong[0].ShortDebugString()));
    REQUIRE(wrong.empty());
    return ReadSnapshot(host, cursor);
  }
  ReadOutcome ReadBook(const std::string& book) { return Read(ConfigFor(Make(book))); }
};

const Value& FieldOf(const ReadOutcome& read, const std::string& id, const std::string& field) {
  for (const Record& record : read.records) {
    if (record.external_id() == id) return record.fields().at(field);
  }
  FAIL("no record " << id);
  return Value::default_instance();
}

TEST_CASE("what stands in a workbook is told by type", "[xlsx]") {
  Fixture fixture;
  Json config = ConfigFor(fixture.Make("good"));
  config["columns"] = AllColumns();
  const ReadOutcome read = fixture.Read(config);
  INFO(read.diagnostic.ShortDebugString());
  REQUIRE(read.records.size() == 4);
  CHECK(read.errors.empty());
  CHECK(read.records[0].place() == "liste.xlsx:2");
  CHECK(FieldOf(read, "1", "name").text() == "Æblelauget ×2");
  CHECK(FieldOf(read, "1", "cvr").text() == "99100605");
  CHECK(FieldOf(read, "1", "founded").date() == "2001-05-31");
  CHECK(FieldOf(read, "1", "active").flag());
  CHECK(FieldOf(read, "1", "granted").decimal() == "1234.5");
  CHECK(FieldOf(read, "1", "themes").list().items_size() == 2);
  CHECK(FieldOf(read, "1", "phone").text() == "10550601");
  // As a person types it, in a cell of text.
  CHECK(FieldOf(read, "2", "founded").date() == "1998-05-01");
  CHECK_FALSE(FieldOf(read, "2", "active").flag());
  CHECK(FieldOf(read, "2", "granted").decimal() == "1234.50");
  CHECK(FieldOf(read, "2", "phone").has_empty());
  CHECK(FieldOf(read, "a3", "name").text() == "جمعية النور");
  CHECK(FieldOf(read, "a3", "founded").date() == "2024-02-29");
  CHECK(FieldOf(read, "a3", "granted").decimal() == "0.3");
  // A hidden row is a row: what hides it may be a filter that somebody left on.
  CHECK(FieldOf(read, "4", "name").text() == "Skjult, men der");
  CHECK(FieldOf(read, "4", "granted").decimal() == "-7");
  CHECK(read.ends.at(0).complete());
}

TEST_CASE("a workbook that counts from 1904 has its own days", "[xlsx]") {
  Fixture fixture;
  Json config = ConfigFor(fixture.Make("epoch_1904"));
  config["columns"]["Stiftet"] = {{"field", "founded"}, {"type", "date"}};
  CHECK(FieldOf(fixture.Read(config), "1", "founded").date() == "2001-05-31");
}

TEST_CASE("the heading is found below a title, and over two rows", "[xlsx]") {
  Fixture fixture;
  CHECK(FieldOf(fixture.ReadBook("banner"), "7", "name").text() == "Under overskriften");
  Json config = ConfigFor(fixture.Make("two_rows"));
  config["columns"] = {{"Navn", "name"}, {"Telefon", "phone"}, {"Kontor", "office"}};
  const ReadOutcome read = fixture.Read(config);
  REQUIRE(read.records.size() == 1);
  CHECK(FieldOf(read, "1", "phone").text() == "10550601");
  CHECK(FieldOf(read, "1", "office").text() == "Torvet");
}

TEST_CASE("a cell that is part of another has no value to tell", "[xlsx]") {
  Fixture fixture;
  Json config = ConfigFor(fixture.Make("merged_rows"));
  config["columns"]["Temaer"] = {{"field", "themes"}, {"type", "list"}};
  const ReadOutcome read = fixture.Read(config);
  CHECK(read.records.size() == 2);
  REQUIRE(read.errors.size() == 1);
  CHECK(read.errors[0].external_id() == "2");
  CHECK(read.errors[0].diagnostic().code() == "files.csv.merged_cell");
  CHECK(read.errors[0].diagnostic().path() == "liste.xlsx:3");
  // Where that column is not read, it does not matter.
  CHECK(fixture.ReadBook("merged_rows").records.size() == 3);
}

TEST_CASE("an error and a formula without value refuse their row, by its number", "[xlsx]") {
  Fixture fixture;
  Json config = ConfigFor(fixture.Make("errors"));
  config["columns"]["CVR"] = "cvr";
  const ReadOutcome read = fixture.Read(config);
  CHECK(read.records.size() == 2);
  REQUIRE(read.errors.size() == 2);
  CHECK(read.errors[0].diagnostic().code() == "files.csv.error_cell");
  CHECK(read.errors[0].diagnostic().path() == "liste.xlsx:3");
  CHECK(read.errors[0].external_id() == "2");
  CHECK(read.errors[1].diagnostic().code() == "files.csv.no_value");
  CHECK(read.errors[1].diagnostic().path() == "liste.xlsx:4");
}

TEST_CASE("the sheet is the named one, or the first that is seen", "[xlsx]") {
  Fixture fixture;
  Json config = ConfigFor(fixture.Make("sheets"));
  CHECK(FieldOf(fixture.Read(config), "1", "name").text() == "Fra det første");
  config["sheet"] = "andet";
  CHECK(FieldOf(fixture.Read(config), "1", "name").text() == "Fra det andet");
  config["sheet"] = "Gammelt";
  CHECK(FieldOf(fixture.Read(config), "1", "name").text() == "Fra det skjulte");
  for (const char* none : {"Findes ikke", "Diagram"}) {
    config["sheet"] = none;
    const ReadOutcome read = fixture.Read(config);
    CHECK(read.diagnostic.code() == "files.csv.no_such_sheet");
    CHECK(read.diagnostic.class_() == Diagnostic::CLASS_CONFIG);
  }
  CHECK(fixture.ReadBook("all_hidden").diagnostic.code() == "files.csv.no_sheet");
}

TEST_CASE("texts in the cells themselves are read, without what is only read aloud", "[xlsx]") {
  Fixture fixture;
  const ReadOutcome read = fixture.ReadBook("inline");
  INFO(read.diagnostic.ShortDebugString());
  REQUIRE(read.records.size() == 2);
  CHECK(FieldOf(read, "1", "name").text() == "Et navn\n& mere > _x000A_");
  CHECK(FieldOf(read, "9", "name").text() == "Ni");
  CHECK(read.records[1].place() == "liste.xlsx:9");
}

TEST_CASE("a file that is no whole workbook is named by what it is", "[xlsx]") {
  const auto [book, code] = GENERATE(table<std::string, std::string>({
      {"empty", "empty"},       {"heading_only", "empty"}, {"other_columns", "missing_column"},
      {"cut", "truncated"},     {"flipped", "truncated"},  {"no_end", "bad_xml"},
      {"old_xls", "old_xls"},   {"locked", "locked"},      {"xlsb", "xlsb"},
      {"ods", "ods"},           {"docx", "document"},      {"other_zip", "no_workbook"},
      {"pdf", "pdf"},           {"rtf", "rich_text"},      {"web_page", "web_page"},
      {"old_xml", "old_xml"},   {"entities", "doctype"},   {"entities_in_texts", "doctype"},
      {"deep", "bad_xml"},      {"long_row", "too_large"}, {"bomb", "too_large"},
      {"far_row", "too_large"}, {"backwards", "bad_xml"},  {"many_parts", "too_large"},
  }));
  CAPTURE(book);
  Fixture fixture;
  const ReadOutcome read = fixture.ReadBook(book);
  CHECK_FALSE(read.status.ok());
  CHECK(read.diagnostic.code() == "files.csv." + code);
  CHECK(read.diagnostic.text().count("da") == 1);
  CHECK(read.diagnostic.text().count("en") == 1);
  CHECK(read.records.empty());
  CHECK(read.checkpoints.empty());
  CHECK(read.ends.empty());
}

TEST_CASE("a text that is not in the list of texts is no text", "[xlsx]") {
  Fixture fixture;
  CHECK(FieldOf(fixture.ReadBook("wild_texts"), "1", "name").has_empty());
}

TEST_CASE("what a file is can be said, and is held against it", "[xlsx]") {
  Fixture fixture;
  Json config = ConfigFor(fixture.Make("csv"));
  CHECK(fixture.Read(config).records.size() == 1);
  config["format"] = "xlsx";
  CHECK(fixture.Read(config).diagnostic.code() == "files.csv.not_xlsx");
  config = ConfigFor(fixture.Make("good"));
  config["format"] = "csv";
  CHECK(fixture.Read(config).diagnostic.code() == "files.csv.not_text");
}

TEST_CASE("a workbook that somebody has open is read, and not the mark beside it", "[xlsx]") {
  Fixture fixture;
  fixture.Make("good");
  Json config = ConfigFor(fixture.folder.path());
  config["pattern"] = "*.xlsx";
  fixture.folder.Write("~$liste.xlsx", std::string(165, '\x05'));
  CHECK(fixture.Read(config).records.size() == 4);
}

TEST_CASE("a large workbook is read in bounded memory, and from every checkpoint", "[xlsx]") {
  Fixture fixture;
  const ReadOutcome read = fixture.ReadBook("many");
  REQUIRE(read.records.size() == 60'000);
  CHECK(read.ends.at(0).complete());
  const ReadOutcome rest = ReadSnapshot(fixture.host, read.checkpoints.at(100).cursor());
  CHECK(rest.records.size() == 60'000 - 101 * 500);
  const ReadOutcome again = ReadSnapshot(fixture.host, read.checkpoints.back().cursor());
  CHECK(again.ends.at(0).unchanged());
  // The unpacked sheet alone is 6 MB; a tree of it would be many times that.
  std::ifstream about("/proc/" + std::to_string(fixture.host.pid()) + "/status");
  const std::string text{std::istreambuf_iterator<char>(about), {}};
  const std::size_t peak = text.find("VmHWM:");
  REQUIRE(peak != std::string::npos);
  CHECK(std::atol(text.c_str() + peak + 6) < 80'000);
}

// By hand: BB_BOOK names a workbook with the columns Nr and Navn.
TEST_CASE("how long a large workbook takes", "[.bench]") {
  const char* book = std::getenv("BB_BOOK");  // NOLINT(concurrency-mt-unsafe): one thread here
  REQUIRE(book != nullptr);
  HostProcess host({"--read-path", book, "--plugin", PluginFile("files.csv")});
  REQUIRE(Configure(host, ConfigFor(book).dump()).empty());
  const ReadOutcome read = ReadSnapshot(host);
  INFO(read.diagnostic.ShortDebugString());
  CHECK(read.status.ok());
  const std::string process = "/proc/" + std::to_string(host.pid());
  std::ifstream status(process + "/status");
  const std::string text{std::istreambuf_iterator<char>(status), {}};
  std::ifstream stat(process + "/stat");
  std::string word;
  long ticks = 0;
  for (int at = 1; at <= 15 && stat >> word; ++at) {
    if (at >= 14) ticks += std::atol(word.c_str());
  }
  WARN(read.records.size() << " rows, " << static_cast<double>(ticks) / 100
                           << " s of processor time, " << text.substr(text.find("VmHWM:"), 24));
}

}  // namespace
}  // namespace brobygger::tests
