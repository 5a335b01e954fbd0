#include "core/model/places.h"

#include <algorithm>

#include <catch2/catch.hpp>

namespace brobygger::model {
namespace {

TEST_CASE("there are 98 municipalities, and the islet that is none") {
  const auto& all = Municipalities();
  REQUIRE(all.size() == 99);
  CHECK(std::count_if(all.begin(), all.end(),
                      [](const auto& one) { return one.is_municipality(); }) == 98);
  CHECK(std::is_sorted(all.begin(), all.end(), [](const auto& left, const auto& right) {
    return left.code() < right.code();
  }));
  const auto horsens =
      std::find_if(all.begin(), all.end(), [](const auto& one) { return one.code() == "0615"; });
  REQUIRE(horsens != all.end());
  CHECK(horsens->official_name() == "Horsens");
}

TEST_CASE("a municipality is known by its four digits") {
  CHECK(IsMunicipalityCode("0615"));
  CHECK(IsMunicipalityCode("0411"));
  CHECK_FALSE(IsMunicipalityCode("615"));
  CHECK_FALSE(IsMunicipalityCode("0000"));
  CHECK_FALSE(IsMunicipalityCode(""));
}

TEST_CASE("the fictional municipality can stand in a record and is not listed") {
  CHECK(IsMunicipalityCode(kFictionalMunicipality));
  const auto& all = Municipalities();
  CHECK(std::none_of(all.begin(), all.end(),
                     [](const auto& one) { return one.code() == kFictionalMunicipality; }));
}

TEST_CASE("a postal code below 1000 keeps its zero") {
  CHECK(PostalDistrict("8700") == "Horsens");
  CHECK(PostalDistrict("0800") == "H\xC3\xB8je Taastrup");
  CHECK(PostalDistrict("0999").value_or("").back() == 'C');
  CHECK_FALSE(PostalDistrict("800").has_value());
  CHECK_FALSE(PostalDistrict("0001").has_value());
}

}  // namespace
}  // namespace brobygger::model
