#include "core/model/identifiers.h"

#include <array>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/error.h"

namespace brobygger::model {
namespace {

using errors::v1::ERROR_REASON_CPR_REFUSED;
using errors::v1::ERROR_REASON_IDENTIFIER_INVALID;

TEST_CASE("a CVR number is eight digits however it is written") {
  const std::string written = GENERATE("36729929", "36 72 99 29", "DK36729929", "dk-36729929",
                                       " DK 36.72.99.29 ", "3672-9929",
                                       "36\xC2\xA0"
                                       "729929",
                                       "\xEF\xBC\x93\xEF\xBC\x96"
                                       "729929");
  CAPTURE(written);
  CHECK(NormalizeCvr(written).value_or("refused") == "36729929");
}

TEST_CASE("a CVR number that fails its check is refused") {
  const std::string wrong = GENERATE("27355020", "36729928", "3672992", "367299290", "", "00000000",
                                     "3672992x", "DK", "DKDK36729929", "36/72/99/29");
  CAPTURE(wrong);
  CHECK(base::ReasonOf(NormalizeCvr(wrong).status()) == ERROR_REASON_IDENTIFIER_INVALID);
}

TEST_CASE("a changed digit or two digits that changed places never pass the CVR check") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  int checked = 0;
  while (checked < 200) {
    std::string number = std::to_string(10000000 + random() % 90000000);
    if (!NormalizeCvr(number).ok()) continue;
    ++checked;
    CAPTURE(number);
    const std::size_t at = random() % 7;
    std::string swapped = number;
    std::swap(swapped[at], swapped[at + 1]);
    CHECK(NormalizeCvr(swapped).ok() == (swapped == number));
    std::string changed = number;
    changed[at] = static_cast<char>('0' + (changed[at] - '0' + 1 + random() % 9) % 10);
    CHECK_FALSE(NormalizeCvr(changed).ok());
  }
}

TEST_CASE("identifiers of other schemes have their own forms") {
  CHECK(NormalizeIdentifier("DK-P", "10 03 38 83 94").value_or("") == "1003388394");
  CHECK(NormalizeIdentifier("DK-CFR", "  4711 ").value_or("") == "4711");
  CHECK(NormalizeIdentifier("CONVENTUS", "abc 12").value_or("") == "abc 12");
  CHECK(NormalizeIdentifier("BB-0615", "lawan").value_or("") == "lawan");
}

TEST_CASE("unknown schemes and empty or overlong values are refused") {
  const auto [scheme, value] = GENERATE(table<std::string, std::string>({
      {"", "1"},
      {"DK-CPR", "1"},
      {"dk-cvr", "36729929"},
      {"BB-9999", "x"},
      {"BB-", "x"},
      {"DK-P", "100338839"},
      {"SBSYS", " "},
      {"SBSYS", std::string(101, 'x')},
      {"SBSYS", "\xFF"},
      {"evil\n<b>", "x"},
  }));
  CAPTURE(scheme, value);
  const auto status = NormalizeIdentifier(scheme, value).status();
  CHECK(base::ReasonOf(status) == ERROR_REASON_IDENTIFIER_INVALID);
  CHECK(status.message().find('\n') == std::string::npos);
}

TEST_CASE("a CPR number is refused as an identifier of any scheme") {
  const std::string scheme = GENERATE("DK-CFR", "CONVENTUS", "SBSYS", "OS2MO", "BB-0615", "DK-P");
  CAPTURE(scheme);
  const auto status = NormalizeIdentifier(scheme, "2502571234").status();
  CHECK(base::ReasonOf(status) == ERROR_REASON_CPR_REFUSED);
  CHECK(std::string(status.message()).find("250257") == std::string::npos);
}

TEST_CASE("text that looks like a CPR number is found") {
  const std::string text = GENERATE(
      "010190-1234", "0101901234", "010190 1234", "CPR: 311299-4321.", "(290200-1111)",
      "290224-0001", "0101901234x", "0101901234 56789", "x010190-1234y", "12 010190-1234",
      "ring 20101010 eller 010190-1234", "010190 - 1234",
      "010190\xE2\x80\x93"
      "1234",
      "010190\xC2\xA0"
      "1234",
      "010190\xE2\x80\x91"
      "1234",
      "0101\xC2\xAD"
      "901234",
      "+0101901234",
      "\xD9\xA0\xD9\xA1\xD9\xA0\xD9\xA1\xD9\xA9\xD9\xA0-\xD9\xA1\xD9\xA2\xD9\xA3\xD9\xA4",
      "\xDB\xB0\xDB\xB1\xDB\xB0\xDB\xB1\xDB\xB9\xDB\xB0\xDB\xB1\xDB\xB2\xDB\xB3\xDB\xB4",
      "\xEF\xBC\x90\xEF\xBC\x91\xEF\xBC\x90\xEF\xBC\x91\xEF\xBC\x99\xEF\xBC\x90\xEF\xBC\x8D"
      "\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93\xEF\xBC\x94");
  CAPTURE(text);
  CHECK(LooksLikeCpr(text));
}

TEST_CASE("numbers that are no CPR number are let through") {
  const std::string text = GENERATE(
      "", "36729929", "+45 20 10 10 12", "20101012", "+4531129912", "+3112991234", "0045 20101012",
      "320190-1234", "011390-1234", "000190-1234", "290223-1234", "300290-1234", "10101901234",
      "01019012345", "kl. 10-12", "2010-10-12 1234", "8700 Horsens", "010190-123", "010190--1234");
  CAPTURE(text);
  CHECK_FALSE(LooksLikeCpr(text));
}

TEST_CASE("every valid date with four digits is found, and no other date is") {
  constexpr std::array<int, 13> kDays = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::array<char, 16> text{};
  for (int day = 0; day < 40; ++day) {
    for (int month = 0; month < 15; ++month) {
      std::snprintf(text.data(), text.size(), "%02d%02d04-1234", day, month);
      const bool date =
          month >= 1 && month <= 12 && day >= 1 && day <= kDays[static_cast<std::size_t>(month)];
      CAPTURE(text.data());
      CHECK(LooksLikeCpr(text.data()) == date);
    }
  }
}

}  // namespace
}  // namespace brobygger::model
