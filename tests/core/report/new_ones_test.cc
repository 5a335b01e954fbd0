#include "core/report/new_ones.h"

#include <catch2/catch.hpp>

namespace brobygger::report {
namespace {

Begun Between(const std::string& start, const std::string& end, std::vector<Begun::Sides> sides) {
  return {.start_date = start, .end_date = end, .place = start, .sides = std::move(sides)};
}

const Begun::Sides kHorsensLanternen = {"0615", "lanternen"};
const Begun::Sides kHorsensRegnbuen = {"0615", "regnbuen"};
const Begun::Sides kGreveLanternen = {"0253", "lanternen"};

// Whether the last one is new after those before it.
bool LastIsNew(const std::vector<Begun>& all) { return AreNew(all).back(); }

}  // namespace

TEST_CASE("the first one between two sides is new", "[report]") {
  CHECK(LastIsNew({Between("2015-01-01", "", {kHorsensLanternen})}));
}

TEST_CASE("one after another of the same two sides is new when 36 months lie between", "[report]") {
  const auto next = Between("2015-06-15", "", {kHorsensLanternen});
  CHECK_FALSE(LastIsNew({Between("2011-01-01", "2012-06-15", {kHorsensLanternen}), next}));
  CHECK(LastIsNew({Between("2011-01-01", "2012-06-14", {kHorsensLanternen}), next}));
  CHECK_FALSE(LastIsNew({Between("2001-01-01", "", {kHorsensLanternen}), next}));
}

TEST_CASE("other sides make no earlier one", "[report]") {
  const auto next = Between("2015-06-15", "", {kHorsensLanternen});
  CHECK(LastIsNew({Between("2015-01-01", "", {kHorsensRegnbuen}), next}));
  CHECK(LastIsNew({Between("2015-01-01", "", {kGreveLanternen}), next}));
}

TEST_CASE("one of several is new if two of its sides are new to each other", "[report]") {
  const auto known = Between("2015-01-01", "", {kHorsensLanternen});
  CHECK(LastIsNew({known, Between("2015-06-15", "", {kHorsensLanternen, kHorsensRegnbuen})}));
  CHECK_FALSE(LastIsNew({known, Between("2015-01-02", "", {kHorsensRegnbuen}),
                         Between("2015-06-15", "", {kHorsensLanternen, kHorsensRegnbuen})}));
}

TEST_CASE("of two that begin on the same day the first that was written down is new", "[report]") {
  auto first = Between("2015-01-01", "", {kHorsensLanternen});
  auto second = first;
  first.place = "1";
  second.place = "2";
  CHECK(AreNew({first, second}) == std::vector<bool>{true, false});
  CHECK(AreNew({second, first}) == std::vector<bool>{false, true});
}

TEST_CASE("one that begins later is no earlier one", "[report]") {
  CHECK(AreNew({Between("2016-01-01", "", {kHorsensLanternen}),
                Between("2015-01-01", "2015-02-01", {kHorsensLanternen})}) ==
        std::vector<bool>{false, true});
}

TEST_CASE("months are counted by the calendar", "[report]") {
  CHECK(MonthsBefore("2015-06-15", 36) == "2012-06-15");
  CHECK(MonthsBefore("2015-01-31", 1) == "2014-12-31");
  CHECK(MonthsBefore("2015-03-31", 1) == "2015-02-28");
  CHECK(MonthsBefore("2016-03-31", 1) == "2016-02-29");
  CHECK(MonthsBefore("2000-03-30", 1) == "2000-02-29");
  CHECK(MonthsBefore("1900-03-30", 1) == "1900-02-28");
}

}  // namespace brobygger::report
