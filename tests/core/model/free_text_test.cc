#include "core/model/free_text.h"

#include <catch2/catch.hpp>

#include "core/base/error.h"

namespace brobygger::model {
namespace {

TEST_CASE("words of belief, origin and health are found in Danish and English") {
  CHECK(SensitiveWordIn("Zarathea er muslim og kommer tirsdag") == "muslim");
  CHECK(SensitiveWordIn("hun er JØDE") == "jøde");
  CHECK(SensitiveWordIn("formanden er sygemeldt til maj") == "sygemeld");
  CHECK(SensitiveWordIn("har fået en diagnose") == "diagnos");
  CHECK(SensitiveWordIn("of another ethnic  background") == "ethnic background");
  CHECK(SensitiveWordIn("the chair has cancer") == "cancer");
}

TEST_CASE("what an association is called is no word about a person") {
  CHECK(SensitiveWordIn("Mail fra Somalisk Kvindeforening den 4. maj 2024").empty());
  CHECK(SensitiveWordIn("Formålet er sprogcafé og sundhed på arabisk").empty());
  CHECK(SensitiveWordIn("Sygeplejerskernes Forening holder kursus").empty());
  CHECK(SensitiveWordIn("").empty());
  CHECK(SensitiveWordIn("  ... ").empty());
}

TEST_CASE("the refusal names the word and the field, and not the text") {
  const Place place{nullptr, "evidence"};
  const absl::Status refused = RefuseSensitiveWords(place, "Zarathea er muslim");
  CHECK(base::ReasonOf(refused) == errors::v1::ERROR_REASON_FIELD_INVALID);
  const std::string text(refused.message().data(), refused.message().size());
  CHECK(text.find("'muslim'") != std::string::npos);
  CHECK(text.find("evidence") != std::string::npos);
  CHECK(text.find("Zarathea") == std::string::npos);
  CHECK(RefuseSensitiveWords(place, "mail af 4. maj").ok());
}

}  // namespace
}  // namespace brobygger::model
