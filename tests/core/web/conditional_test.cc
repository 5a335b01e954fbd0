#include "core/web/conditional.h"

#include <catch2/catch.hpp>

namespace brobygger::web {
namespace {

bool Matches(const char* value) { return Holds(ParseIfNoneMatch(value), "1.abc"); }

TEST_CASE("the reader has it if one of its tags is the same by weak comparison") {
  CHECK(Matches("\"1.abc\""));
  CHECK(Matches("W/\"1.abc\""));
  CHECK(Matches("\"x\", W/\"y\",\"1.abc\""));
  CHECK(Matches(" ,, \"x\" ,\t\"1.abc\" , "));
  CHECK(Matches("\"a,b\", \"1.abc\""));
  CHECK(Matches("\"\", \"1.abc\""));
  CHECK(Matches("*"));
  CHECK(Matches("  *  "));
}

TEST_CASE("the reader has it not if its tags differ or are none") {
  CHECK_FALSE(Matches(""));
  CHECK_FALSE(Matches("1.abc"));
  CHECK_FALSE(Matches("\"1.abc"));
  CHECK_FALSE(Matches("\"1.ABC\""));
  CHECK_FALSE(Matches("w/\"1.abc\""));
  CHECK_FALSE(Matches("\"x\" junk, \"1.abc\""));
  CHECK_FALSE(Matches("\"1.abc \""));
  CHECK_FALSE(Matches("* , \"x\""));
  CHECK_FALSE(Matches("\"a\x7f\", \"1.abc\""));
}

TEST_CASE("tags are told without their quotes and in order") {
  CHECK(ParseIfNoneMatch("W/\"a\", \"b\"").tags == std::vector<std::string>{"a", "b"});
}

}  // namespace
}  // namespace brobygger::web
