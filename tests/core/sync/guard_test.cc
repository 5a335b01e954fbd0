#include "core/sync/guard.h"

#include <catch2/catch.hpp>

namespace brobygger::sync {
namespace {

GuardInput Quiet(std::uint64_t live) {
  GuardInput input;
  input.live = live;
  input.read = live;
  input.complete = true;
  return input;
}

TEST_CASE("a quiet plan may be applied") {
  CHECK(Judge(Quiet(32)).verdict == v1::Plan::VERDICT_OK);
}

TEST_CASE("deletions wait for a person above the larger of two and five per cent") {
  // Live records and the first number of vanished ones that is held.
  const auto [live, held] = GENERATE(
      table<std::uint64_t, std::uint64_t>({{12, 3}, {32, 3}, {100, 6}, {500, 26}, {2000, 101}}));
  auto input = Quiet(live);
  input.vanished = held;
  CHECK(Judge(input).verdict == v1::Plan::VERDICT_DELETIONS_HELD);
  input.vanished = held - 1;
  CHECK(Judge(input).verdict == v1::Plan::VERDICT_OK);
}

TEST_CASE("a slow drip of deletions is held too") {
  auto input = Quiet(32);
  input.vanished = 1;
  input.vanished_in_week = 4;
  CHECK(Judge(input).verdict == v1::Plan::VERDICT_DELETIONS_HELD);
}

TEST_CASE("the whole plan is held when the source cannot be trusted") {
  auto input = Quiet(32);
  SECTION("it was not complete") { input.complete = false; }
  SECTION("it is suddenly empty") { input.read = 0; }
  SECTION("its scope changed") { input.scope_changed = true; }
  SECTION("the canary is missing") { input.canary_missing = true; }
  SECTION("over ten per cent lose a value") { input.blanked = 4; }
  SECTION("over thirty per cent change") { input.changed = 10; }
  const auto judged = Judge(input);
  CHECK(judged.verdict == v1::Plan::VERDICT_HELD);
  CHECK_FALSE(judged.reasons.empty());
}

TEST_CASE("a source that says it has not changed is not empty") {
  auto input = Quiet(32);
  input.read = 0;
  input.unchanged = true;
  CHECK(Judge(input).verdict == v1::Plan::VERDICT_OK);
}

GuardInput Losing(const CalendarLoss& loss) {
  GuardInput input = Quiet(0);
  input.calendars = {{.calendar = "another", .live = 1000, .gone = 1}, loss};
  return input;
}

TEST_CASE("a calendar is emptied only with a person's consent, however small it is") {
  const auto judged = Judge(Losing({.calendar = "kultur", .live = 2, .gone = 2}));
  CHECK(judged.verdict == v1::Plan::VERDICT_DELETIONS_HELD);
  REQUIRE(judged.reasons.size() == 1);
  CHECK(judged.reasons[0].find("'kultur' is suddenly empty") != std::string::npos);
  // A single meeting that is off empties a calendar, too.
  CHECK(Judge(Losing({.calendar = "kultur", .live = 1, .gone = 1})).verdict ==
        v1::Plan::VERDICT_OK);
  CHECK(Judge(Losing({.calendar = "kultur", .live = 1, .gone = 1, .gone_in_week = 1})).verdict ==
        v1::Plan::VERDICT_DELETIONS_HELD);
}

TEST_CASE(
    "meetings of a calendar wait for a person above the larger of three and thirty per cent") {
  const auto [live, held] =
      GENERATE(table<std::uint64_t, std::uint64_t>({{8, 4}, {20, 7}, {100, 31}}));
  CHECK(Judge(Losing({.calendar = "kultur", .live = live, .gone = held})).verdict ==
        v1::Plan::VERDICT_DELETIONS_HELD);
  CHECK(Judge(Losing({.calendar = "kultur", .live = live, .gone = held - 1})).verdict ==
        v1::Plan::VERDICT_OK);
}

TEST_CASE("a calendar that is emptied by and by is held within seven days") {
  CHECK(Judge(Losing({.calendar = "kultur", .live = 12, .gone = 3, .gone_in_week = 8})).verdict ==
        v1::Plan::VERDICT_DELETIONS_HELD);
  CHECK(Judge(Losing({.calendar = "kultur", .live = 13, .gone = 2, .gone_in_week = 7})).verdict ==
        v1::Plan::VERDICT_OK);
  // What went in the week before is no reason when nothing goes now.
  CHECK(Judge(Losing({.calendar = "kultur", .live = 12, .gone = 0, .gone_in_week = 20})).verdict ==
        v1::Plan::VERDICT_OK);
}

}  // namespace
}  // namespace brobygger::sync
