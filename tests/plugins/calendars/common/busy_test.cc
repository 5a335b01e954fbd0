#include "plugins/calendars/common/busy.h"

#include <catch2/catch.hpp>

#include "plugins/calendars/common/prefilter.h"
#include "tests/plugins/calendars/common/calendar_text.h"

namespace brobygger::calendars {
namespace {

constexpr char kSummer[] = "DTSTART;TZID=Europe/Copenhagen:20260504T";
constexpr char kAllDay[] = "DTSTART;VALUE=DATE:20260504\n";

// "05-04:60 05-05:540", the days of 2026 that are not free.
std::string Told(const BusyDays& days) {
  std::string text;
  for (const BusyDay& day : days.Days()) {
    text += (text.empty() ? "" : " ") + absl::FormatCivilTime(day.date).substr(5) + ":" +
            std::to_string(day.minutes);
  }
  return text;
}

// What these components take; after a semicolon, the codes of the objects that are bad.
std::string BusyIn(const std::string& components, const Window& window = kYear2026) {
  BusyDays days(window, Key());
  const auto bad = days.Add(Calendar(components));
  if (!bad.ok()) throw std::runtime_error(bad.status().ToString());
  std::string text = Told(days);
  for (const BadObject& object : *bad) text += ";" + object.why;
  return text;
}

std::string BusyOf(const std::string& lines) { return BusyIn(Event(lines)); }

// From one time of the 4th of May, in Copenhagen, to another.
std::string Between(const std::string& start, const std::string& end) {
  return kSummer + start + "00\nDTEND;TZID=Europe/Copenhagen:20260504T" + end + "00\n";
}

TEST_CASE("busy: a meeting takes its minutes between 08:00 and 17:00 in Copenhagen") {
  CHECK(BusyOf(Between("0900", "1030")) == "05-04:90");
  CHECK(BusyOf(Between("0700", "0830")) == "05-04:30");
  CHECK(BusyOf(Between("1630", "1900")) == "05-04:30");
  CHECK(BusyOf(Between("0600", "2300")) == "05-04:540");
  CHECK(BusyOf(Between("0600", "0800")).empty());
  CHECK(BusyOf(Between("1700", "1900")).empty());
  CHECK(BusyOf("DTSTART:20260504T140000Z\nDTEND:20260504T160000Z\n") == "05-04:60");
  CHECK(BusyOf("DTSTART;TZID=America/New_York:20260504T040000\n"
               "DTEND;TZID=America/New_York:20260504T050000\n") == "05-04:60");
}

TEST_CASE("busy: a minute that is begun is taken") {
  CHECK(BusyOf("DTSTART:20260504T080030Z\nDTEND:20260504T080130Z\n") == "05-04:2");
}

TEST_CASE("busy: TRANSP:TRANSPARENT takes no time, OPAQUE, none and unknown words do") {
  const std::string meeting = Between("0900", "1000");
  CHECK(BusyOf(meeting + "TRANSP:TRANSPARENT\n").empty());
  CHECK(BusyOf(meeting + "transp: transparent \n").empty());
  const std::string word = GENERATE("TRANSP:OPAQUE\n", "TRANSP:X-OWN\n", "TRANSP:\n", "");
  CHECK(BusyOf(meeting + word) == "05-04:60");
}

TEST_CASE("busy: what is cancelled takes no time, what is tentative does") {
  const std::string meeting = Between("0900", "1000");
  CHECK(BusyOf(meeting + "STATUS:CANCELLED\n").empty());
  CHECK(BusyOf(meeting + "STATUS:TENTATIVE\n") == "05-04:60");
}

TEST_CASE("busy: private events and those that opted out count") {
  const std::string line = GENERATE("CLASS:PRIVATE\n", "CLASS:CONFIDENTIAL\n", "CLASS\n",
                                    "CATEGORIES:Brobygger:ingen\n");
  CHECK(BusyOf(Between("0900", "1000") + line) == "05-04:60");
}

TEST_CASE("busy: what the hub published counts as it says") {
  const std::string own = "BEGIN:VEVENT\nUID:e-7@brobygger\n" + Between("0900", "1000");
  CHECK(BusyIn(own + "END:VEVENT\n") == "05-04:60");
  CHECK(BusyIn(own + "TRANSP:TRANSPARENT\nEND:VEVENT\n").empty());
}

TEST_CASE("busy: a whole day takes all of it") {
  CHECK(BusyOf(std::string(kAllDay) + "DTEND;VALUE=DATE:20260505\n") == "05-04:540");
}

TEST_CASE("busy: whole days end before the day of DTEND") {
  CHECK(BusyOf(std::string(kAllDay) + "DTEND;VALUE=DATE:20260507\n") ==
        "05-04:540 05-05:540 05-06:540");
  // Some programs tell the last day itself.
  CHECK(BusyOf(std::string(kAllDay) + "DTEND;VALUE=DATE:20260504\n") == "05-04:540");
}

TEST_CASE("busy: an event over several days takes its part of each") {
  CHECK(BusyOf(std::string(kSummer) + "150000\nDTEND;TZID=Europe/Copenhagen:20260506T090000\n") ==
        "05-04:120 05-05:540 05-06:60");
}

TEST_CASE("busy: an event over midnight takes nothing of the night") {
  CHECK(BusyOf(std::string(kSummer) + "220000\nDTEND;TZID=Europe/Copenhagen:20260505T020000\n")
            .empty());
  CHECK(BusyOf(std::string(kSummer) + "220000\nDTEND;TZID=Europe/Copenhagen:20260505T083000\n") ==
        "05-05:30");
}

TEST_CASE("busy: over the night when summer begins, 12 hours from 20:00 end at 09:00") {
  const std::string start = "DTSTART;TZID=Europe/Copenhagen:20260328T200000\n";
  CHECK(BusyOf(start + "DURATION:PT12H\n") == "03-29:60");
  CHECK(BusyOf(start + "DTEND;TZID=Europe/Copenhagen:20260329T080000\n").empty());
}

TEST_CASE("busy: over the night when summer ends, 12 hours from 21:00 end at 08:00") {
  const std::string start = "DTSTART;TZID=Europe/Copenhagen:20261024T210000\n";
  CHECK(BusyOf(start + "DURATION:PT12H\n").empty());
  CHECK(BusyOf(start + "DTEND;TZID=Europe/Copenhagen:20261025T090000\n") == "10-25:60");
}

TEST_CASE("busy: DTEND lasts as long each time, a DURATION's days are days of the calendar") {
  const std::string start =
      "DTSTART;TZID=Europe/Copenhagen:20260327T100000\nRRULE:FREQ=DAILY;COUNT=2\n";
  // 23 h 30 min from Saturday's 10:00 end at 10:30 on Sunday, as an hour is left out.
  CHECK(BusyOf(start + "DTEND;TZID=Europe/Copenhagen:20260328T093000\n") ==
        "03-27:420 03-28:510 03-29:150");
  CHECK(BusyOf(start + "DURATION:P1D\n") == "03-27:420 03-28:540 03-29:120");
}

TEST_CASE("busy: a DURATION stands for DTEND") {
  const auto [duration, told] = GENERATE(table<std::string, std::string>({
      {"PT1H", "05-04:60"},
      {"PT1H30M", "05-04:90"},
      {"pt90m", "05-04:90"},
      {"+PT3600S", "05-04:60"},
      {"P1DT1H", "05-04:480 05-05:120"},
      {"P1W", "05-04:480 05-05:540 05-06:540 05-07:540 05-08:540 05-09:540 05-10:540 05-11:60"},
      {"PT0S", ""},
  }));
  CAPTURE(duration);
  CHECK(BusyOf(std::string(kSummer) + "090000\nDURATION:" + duration + "\n") == told);
}

TEST_CASE("busy: a DURATION of whole days") {
  CHECK(BusyOf(std::string(kAllDay) + "DURATION:P2D\n") == "05-04:540 05-05:540");
  CHECK(BusyOf(std::string(kAllDay) + "DURATION:PT24H\n") == "05-04:540");
}

TEST_CASE("busy: without an end, a time lasts no time and a date one day") {
  CHECK(BusyOf(std::string(kSummer) + "090000\n").empty());
  CHECK(BusyOf(kAllDay) == "05-04:540");
}

TEST_CASE("busy: what overlaps counts once, in one object and across objects") {
  const std::string other = "BEGIN:VEVENT\nUID:other\n" + Between("0930", "1030") + "END:VEVENT\n";
  CHECK(BusyIn(Event(Between("0900", "1000")) + other) == "05-04:90");
  BusyDays days(kYear2026, Key());
  REQUIRE(days.Add(Calendar(Event(Between("0900", "1000")))).ok());
  REQUIRE(days.Add(Calendar(other)).ok());
  REQUIRE(days.Add(Calendar(other)).ok());
  CHECK(Told(days) == "05-04:90");
}

TEST_CASE("busy: a series takes each of its instances, without EXDATE and with RDATE") {
  CHECK(BusyOf(Between("0900", "1000") +
               "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Copenhagen:20260511T090000\n"
               "RDATE;TZID=Europe/Copenhagen:20260601T150000\n") ==
        "05-04:60 05-18:60 05-25:60 06-01:60");
  CHECK(BusyOf(std::string(kAllDay) + "RRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260505\n") ==
        "05-04:540 05-06:540");
}

TEST_CASE("busy: an RDATE that is a period lasts as long as that") {
  const std::string rest = GENERATE(as<std::string>(), "PT2H", "20260601T150000");
  CHECK(BusyOf(Between("0900", "1000") +
               "RDATE;VALUE=PERIOD;TZID=Europe/Copenhagen:" + "20260601T130000/" + rest +
               ",20260602T130000/PT15M\n") == "05-04:60 06-01:120 06-02:15");
  CHECK(
      BusyOf(Between("0900", "1000") + "RDATE;VALUE=PERIOD:20260601T080000Z/20260602T080000Z\n") ==
      "05-04:60 06-01:420 06-02:120");
  // Before the window, and into it.
  const Window week = {absl::CivilDay(2026, 5, 25), absl::CivilDay(2026, 5, 26)};
  CHECK(BusyIn(Event(Between("0900", "1000") + "RDATE;VALUE=PERIOD:20260511T080000Z/P2W\n"),
               week) == "05-25:120");
}

TEST_CASE("busy: a period that cannot be read is as long as the event, and told as bad") {
  const std::string rest = GENERATE(as<std::string>(), "soon", "20260602", "-PT1H", "");
  CHECK(BusyOf(Between("0900", "1000") + "RDATE;VALUE=PERIOD:20260601T080000Z/" + rest + "\n") ==
        "05-04:60 06-01:60;bad_date");
  CHECK(BusyOf(Between("0900", "1000") +
               "RDATE;VALUE=PERIOD:20260601T080000Z/20260601T070000Z\n") == ";bad_end");
}

TEST_CASE("busy: a moved instance takes its new time and frees the old one") {
  const std::string series = Event(Between("0900", "1000") + "RRULE:FREQ=WEEKLY;COUNT=2\n");
  const std::string name = "RECURRENCE-ID;TZID=Europe/Copenhagen:20260511T090000\n";
  CHECK(BusyIn(series + Event(name + "DTSTART;TZID=Europe/Copenhagen:20260512T090000\n"
                                     "DURATION:PT3H\n")) == "05-04:60 05-12:180");
  CHECK(BusyIn(series + Event(name + "DTSTART;TZID=Europe/Copenhagen:20260511T090000\n"
                                     "DURATION:PT1H\nSTATUS:CANCELLED\n")) == "05-04:60");
  // It says of itself whether it takes time.
  CHECK(BusyIn(series + Event(name + "DTSTART;TZID=Europe/Copenhagen:20260511T090000\n"
                                     "DURATION:PT1H\nTRANSP:TRANSPARENT\n")) == "05-04:60");
}

TEST_CASE("busy: this and future moves the time of day, too") {
  const std::string series = Event(Between("0900", "1000") + "RRULE:FREQ=WEEKLY;COUNT=3\n");
  const std::string later = Event(
      "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Copenhagen:20260511T090000\n"
      "DTSTART:20260512T140000Z\nDTEND:20260512T160000Z\n");
  // From 16:00 to 18:00.
  CHECK(BusyIn(series + later) == "05-04:60 05-12:60 05-19:60");
}

TEST_CASE("busy: what began before the window and lasts into it is told, outside nothing is") {
  const Window week = {absl::CivilDay(2026, 5, 4), absl::CivilDay(2026, 5, 6)};
  CHECK(BusyIn(Event("DTSTART;VALUE=DATE:20220101\nDTEND;VALUE=DATE:20300101\n"), week) ==
        "05-04:540 05-05:540 05-06:540");
  CHECK(BusyIn(Event("DTSTART;VALUE=DATE:20250503\nDTEND;VALUE=DATE:20250505\n"
                     "RRULE:FREQ=YEARLY\n"),
               week) == "05-04:540");
  CHECK(BusyIn(Event("DTSTART;VALUE=DATE:20260506\nDURATION:P1W\n"), week) == "05-06:540");
}

TEST_CASE("busy: a repeated event of over a year is told as bad, and never as free") {
  CHECK(BusyOf("DTSTART;VALUE=DATE:20200101\nDURATION:P400D\nRRULE:FREQ=YEARLY\n") == ";too_long");
}

TEST_CASE("busy: an end that cannot be read makes its object bad and no other") {
  const std::string end = GENERATE("DTEND:soon", "DURATION:-PT1H", "DURATION:PT", "DURATION:P1H",
                                   "DURATION:PT1D", "DURATION:P9999999999D", "DURATION:1H",
                                   "DTEND:20260504T060000Z", "DTEND", "DURATION:P999999999D");
  CAPTURE(end);
  const std::string good = "BEGIN:VEVENT\nUID:good\nDTSTART:20260505\nEND:VEVENT\n";
  const std::string told = BusyIn(Event(std::string(kSummer) + "090000\n" + end + "\n") + good);
  CHECK(told == (end == "DTEND" ? "05-05:540;bad_line" : "05-05:540;bad_end"));
}

TEST_CASE("busy: a rule that cannot be read counts its start and is told as bad") {
  CHECK(BusyOf(Between("0900", "1000") + "RRULE:FREQ=HOURLY\n") == "05-04:60;sub_daily_rule");
  CHECK(BusyOf(Between("0900", "1000") + "RRULE:FREQ=NEVER\n") == "05-04:60;bad_rule");
}

TEST_CASE("busy: an hour that a rule gives all day is told to the last day") {
  const std::string told = BusyOf(
      "DTSTART;TZID=Europe/Copenhagen:20260101T000000\nDURATION:PT30M\n"
      "RRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19\n");
  CHECK(told.ends_with(" 12-31:270"));
}

TEST_CASE("busy: what is no calendar is an error, and so is what there is no time for") {
  BusyDays days(kYear2026, Key());
  CHECK_FALSE(days.Add("<html>").ok());
  CHECK_FALSE(days.Add(Calendar(Event(kAllDay)), std::chrono::seconds(0)).ok());
  CHECK(days.Days().empty());
}

TEST_CASE("busy: nothing but dates, rules and whether time is taken is let through") {
  const std::string text =
      Calendar(Event(Between("0900", "1000") +
                     "SUMMARY:ZQ\nLOCATION:ZQ\nTRANSP;X-WHY=ZQ:ZQ\nDTEND;X-ROOM=ZQ:20260504\n"
                     "ATTENDEE;CN=ZQ:mailto:zq@zq.example\nORGANIZER:mailto:zq@zq.example\n"
                     "CATEGORIES:Brobygger:ZQ,ZQ\nCLASS:ZQ\nSTATUS;X-WHY=ZQ:CONFIRMED\n"));
  const auto filtered = Prefilter(text, Purpose::kBusy);
  REQUIRE(filtered.ok());
  CHECK(filtered->events.at(0).text ==
        "BEGIN:VEVENT\r\nDTSTART;TZID=0:20260504T090000\r\nDTEND;TZID=0:20260504T100000\r\n"
        "END:VEVENT\r\n");
}

TEST_CASE("busy: the record has what the schema tells, and no word of the calendar") {
  BusyDays days(kYear2026, Key());
  const auto bad =
      days.Add(Calendar(Event("SUMMARY:ZQ\nATTENDEE;CN=ZQ:mailto:zq@zq.example\nLOCATION:ZQ\n" +
                              Between("0900", "1000")) +
                        "BEGIN:VEVENT\nUID:ZQ-uid\nSUMMARY:ZQ\nDTSTART:ZQ\nEND:VEVENT\n"));
  REQUIRE(bad.ok());
  REQUIRE(bad->size() == 1);
  CHECK(bad->at(0).uid_digest == Key().Of("href", "ZQ-uid"));
  CHECK(bad->at(0).why == "bad_start");
  REQUIRE(days.Days().size() == 1);
  const auto record = ToRecord(days.Days()[0], "moder");
  CHECK(record.external_id() == "moder/2026-05-04");
  CHECK(record.fields().at("calendar").text() == "moder");
  CHECK(record.fields().at("date").date() == "2026-05-04");
  CHECK(record.fields().at("minutes").number() == 60);
  const auto schema = BusySchema();
  CHECK(record.fields().size() == static_cast<std::size_t>(schema.fields_size()));
  for (const auto& field : schema.fields()) CHECK(record.fields().count(field.name()) == 1);
}

TEST_CASE("busy: the window is today in Copenhagen and 90 days ahead") {
  const auto window =
      BusyWindowAt(absl::FromCivil(absl::CivilSecond(2026, 6, 30, 23, 30, 0), absl::UTCTimeZone()));
  REQUIRE(window.ok());
  CHECK(window->first == absl::CivilDay(2026, 7, 1));
  CHECK(window->last == absl::CivilDay(2026, 7, 1) + 90);
}

}  // namespace
}  // namespace brobygger::calendars
