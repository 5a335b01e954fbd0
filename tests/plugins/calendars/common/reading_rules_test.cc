#include <catch2/catch.hpp>

#include "tests/plugins/calendars/common/calendar_text.h"

namespace brobygger::calendars {
namespace {

using Remarks = std::vector<std::string>;

constexpr char kWeekly[] =
    "DTSTART;TZID=Europe/Copenhagen:20260504T140000\nRRULE:FREQ=WEEKLY;COUNT=3\n";

// An instance of the event that Event() makes, changed by `lines`.
std::string Changed(const std::string& instance, const std::string& lines) {
  return Event("RECURRENCE-ID" + instance + "\n" + lines);
}

std::string KeyOn(const MeetingObject& object, absl::CivilDay day) {
  for (const MeetingPart& part : object.parts) {
    for (const Meeting& meeting : part.meetings) {
      if (meeting.date == day) return meeting.key;
    }
  }
  return "no meeting then";
}

TEST_CASE("rule 12: several rules and several lists of dates are all read") {
  CHECK(DaysOf("DTSTART:20260504T120000Z\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260505T120000Z\n"
               "RRULE:FREQ=WEEKLY;COUNT=2\nEXDATE:20260506T120000Z\nRDATE:20260601T120000Z\n") ==
        "2026-05-04 2026-05-11 2026-06-01");
}

TEST_CASE("rule 15: a rule finer than a day leaves its start as a single event, and says so") {
  const std::string rule =
      GENERATE("FREQ=SECONDLY", "FREQ=HOURLY;INTERVAL=2", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31",
               "FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9,10,11,12,13;BYMINUTE=0,30");
  const MeetingObject object = ReadOne(Event("DTSTART:20260504T120000Z\nRRULE:" + rule + "\n"));
  CHECK(Days(object) == "2026-05-04");
  CHECK(object.remarks == Remarks{"sub_daily_rule"});
}

TEST_CASE("rule 15: a rule that nobody can read leaves its start, and says so") {
  const std::string rule = GENERATE("FREQ=FORTNIGHTLY", "COUNT=3", "FREQ=DAILY;UNTIL=soon", "",
                                    "FREQ=DAILY;RSCALE=CHINESE");
  const MeetingObject object = ReadOne(Event("DTSTART:20260504T120000Z\nRRULE:" + rule + "\n"));
  CHECK(Days(object) == "2026-05-04");
  CHECK(std::count(object.remarks.begin(), object.remarks.end(), "bad_rule") == 1);
}

TEST_CASE("rule 16: only the window is told, of a rule without end as well") {
  const Window week = {absl::CivilDay(2026, 5, 4), absl::CivilDay(2026, 5, 6)};
  const std::string event = Event("DTSTART:19700101T120000Z\nRRULE:FREQ=DAILY\n");
  CHECK(Days(ReadOne(event, week)) == "2026-05-04 2026-05-05 2026-05-06");
}

TEST_CASE("rule 16: more instances than anybody meets are cut, and that is told") {
  const MeetingObject object =
      ReadOne(Event("DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY;BYHOUR=0,2,4,6,8,10,12,14\n"));
  REQUIRE(object.parts.size() == 1);
  CHECK(object.parts[0].meetings.size() == 2000);
  CHECK(object.remarks == Remarks{"too_many_instances"});
}

TEST_CASE("rule 17: the start is an instance that the rule does not give") {
  CHECK(DaysOf("DTSTART:20260504T120000Z\nRRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20260515T000000Z\n") ==
        "2026-05-04 2026-05-05 2026-05-12");
  // Of COUNT it is the first (RFC 5545, 3.3.10).
  CHECK(DaysOf("DTSTART:20260504T120000Z\nRRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3\n") ==
        "2026-05-04 2026-05-05 2026-05-12");
}

TEST_CASE("rule 19: UNTIL in UTC is compared in UTC") {
  // 14:00 in Copenhagen is 12:00 in UTC.
  const std::string start =
      "DTSTART;TZID=Europe/Copenhagen:20260504T140000\nRRULE:FREQ=DAILY;UNTIL=";
  CHECK(DaysOf(start + "20260505T120000Z\n") == "2026-05-04 2026-05-05");
  CHECK(DaysOf(start + "20260505T115959Z\n") == "2026-05-04");
  CHECK(DaysOf(start + "20260505T130000\n") == "2026-05-04");
  CHECK(DaysOf(start + "20260505\n") == "2026-05-04 2026-05-05");
}

TEST_CASE("rule 19: the end of a series of whole days is a day, also in UTC") {
  const std::string start = "DTSTART;VALUE=DATE:20260504\nRRULE:FREQ=DAILY;UNTIL=";
  CHECK(DaysOf(start + "20260505\n") == "2026-05-04 2026-05-05");
  // Midnight in Copenhagen between the 4th and the 5th.
  CHECK(DaysOf(start + "20260504T220000Z\n") == "2026-05-04 2026-05-05");
}

TEST_CASE("rule 19: EXDATE takes out by instant, by wall time and by date") {
  const std::string dates = GENERATE(
      "EXDATE:20260511T120000Z\n", "EXDATE;TZID=Europe/Copenhagen:20260511T140000\n",
      "EXDATE;TZID=America/New_York:20260511T080000\n",
      "EXDATE;TZID=\"Romance Standard Time\":20260511T140000\n", "EXDATE:20260511T140000Z\n",
      "EXDATE:20260511T140000\n", "EXDATE;VALUE=DATE:20260511\n", "EXDATE:20260511\n");
  CHECK(DaysOf(kWeekly + dates) == "2026-05-04 2026-05-18");
}

TEST_CASE("rule 19: EXDATE with a time takes a day out of a series of whole days") {
  const std::string dates = GENERATE("EXDATE:20260505T000000\n", "EXDATE:20260504T220000Z\n",
                                     "EXDATE:20260505T000000Z\n", "EXDATE;VALUE=DATE:20260505\n");
  CHECK(DaysOf("DTSTART;VALUE=DATE:20260504\nRRULE:FREQ=DAILY;COUNT=3\n" + dates) ==
        "2026-05-04 2026-05-06");
}

TEST_CASE("rule 19: EXDATE of another time takes nothing out") {
  CHECK(DaysOf(std::string(kWeekly) + "EXDATE:20260511T130000Z\n") ==
        "2026-05-04 2026-05-11 2026-05-18");
}

TEST_CASE("rule 20: a moved instance keeps its key, before its master or after it") {
  const std::string moved =
      Changed(";TZID=Europe/Copenhagen:20260511T140000", "DTSTART:20260513T090000Z\n");
  const bool first = GENERATE(true, false);
  const MeetingObject object = ReadOne(first ? moved + Event(kWeekly) : Event(kWeekly) + moved);
  CHECK(Days(object) == "2026-05-04 2026-05-13 2026-05-18");
  CHECK(KeyOn(object, absl::CivilDay(2026, 5, 13)) == KeyOf("20260511T120000Z"));
}

TEST_CASE("rule 20: RECURRENCE-ID names its instance by wall time or date as well") {
  const std::string name =
      GENERATE(":20260511T120000Z", ":20260511T140000", ";VALUE=DATE:20260511");
  const MeetingObject object =
      ReadOne(Event(kWeekly) + Changed(name, "DTSTART:20260513T090000Z\n"));
  CHECK(Days(object) == "2026-05-04 2026-05-13 2026-05-18");
  CHECK(KeyOn(object, absl::CivilDay(2026, 5, 13)) == KeyOf("20260511T120000Z"));
}

TEST_CASE("rule 20: an instance moved into the window or out of it is told or not") {
  const Window may = {absl::CivilDay(2026, 5, 1), absl::CivilDay(2026, 5, 31)};
  const std::string series = Event("DTSTART:20260407T120000Z\nRRULE:FREQ=MONTHLY;COUNT=3\n");
  const MeetingObject in =
      ReadOne(series + Changed(":20260407T120000Z", "DTSTART:20260502T120000Z\n"), may);
  CHECK(Days(in) == "2026-05-02 2026-05-07");
  CHECK(KeyOn(in, absl::CivilDay(2026, 5, 2)) == KeyOf("20260407T120000Z"));
  CHECK(Days(ReadOne(series + Changed(":20260507T120000Z", "DTSTART:20260602T120000Z\n"), may))
            .empty());
}

TEST_CASE("rule 20: an instance without its master is told alone") {
  const MeetingObject object = ReadOne(Changed(":20260511T120000Z", "DTSTART:20260511T130000Z\n"));
  CHECK(Days(object) == "2026-05-11");
  CHECK(object.parts[0].meetings[0].key == KeyOf("20260511T120000Z"));
}

TEST_CASE("rule 20: one cancelled instance is told as cancelled, a cancelled series as a whole") {
  CHECK(Days(ReadOne(Event(kWeekly) + Changed(":20260511T120000Z",
                                              "DTSTART:20260511T120000Z\nSTATUS:CANCELLED\n"))) ==
        "2026-05-04 2026-05-11x 2026-05-18");
  CHECK(DaysOf(std::string(kWeekly) + "STATUS:cancelled\n") ==
        "2026-05-04x 2026-05-11x 2026-05-18x");
}

TEST_CASE("rule 20: RDATE may hold dates, times and periods") {
  CHECK(DaysOf("DTSTART:20260504T120000Z\nRDATE;VALUE=PERIOD:20260601T120000Z/PT1H,"
               "20260602T120000Z/20260602T130000Z\nRDATE;VALUE=DATE:20260603\n") ==
        "2026-05-04 2026-06-01 2026-06-02 2026-06-03");
}

TEST_CASE("rule 20: this and future moves and changes what comes after") {
  const MeetingObject object = ReadOne(
      Event("DTSTART:20260504T120000Z\nRRULE:FREQ=WEEKLY;COUNT=4\nATTENDEE:mailto:a@b.example\n") +
      Changed(";RANGE=THISANDFUTURE:20260511T120000Z",
              "DTSTART:20260512T150000Z\nATTENDEE:mailto:c@d.example\n") +
      Changed(":20260518T120000Z", "DTSTART:20260518T120000Z\n"));
  CHECK(Days(object) == "2026-05-04 2026-05-12 2026-05-18 2026-05-26");
  CHECK(object.parts.size() == 3);
  CHECK(KeyOn(object, absl::CivilDay(2026, 5, 26)) == KeyOf("20260525T120000Z"));
  CHECK(object.remarks.empty());
}

TEST_CASE("rule 20: this and future with a rhythm of its own is told as the old one, and says so") {
  const MeetingObject object =
      ReadOne(Event(kWeekly) + Changed(";RANGE=THISANDFUTURE:20260511T120000Z",
                                       "DTSTART:20260512T150000Z\nRRULE:FREQ=DAILY\n"));
  CHECK(Days(object) == "2026-05-04 2026-05-11 2026-05-18");
  CHECK(object.remarks == Remarks{"this_and_future"});
}

TEST_CASE("rule 22: one broken event never stops the calendar") {
  const std::string broken =
      GENERATE("", "DTSTART:soon\n", "DTSTART;VALUE=DATE:20261399\n", "DTSTART:20260504\nCLASS\n",
               "DTSTART:20260504\nRECURRENCE-ID:never\n");
  const Reading reading = Read(
      Calendar("BEGIN:VEVENT\nUID:bad\n" + broken + "END:VEVENT\n" + Event("DTSTART:20260504\n")));
  CHECK(reading.objects.size() == 1);
  REQUIRE(reading.bad.size() == 1);
  CHECK(reading.bad[0].uid_digest == Key().Of("href", "bad"));
}

TEST_CASE("rule 22: an event without a UID is bad, and two of them are two") {
  const std::string event = "BEGIN:VEVENT\nDTSTART:20260504\nEND:VEVENT\n";
  const Reading reading = Read(Calendar(event + event));
  REQUIRE(reading.bad.size() == 2);
  CHECK(reading.bad[0].why == "no_uid");
  CHECK(reading.bad[0].uid_digest.empty());
}

TEST_CASE("two events with one UID are one object, the newest, and that is told") {
  const MeetingObject object =
      ReadOne(Event("DTSTART:20260504\nSEQUENCE:2\n") + Event("DTSTART:20260505\nSEQUENCE:1\n"));
  CHECK(Days(object) == "2026-05-04");
  CHECK(object.remarks == Remarks{"duplicate_uid"});
}

}  // namespace
}  // namespace brobygger::calendars
