#include "core/cli/text_width.h"

#include <catch2/catch.hpp>

namespace brobygger::cli {
namespace {

TEST_CASE("width is counted as a terminal does") {
  CHECK(DisplayWidth("abc") == 3);
  CHECK(DisplayWidth("Åse øl æble") == 11);
  CHECK(DisplayWidth("e\u0301") == 1);
  CHECK(DisplayWidth("中文") == 4);
  CHECK(DisplayWidth("") == 0);
}

TEST_CASE("text is cut between characters and says so") {
  CHECK(CutToWidth("Foreningen", 20) == "Foreningen");
  CHECK(CutToWidth("Foreningen", 5) == "Fore…");
  CHECK(CutToWidth("øøøø", 3) == "øø…");
  CHECK(CutToWidth("中文字", 4) == "中…");
  CHECK(CutToWidth("abc", 0).empty());
}

TEST_CASE("foreign text can neither steer the terminal nor turn the line") {
  CHECK(OneCleanLine("red\x1b[31m\nnext") == "red [31m next");
  CHECK(OneCleanLine("abc\u202Edef") == "abcdef");
  CHECK(OneCleanLine("bad\xff.") == "bad\uFFFD.");
  CHECK(OneCleanLine("می\u200Cخواهم") == "می\u200Cخواهم");
}

}  // namespace
}  // namespace brobygger::cli
