#include "core/search/words.h"

#include <catch2/catch.hpp>

#include "core/matching/text.h"

namespace brobygger::search {

TEST_CASE("all spellings of the Danish letters are one word", "[search]") {
  CHECK(FoldedWords("Søndre Å") == FoldedWords("Soendre Aa"));
  CHECK(FoldedWords("KÆRLIGHED") == FoldedWords("kaerlighed"));
}

TEST_CASE("a text longer than folding takes at once keeps every word", "[search]") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "a" + std::to_string(i) + " ";
  const auto words = FoldedWords(text);
  REQUIRE(words.size() == 1000);
  CHECK(words.back() == "a999");
}

TEST_CASE("a word without a space ends where it may, and never inside a letter", "[search]") {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "ø";
  for (const std::string& word : FoldedWords(text)) {
    CHECK(word.find_first_not_of('o') == std::string::npos);
  }
}

TEST_CASE("the endings of a Danish word come off", "[search]") {
  CHECK(StemOf("foreninger") == StemOf("foreningen"));
  CHECK(StemOf("lektierne") == StemOf("lektie"));
  CHECK(StemOf("4b") == "4b");
}

TEST_CASE("words one mistake apart share a deletion", "[search]") {
  const auto meet = [](const std::string& stored, const std::string& asked) {
    for (const auto left : Deletions(stored)) {
      for (const auto right : AskedDeletions(asked)) {
        if (left == right) return true;
      }
    }
    return false;
  };
  CHECK(meet("lektie", "lektei"));           // swapped
  CHECK(meet("lektie", "lekie"));            // left out
  CHECK(meet("lektie", "lekktie"));          // put in
  CHECK(meet("lektie", "lekdie"));           // another
  CHECK(meet("lektiecafe", "lektiekaffe"));  // another, and one put in
  CHECK_FALSE(meet("lektie", "fodbold"));
  CHECK(Deletions("abc").empty());
}

TEST_CASE("mistakes are counted up to a bound", "[search]") {
  CHECK(Mistakes("lektie", "lektie", 2) == 0);
  CHECK(Mistakes("lektie", "lektei", 2) == 1);
  CHECK(Mistakes("lektie", "lekkti", 2) == 2);
  CHECK(Mistakes("lektie", "fodbold", 2) == 3);
  CHECK(Mistakes("", "ab", 2) == 2);
  CHECK(Mistakes(std::string(100, 'a'), std::string(100, 'a'), 2) == 3);
}

TEST_CASE("what is spoken alike is close without its article", "[search]") {
  CHECK(matching::Spoken("welat") == "velat");
  CHECK(matching::Spoken("annur") == "nur");
  CHECK(matching::Spoken("qaran") == matching::Spoken("karan"));
}

}  // namespace brobygger::search
