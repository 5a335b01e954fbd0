#include "core/search/query.h"

#include "core/base/error.h"
#include "tests/core/search/library.h"

namespace brobygger::search {
namespace {

std::string PositionOf(const std::string& text, const QueryOptions& options = {}) {
  const auto query = ParseQuery(text, options);
  INFO(text);
  REQUIRE_FALSE(query.ok());
  CHECK(base::ReasonOf(query.status()) == errors::v1::ERROR_REASON_QUERY_INVALID);
  CHECK(base::ErrorMetadata(query.status(), "field") == "query");
  return base::ErrorMetadata(query.status(), "position");
}

std::string AllowedBy(const std::string& text, const QueryOptions& options = {}) {
  return base::ErrorMetadata(ParseQuery(text, options).status(), "allowed");
}

}  // namespace

TEST_CASE("words, phrases, prefixes and filters are read", "[search]") {
  const Query query =
      Parsed("Lektiecafé \"hjælp til\" nord* language:ar,KMR weekday:torsdag -theme:culture");
  REQUIRE(query.texts.size() == 3);
  CHECK(query.texts[0].wordings[0].words == Ids{"lektiecafe"});
  CHECK(query.texts[1].wordings[0].kind == Wording::Kind::kPhrase);
  CHECK(query.texts[2].wordings[0].kind == Wording::Kind::kPrefix);
  REQUIRE(query.filters.size() == 3);
  CHECK(query.filters[0].texts == Ids{"ar", "kmr"});
  CHECK(query.filters[1].numbers == std::vector<std::uint32_t>{3});
  CHECK(query.filters[2].excluded);
}

TEST_CASE("days are known in Danish and in English", "[search]") {
  for (const char* day : {"tuesday", "Tuesday", "tirsdag", "TIRSDAG"}) {
    CHECK(Parsed(std::string("weekday:") + day).filters[0].numbers[0] == 1);
  }
  CHECK(Parsed("weekday:lørdag,soendag").filters[0].numbers == std::vector<std::uint32_t>{5, 6});
}

TEST_CASE("only the last word of who is still typing is a prefix", "[search]") {
  const auto kind = [](const std::string& text) {
    return Parsed(text, {.as_you_type = true}).texts.back().wordings[0].kind;
  };
  CHECK(kind("lektie caf") == Wording::Kind::kPrefix);
  CHECK(kind("lektie caf ") == Wording::Kind::kWord);
  CHECK(kind("\"lektie") == Wording::Kind::kWord);
  CHECK(Parsed("lektie caf", {.as_you_type = true}).texts[0].wordings[0].kind ==
        Wording::Kind::kWord);
}

TEST_CASE("what cannot be read is named by its place", "[search]") {
  CHECK(PositionOf("abc color:red") == "5");
  CHECK(PositionOf("æøå theme:nothing") == "11");
  CHECK(PositionOf("theme:") == "7");
  CHECK(PositionOf("theme:culture,") == "15");
  CHECK(PositionOf("*") == "1");
  CHECK(PositionOf("** -*") == "1");
  CHECK(PositionOf("language:arabisk-sprog-") == "10");
  CHECK(PositionOf("municipality:9999") == "14");
  CHECK(PositionOf("capacity:many") == "10");
  CHECK(PositionOf("capacity:99999999999999999999") == "10");
  CHECK(PositionOf("updated:2026-02-30") == "9");
  CHECK(PositionOf(std::string("ab\0cd", 5)) == "3");
  CHECK(PositionOf("\xff\xfe") == "1");
  CHECK(PositionOf(std::string(10'000, 'a')) == "1");
  CHECK(PositionOf("\xF0\x9F\x99\x82") == "1");  // a face
}

TEST_CASE("an unknown field or code comes with those there are", "[search]") {
  CHECK(AllowedBy("color:red").find("weekday") != std::string::npos);
  CHECK(AllowedBy("theme:nothing").find("school-and-homework") != std::string::npos);
  CHECK(AllowedBy("weekday:never").find("sunday") != std::string::npos);
}

TEST_CASE("a field that is not granted is none there is", "[search]") {
  const QueryOptions options{.allowed = {Field::kName, Field::kTheme}};
  CHECK(PositionOf("purpose:x", options) == "1");
  CHECK(AllowedBy("purpose:x", options) == "name,theme");
  CHECK(AllowedBy("nonsense:x", options) == "name,theme");
  CHECK(Parsed("purpose", options).texts[0].fields == FieldSet{Field::kName});
}

TEST_CASE("too many words, filters and values are refused", "[search]") {
  std::string words;
  std::string filters;
  std::string values = "language:da";
  for (int i = 0; i < 40; ++i) words += "a" + std::to_string(i) + " ";
  for (int i = 0; i < 100; ++i) filters += "theme:culture ";
  for (int i = 0; i < 100; ++i) values += ",da";
  PositionOf(words);
  PositionOf(filters);
  PositionOf(values);
}

TEST_CASE("signs that are no words are passed over beside words", "[search]") {
  CHECK(Parsed("\xE2\x80\xAElektie\xE2\x80\x8F \xF0\x9F\x99\x82 )(&|!").texts.size() == 1);
  CHECK(Parsed("\"lektie hjælp").texts[0].wordings[0].words.size() == 2);
  CHECK(Parsed("19:30").texts.size() == 1);
  CHECK(Parsed("").texts.empty());
  CHECK(Parsed("  \t ").texts.empty());
  CHECK(Parsed("- a").texts.size() == 1);
}

}  // namespace brobygger::search
