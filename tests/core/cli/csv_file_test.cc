#include "core/cli/csv_file.h"

#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/cli/record_file.h"
#include "tests/support/temp_folder.h"

namespace brobygger::cli {
namespace {

class CsvFiles {
 public:
  std::string File(const std::string& text, const std::string& called = "list.csv") {
    const auto path = folder_.path() / called;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  std::string folder() const { return folder_.path().string(); }

 private:
  support::TempFolder folder_;
};

TEST_CASE_METHOD(CsvFiles, "a short row after a long one has none of its fields", "[cli]") {
  const auto rows = ReadCsv(File("a,b,c\n1,2,3\n4\n\n5,\"6\n7\"\n"));
  REQUIRE(rows.ok());
  CHECK(rows->headings == std::vector<std::string>{"a", "b", "c"});
  REQUIRE(rows->rows.size() == 3);
  CHECK(rows->rows[1] == std::vector<std::string>{"4"});
  CHECK(rows->rows[2] == std::vector<std::string>{"5", "6\n7"});
  CHECK(rows->lines == std::vector<std::size_t>{2, 3, 5});
}

TEST_CASE_METHOD(CsvFiles, "reading ends where whoever takes the rows says so", "[cli]") {
  int taken = 0;
  const auto take = [&](std::span<const std::string>, std::size_t line) {
    ++taken;
    return line < 3 ? absl::OkStatus() : absl::OutOfRangeError("enough");
  };
  CHECK(ReadCsvRows(File("a\n1\n2\n3\n4\n"), take).message() == "enough");
  CHECK(taken == 3);
}

TEST_CASE_METHOD(CsvFiles,
                 "a folder, an empty file and an open quotation mark are refused",
                 "[cli]") {
  CHECK(ReadCsv(folder()).status().message().find("cannot be read") != std::string_view::npos);
  CHECK(ReadCsv(File("")).status().message().find("is empty") != std::string_view::npos);
  const std::string open = File("a\n\"b\n");
  CHECK(ReadCsv(open).status().message().find("list.csv:2") != std::string_view::npos);
}

TEST_CASE_METHOD(CsvFiles, "several files are one list, each a source by itself", "[cli]") {
  const std::string one = File("id,name,city\nx,Newroz,Horsens\n", "one.csv");
  const std::string other = File("Navn;Kilde\nLawan;hub\nBirlik;\n", "other.csv");
  const auto list = ReadRecords({one, other}, "");
  REQUIRE(list.ok());
  REQUIRE(list->records.size() == 3);
  CHECK(list->ids == std::vector<std::string>{"x", other + ":2", other + ":3"});
  CHECK(list->records.At(0).city == "Horsens");
  CHECK(list->records.At(0).source == one);
  CHECK(list->records.At(1).names == std::vector<std::string>{"Lawan"});
  CHECK(list->records.At(1).source == "hub");
  CHECK(list->records.At(2).source.empty());
  CHECK_FALSE(ReadRecords({File("a,b\n1,2\n")}, "").ok());
}

}  // namespace
}  // namespace brobygger::cli
