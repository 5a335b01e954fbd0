#include <catch2/catch.hpp>

#include "tests/plugins/calendars/common/calendar_text.h"

namespace brobygger::calendars {
namespace {

// The first days of the rule for an event at noon on `start`, from it until ten years later.
std::string FirstDays(const std::string& start, const std::string& rule, std::size_t count) {
  const absl::CivilDay first(std::stoi(start.substr(0, 4)), std::stoi(start.substr(4, 2)),
                             std::stoi(start.substr(6, 2)));
  const std::string event = Event("DTSTART:" + start + "T120000Z\nRRULE:" + rule + "\n");
  const std::string days = Days(ReadOne(event, {.first = first, .last = first + 3653}));
  // "2026-05-04 " for each.
  return days.substr(0, count * 11 - 1);
}

TEST_CASE("the last working day of the month is found as Outlook writes it") {
  CHECK(FirstDays("20260130", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", 5) ==
        "2026-01-30 2026-02-27 2026-03-31 2026-04-30 2026-05-29");
  CHECK(FirstDays("20260105", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2", 3) ==
        "2026-01-05 2026-02-03 2026-03-03");
}

TEST_CASE("BYSETPOS counts what came before the start in its month") {
  CHECK(FirstDays("20260115", "FREQ=MONTHLY;BYDAY=TH;BYSETPOS=3", 2) == "2026-01-15 2026-02-19");
}

TEST_CASE("the 29th of February is a day every fourth year, and the 31st not of every month") {
  CHECK(FirstDays("20240229", "FREQ=YEARLY", 3) == "2024-02-29 2028-02-29 2032-02-29");
  CHECK(FirstDays("20260131", "FREQ=MONTHLY", 4) == "2026-01-31 2026-03-31 2026-05-31 2026-07-31");
  CHECK(FirstDays("20240131", "FREQ=MONTHLY;BYMONTHDAY=-1", 3) ==
        "2024-01-31 2024-02-29 2024-03-31");
  CHECK(FirstDays("20240101", "FREQ=YEARLY;BYYEARDAY=366", 3) ==
        "2024-01-01 2024-12-31 2028-12-31");
}

TEST_CASE("weeks are numbered from the first with four days in the year") {
  // RFC 5545, 3.8.5.3: Monday of week 20.
  CHECK(FirstDays("19970512", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", 3) ==
        "1997-05-12 1998-05-11 1999-05-17");
  // 2020 and 2026 have 53 weeks; the last one ends in January.
  CHECK(FirstDays("20200103", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU", 3) ==
        "2020-01-03 2021-01-03 2027-01-03");
  CHECK(FirstDays("20260105", "FREQ=YEARLY;BYWEEKNO=1", 2) == "2026-01-05 2027-01-04");
  CHECK(FirstDays("20260105", "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO", 3) ==
        "2026-01-05 2026-12-28 2027-12-27");
}

TEST_CASE("a yearly weekday with a number counts in the year, or in the month where one is told") {
  // RFC 5545, 3.8.5.3: every 20th Monday of the year.
  CHECK(FirstDays("19970519", "FREQ=YEARLY;BYDAY=20MO", 3) == "1997-05-19 1998-05-18 1999-05-17");
  CHECK(FirstDays("20261126", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", 3) ==
        "2026-11-26 2027-11-25 2028-11-23");
}

TEST_CASE("every other week begins where its first day says") {
  // RFC 5545, 3.8.5.3: the examples on WKST.
  CHECK(FirstDays("19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", 4) ==
        "1997-08-05 1997-08-10 1997-08-19 1997-08-24");
  CHECK(FirstDays("19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", 4) ==
        "1997-08-05 1997-08-17 1997-08-19 1997-08-31");
}

TEST_CASE("a weekly rule is held to its months") {
  CHECK(FirstDays("20260506", "FREQ=WEEKLY;BYDAY=WE;BYMONTH=5,9", 6) ==
        "2026-05-06 2026-05-13 2026-05-20 2026-05-27 2026-09-02 2026-09-09");
}

TEST_CASE("Friday the 13th is a weekday and a day of the month") {
  CHECK(FirstDays("19980213", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", 4) ==
        "1998-02-13 1998-03-13 1998-11-13 1999-08-13");
  // RFC 5545, 3.8.5.3: election day in the United States.
  CHECK(FirstDays("19961105", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
                  3) == "1996-11-05 2000-11-07 2004-11-02");
}

TEST_CASE("a rule without COUNT is the same seen from far on") {
  const std::string rule =
      GENERATE("FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SU",
               "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31", "FREQ=YEARLY;INTERVAL=3",
               "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SA");
  CAPTURE(rule);
  const std::string lines = "DTSTART:20100131T120000Z\nRRULE:" + rule;
  const Window window = {absl::CivilDay(2024, 3, 1), absl::CivilDay(2026, 3, 1)};
  const std::string days = Days(ReadOne(Event(lines + "\n"), window));
  CHECK(days.size() > 9);
  CHECK(days == Days(ReadOne(Event(lines + ";COUNT=99999\n"), window)));
}

TEST_CASE("a birthday without a year, as Apple writes it, is each year's") {
  CHECK(DaysOf("DTSTART;VALUE=DATE:16040517\nRRULE:FREQ=YEARLY\n") == "2026-05-17");
}

}  // namespace
}  // namespace brobygger::calendars
