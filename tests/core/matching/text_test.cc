#include "core/matching/text.h"

#include <random>
#include <string>

#include <catch2/catch.hpp>

namespace brobygger::matching {
namespace {

TEST_CASE("all spellings of the Danish letters fold to the same", "[matching]") {
  const std::string spelling = GENERATE(as<std::string>(), "København Å", "Koebenhavn Aa",
                                        "Kobenhavn A", "KØBENHAVN Å", "KÃ¸benhavn Ã…");
  CAPTURE(spelling);
  CHECK(FoldText(spelling) == "kobenhavn a");
}

TEST_CASE("text that was read in the wrong encoding is repaired", "[matching]") {
  CHECK(FoldText("BÃ¸rnehÃ¦kling SÃ¸ndergÃ¥rd") == FoldText("Børnehækling Søndergård"));
  CHECK(FoldText("S\xF8nderg\xE5rd") == FoldText("Søndergård"));  // Windows-1252 as it is
}

TEST_CASE("other scripts come in Latin letters", "[matching]") {
  CHECK(FoldText("Курдский союз") == "kurdskij souz");
  CHECK_FALSE(FoldText("جمعية النور").empty());
  CHECK_FALSE(FoldText("ማሕበር ኤርትራ").empty());
  CHECK(FoldText("Ελληνική Ένωση").find(' ') != std::string::npos);
}

TEST_CASE("spelling variants sound alike", "[matching]") {
  const auto alike = [](const char* left, const char* right) {
    return Skeleton(FoldText(left)) == Skeleton(FoldText(right));
  };
  CHECK(alike("Lawan", "Lavan"));
  CHECK(alike("Newroz", "Nevroz"));
  CHECK(alike("Güneş", "Gynes"));
  CHECK(alike("Xamar", "Hamar"));
  CHECK(alike("Xoybûn", "Khoybun"));
  CHECK(alike("Şoreş", "Shoresh"));
  CHECK(alike("Iftiin", "Iftin"));
  CHECK_FALSE(alike("Lawan", "Newroz"));
}

TEST_CASE("an Arabic article in front is heard and set aside", "[matching]") {
  CHECK(SkeletonWithoutArticle("alnur") == Skeleton("nour"));
  CHECK(SkeletonWithoutArticle("annur") == Skeleton("nur"));
  CHECK(SkeletonWithoutArticle("essalam") == Skeleton("salam"));
  CHECK(SkeletonWithoutArticle("azad").empty());
}

TEST_CASE("words keep what an abbreviation is told by", "[matching]") {
  const auto words = FoldWords("Kult.for. Al-Noor KUF");
  REQUIRE(words.size() == 5);
  CHECK(words[0].dotted);
  CHECK(words[3].joined);
  CHECK(words[4].capitals);
}

TEST_CASE("hostile text ends in bounded time and folds to something or nothing", "[matching]") {
  CHECK(FoldWords(std::string(10'000, 'a')).size() <= 64);
  CHECK(FoldWords(std::string(100'000, ' ')).empty());
  CHECK(FoldWords("").empty());
  CHECK(FoldText(std::string("\0\x01\x02 abc\x7F", 8)) == "abc");
  CHECK(FoldText("\u202Eabc\u202C") == "abc");
  CHECK(FoldWords("\xFF\xFE\xFD").size() <= 3);
  std::string mixed;
  for (int i = 0; i < 200; ++i) mixed += "النور Lawan ";
  CHECK(FoldWords(mixed).size() <= 64);
}

TEST_CASE("Jaro-Winkler gives the values of its authors", "[matching]") {
  // W. E. Winkler, String Comparator Metrics (1990), table of examples.
  CHECK(JaroWinkler("martha", "marhta") == Approx(0.961).margin(0.001));
  CHECK(JaroWinkler("dwayne", "duane") == Approx(0.840).margin(0.001));
  CHECK(JaroWinkler("dixon", "dicksonx") == Approx(0.813).margin(0.001));
  CHECK(JaroWinkler("", "abc") == 0);
  CHECK(JaroWinkler("abc", "abc") == 1);
  CHECK(JaroWinkler("lawan", "newroz") == JaroWinkler("newroz", "lawan"));
}

TEST_CASE("digits of every script are digits", "[matching]") {
  CHECK(Digits("+45 12 34 56 78") == "4512345678");
  CHECK(Digits("١٢٣") == "123");
}

TEST_CASE("what cannot be alike by its letters is not alike", "[matching]") {
  std::mt19937 random(20261127);
  const auto word = [&] {
    std::string made;
    for (std::size_t size = 1 + random() % 12; size > 0; --size) {
      made += static_cast<char>('a' + random() % 5);
    }
    return made;
  };
  int spared = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string left = word();
    std::string right = random() % 2 == 0 ? word() : left;
    if (random() % 2 == 0) right[random() % right.size()] = static_cast<char>('a' + random() % 8);
    const double least = random() % 2 == 0 ? 0.88 : 0.92;
    if (MayBeAlike({left, LettersOf(left)}, {right, LettersOf(right)}, least)) continue;
    ++spared;
    CAPTURE(left, right);
    REQUIRE(JaroWinkler(left, right) < least);
  }
  CHECK(spared > 10'000);
}

}  // namespace
}  // namespace brobygger::matching
