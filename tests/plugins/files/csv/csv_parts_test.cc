#include <catch2/catch.hpp>

#include "brobygger/sdk/utf8.h"

#include "plugins/common/values.h"
#include "plugins/files/csv/encoding.h"
#include "plugins/files/csv/rows.h"

namespace brobygger::csv {
namespace {

using common::ToDecimal;
using common::ToIsoDate;
using common::ToWhole;
using common::Trim;

std::vector<std::vector<std::string>> Split(std::string_view text, char delimiter = ';') {
  RowReader reader(text, delimiter);
  std::vector<std::vector<std::string>> rows;
  for (Row row; reader.Next(row);) {
    auto& cells = rows.emplace_back();
    for (const Cell& cell : row.cells) cells.emplace_back(cell.raw);
  }
  return rows;
}

using Rows = std::vector<std::vector<std::string>>;

TEST_CASE("rows end with any line end, and the last may lack one", "[csv]") {
  CHECK(Split("a;b\r\nc;d\ne;f\rg;h") == Rows{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}});
  CHECK(Split("") == Rows{});
  CHECK(Split("\n\r\n\n") == Rows{});
  CHECK(Split(";") == Rows{{"", ""}});
}

TEST_CASE("quotes hold delimiters, line ends and doubled quotes", "[csv]") {
  CHECK(Split("\"a;b\";\"c\nd\"\ne;f") == Rows{{"a;b", "c\nd"}, {"e", "f"}});
  RowReader reader("\"a\"\"b\";c", ';');
  Row row;
  REQUIRE(reader.Next(row));
  CHECK(row.cells[0].raw == "a\"\"b");
  CHECK(row.cells[0].doubled);
  CHECK_FALSE(row.cells[1].doubled);
}

TEST_CASE("a row knows the line it starts on", "[csv]") {
  RowReader reader("a\r\n\"b\nb\nb\"\n\nc\n", ';');
  std::vector<std::size_t> lines;
  for (Row row; reader.Next(row);) lines.push_back(row.line);
  CHECK(lines == std::vector<std::size_t>{1, 2, 6});
}

TEST_CASE("an open quote takes the rest, and is told", "[csv]") {
  RowReader reader("a;\"b\nc;d\n", ';');
  Row row;
  REQUIRE(reader.Next(row));
  CHECK(row.fault == RowFault::kOpenQuote);
  CHECK_FALSE(row.ended);
  CHECK_FALSE(reader.Next(row));
}

TEST_CASE("the heading tells the delimiter", "[csv]") {
  CHECK(GuessDelimiter("a;b;c\n1,2;3,4;5") == ';');
  CHECK(GuessDelimiter("a,b,c\n") == ',');
  CHECK(GuessDelimiter("a\tb\n") == '\t');
  CHECK(GuessDelimiter("\"a,b,c\";d\n") == ';');
  CHECK(GuessDelimiter("alene") == ';');
}

TEST_CASE("dates are read as Danes write them", "[csv]") {
  const auto [text, iso] =
      GENERATE(table<std::string, std::string>({{"01-05-1998", "1998-05-01"},
                                                {"1-5-1998", "1998-05-01"},
                                                {"31/12/2004", "2004-12-31"},
                                                {"29.02.2024", "2024-02-29"},
                                                {"2011-01-31", "2011-01-31"}}));
  CHECK(ToIsoDate(text) == iso);
}

TEST_CASE("what is no date that exists is refused", "[csv]") {
  const std::string text = GENERATE(as<std::string>(), "29-02-2023", "31-04-2001", "00-01-2001",
                                    "01-13-2001", "01-01-01", "1998", "01-05/1998", "01-05-1998x",
                                    "-01-05-1998", "0001-01-01", "x", "", "01--1998", "2001-1-1-1");
  CAPTURE(text);
  CHECK_FALSE(ToIsoDate(text).has_value());
}

TEST_CASE("numbers are read with a decimal comma", "[csv]") {
  CHECK(ToDecimal("1.234,50") == "1234.50");
  CHECK(ToDecimal("1.234.567") == "1234567");
  CHECK(ToDecimal("1234,5") == "1234.5");
  CHECK(ToDecimal("-0,05") == "-0.05");
  CHECK(ToDecimal("+007") == "7");
  for (const char* wrong :
       {"1234.50", "1.23", ".5", ",5", "1,2,3", "1.2345", "12.34.567", "1 000", "e5", ""}) {
    CAPTURE(wrong);
    CHECK_FALSE(ToDecimal(wrong).has_value());
  }
  CHECK(ToWhole("1.250") == 1250);
  CHECK(ToWhole("-3") == -3);
  CHECK_FALSE(ToWhole("99999999999999999999").has_value());
  CHECK_FALSE(ToWhole("1,5").has_value());
}

TEST_CASE("Windows-1252 becomes UTF-8, and its holes are refused", "[csv]") {
  CHECK(ToUtf8("\xC6\xF8\xE5 \x80 \x96", Encoding::kWindows1252) == "Æøå € –");
  CHECK_FALSE(ToUtf8("\x81", Encoding::kWindows1252).has_value());
  CHECK(GuessEncoding("\xC6"
                      "ble") == Encoding::kWindows1252);
  CHECK(GuessEncoding("Æble") == Encoding::kUtf8);
}

TEST_CASE("only real UTF-8 passes as such", "[csv]") {
  CHECK(sdk::IsUtf8("Æ漢😀"));
  for (const char* wrong :
       {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE6\xBC", "\x80", "\xF0\x80\x80\x80"}) {
    CHECK_FALSE(sdk::IsUtf8(wrong));
  }
}

TEST_CASE("a text is cut between signs", "[csv]") {
  CHECK(sdk::Utf8Prefix("æøå", 6) == "æøå");
  CHECK(sdk::Utf8Prefix("æøå", 5) == "æø");
  CHECK(sdk::Utf8Prefix("a😀", 4) == "a");
  CHECK(sdk::Utf8Prefix("\xC6", 4).empty());
}

TEST_CASE("white space at the ends goes, no-break space too", "[csv]") {
  CHECK(Trim(" \t\xC2\xA0 a b \xC2\xA0\n") == "a b");
  CHECK(Trim(" \xC2\xA0 ").empty());
  CHECK(Trim("").empty());
}

}  // namespace
}  // namespace brobygger::csv
