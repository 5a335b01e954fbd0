#include "plugins/files/common/cell_text.h"

#include <catch2/catch.hpp>

#include "plugins/files/common/number_formats.h"
#include "plugins/files/common/xml_pieces.h"

namespace brobygger::files {
namespace {

TEST_CASE("numbers are told as Excel shows them", "[xlsx]") {
  const auto [stored, shown] = GENERATE(table<std::string, std::string>({
      {"99100605", "99100605"},
      {"9.9100605E7", "99100605"},
      {"0.1", "0.1"},
      {"0.30000000000000004", "0.3"},
      {"-7", "-7"},
      {"1E+20", "100000000000000000000"},
      {"1e300", "1e+300"},
      {"0.00001", "0.00001"},
      {"nan", "nan"},
      {"x", "x"},
      {"", ""},
  }));
  CHECK(NumberText(stored) == shown);
}

TEST_CASE("days are told as dates, and the one that never was is not", "[xlsx]") {
  CHECK(DateText("1", false) == "1900-01-01");
  CHECK(DateText("59", false) == "1900-02-28");
  CHECK(DateText("60", false) == "60");
  CHECK(DateText("61", false) == "1900-03-01");
  CHECK(DateText("37042", false) == "2001-05-31");
  CHECK(DateText("35580", true) == "2001-05-31");
  CHECK(DateText("0", true) == "1904-01-01");
  CHECK(DateText("45351.5625", false) == "2024-02-29T13:30:00");
  CHECK(DateText("0.75", false) == "18:00:00");
  CHECK(DateText("37041.9999999", false) == "2001-05-31");
  CHECK(DateText("2958465", false) == "9999-12-31");
  CHECK(DateText("2958466", false) == "2958466");
  CHECK(DateText("-1", false) == "-1");
}

TEST_CASE("a format's code tells whether it shows a date", "[xlsx]") {
  for (const char* code : {"dd\\-mm\\-yyyy", "[$-406]d. mmmm yyyy;@", "m/d/yy", "hh:mm", "yyyy"}) {
    CAPTURE(code);
    CHECK(IsDateCode(code));
  }
  for (const char* code : {"General", "0.00", "#,##0.00", "0\" stk. om dagen\"", "[h]:mm", "[Red]0",
                           "0;\"dd\"", "0;dd", "\\d0", "\"uden slut", ""}) {
    CAPTURE(code);
    CHECK_FALSE(IsDateCode(code));
  }
}

// The pieces of `text`, read a few bytes at a time.
std::vector<std::string> PiecesOf(const std::string& text, std::size_t step) {
  std::size_t at = 0;
  XmlPieces pieces(
      [&](std::string& to) {
        to += text.substr(at, step);
        at = std::min(at + step, text.size());
        return at < text.size();
      },
      {"row"}, "test");
  std::vector<std::string> found;
  while (true) {
    const auto piece = pieces.Next();
    if (!piece.ok()) return {"error"};
    if (piece->text.empty()) return found;
    found.emplace_back(piece->text);
  }
}

TEST_CASE("pieces are cut whole, however the text comes in", "[xlsx]") {
  const std::size_t step = GENERATE(1, 2, 3, 7, 1000);
  CAPTURE(step);
  CHECK(PiecesOf("<a><row x=\">\"><b/></row> <x:row/><!-- <row> --><rows/><![CDATA[<row>]]></a>",
                 step) == std::vector<std::string>{"<row x=\">\"><b/></row>", "<x:row/>"});
  CHECK(PiecesOf("<?x <row/> ?><row><row/></row>", step) ==
        std::vector<std::string>{"<row><row/></row>"});
  CHECK(PiecesOf("", step).empty());
  for (const char* bad :
       {"<row>", "<row><!--", "<row a=\"", "<!DOCTYPE x><row/>", "<!x", "< >", "<"}) {
    CAPTURE(bad);
    CHECK(PiecesOf(bad, step) == std::vector<std::string>{"error"});
  }
}

}  // namespace
}  // namespace brobygger::files
