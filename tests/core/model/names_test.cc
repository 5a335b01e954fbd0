#include "core/model/names.h"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace brobygger::model {
namespace {

TEST_CASE("names sort in Danish order") {
  const std::vector<std::string> ordered = {"A-klubben",
                                            "\xC3\x89"
                                            "cole",
                                            "Esbjerg",
                                            "Horsens",
                                            "M\xC3\xBCller",
                                            "Mynderup",
                                            "Zebra",
                                            "\xC3\x86"
                                            "blet",
                                            "\xC3\x84pple",
                                            "\xC3\x98sterbro",
                                            "\xC3\x85rhus",
                                            "Aarup"};
  std::vector<std::string> sorted(ordered.rbegin(), ordered.rend());
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& left, const auto& right) { return FoldName(left) < FoldName(right); });
  CHECK(sorted == ordered);
}

TEST_CASE("names fold to the same key whatever their case, accents and signs") {
  const auto [left, right] = GENERATE(table<std::string, std::string>({
      {"LAWAN Kurdisk Ungdom", "  lawan   kurdisk-ungdom "},
      {"\xC3\x85rhus", "Aarhus"},
      {"A\xCC\x8Arhus", "aarhus"},
      {"Caf\xC3\xA9", "CAFE"},
      {"Stra\xC3\x9F"
       "e",
       "STRASSE"},
      {"\xEF\xBC\xA1\xEF\xBC\xA2", "ab"},
      {"\xC4\xB0stanbul", "istanbul"},
      {"\xC5\x81\xC3\xB3"
       "d\xC5\xBA",
       "lodz"},
      {"F.C. \"Fjordby\"!", "f c fjordby"},
      {"Nr. \xD9\xA1\xD9\xA2", "nr 12"},
      {"\xD9\x85\xD9\x8F\xD8\xAD\xD9\x85\xD9\x91\xD8\xAF", "\xD9\x85\xD8\xAD\xD9\x85\xD8\xAF"},
  }));
  CAPTURE(left, right);
  CHECK(FoldName(left) == FoldName(right));
}

TEST_CASE("letters of other scripts stay in the key") {
  CHECK(FoldName("\xD8\xAC\xD9\x85\xD8\xB9\xD9\x8A\xD8\xA9") ==
        "\xD8\xAC\xD9\x85\xD8\xB9\xD9\x8A\xD8\xA9");
  // The two Tamil syllables differ only in their vowel sign.
  CHECK(FoldName("\xE0\xAE\x95\xE0\xAE\xBF") != FoldName("\xE0\xAE\x95\xE0\xAF\x80"));
}

TEST_CASE("a name that is not UTF-8 still gets a key") {
  CHECK(FoldName("a\xFF"
                 "b") == "a b");
}

}  // namespace
}  // namespace brobygger::model
