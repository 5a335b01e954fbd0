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

TEST_CASE("a topic is refused beside somebody, and is what a course may be about") {
  for (const char* const told :
       {"Ahmed Hassan beder fem gange om dagen og har sukkersyge", "Zarathea har diabetes",
        "Talte med Ibenholt Kvist. Har sukkersyge.", "Hun er indlagt på psykiatrisk",
        "Kassereren går i moskeen", "Talte med Zarathea, som har epilepsi",
        "Fatima bruger kørestol", "The treasurer suffers from anxiety",
        "Møde med Ibenholt Kvist om demens", "Ringede: formanden holder ramadan"}) {
    INFO(told);
    CHECK_FALSE(SensitiveWordIn(told).empty());
  }
  for (const char* const about :
       {"Kursus om diabetes for kvinder", "Foreningen har kursus om diabetes",
        "Sundhedscafé Nordbyen: lev godt med sukkersyge", "Oplæg om demens i Fjordby Nord",
        "Fælles iftar i ramadanen", "Kræftens Bekæmpelse kommer med materialer",
        "Sorggruppe for pårørende til syge", "Foredrag om psykisk sundhed på Søndre Kaj",
        "Vi har talt om angst. Næste møde er om kost.", "Unge er ofte ramt af angst"}) {
    INFO(about);
    CHECK(SensitiveWordIn(about).empty());
  }
  // A text that is about one person as a whole needs no name in it.
  CHECK(SensitiveWordAbout("mail om diabetes") == "diabet");
}

TEST_CASE("a person's name is told from what somebody does") {
  for (const char* const name :
       {"Zarathea Blåregnskov", "Ahmed Hassan", "Anne-Mette Holm", "Åse Æbelø"}) {
    INFO(name);
    CHECK(IsPersonsName(name));
  }
  for (const char* const role :
       {"fritidskonsulent", "Fritidskonsulent", "Social Koordinator", "Kultur og Fritid",
        "leder af Ungdomshuset", "Team Nord", "IT Support", "", "Integrationskonsulent Nord"}) {
    INFO(role);
    CHECK_FALSE(IsPersonsName(role));
  }
  const absl::Status refused =
      RefusePersonsName(Place{nullptr, "our_role"}, "Zarathea Blåregnskov");
  CHECK(base::ReasonOf(refused) == errors::v1::ERROR_REASON_FIELD_INVALID);
  CHECK(std::string(refused.message()).find("Zarathea") == std::string::npos);
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
