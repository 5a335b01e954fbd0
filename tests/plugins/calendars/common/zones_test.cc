#include <string>

#include <catch2/catch.hpp>
#include <unicode/strenum.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include "plugins/calendars/common/windows_zones.h"
#include "tests/plugins/calendars/common/calendar_text.h"

namespace brobygger::calendars {
namespace {

using Remarks = std::vector<std::string>;

// A zone of a file's own, nine hours east of UTC in summer and eight in winter, since 1601 as
// Outlook writes it.
std::string FileZone(const std::string& name, const std::string& summer_rule) {
  return "BEGIN:VTIMEZONE\nTZID:" + name +
         "\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0900\nTZOFFSETTO:+0800\n"
         "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n"
         "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0800\nTZOFFSETTO:+0900\n" +
         summer_rule + "END:DAYLIGHT\nEND:VTIMEZONE\n";
}

constexpr char kSummerRule[] = "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\n";

// The instant that a series' first meeting is known by.
void CheckInstant(const MeetingObject& object, const std::string& instant) {
  REQUIRE(object.parts.size() == 1);
  REQUIRE(!object.parts[0].meetings.empty());
  CHECK(object.parts[0].meetings[0].key == KeyOf(instant));
}

// A series of one that starts at `start`, so that its key tells the instant.
std::string Start(const std::string& start) {
  return Event("DTSTART" + start + "\nRRULE:FREQ=DAILY;COUNT=1\n");
}

TEST_CASE("rule 18: a zone is known by its IANA name, also behind a path of some program's") {
  CheckInstant(ReadOne(Start(";TZID=America/New_York:20260504T140000")), "20260504T180000Z");
  CheckInstant(ReadOne(Start(";TZID=\"Asia/Kolkata\":20260504T140000")), "20260504T083000Z");
  CheckInstant(
      ReadOne(Start(";TZID=/freeassociation.sourceforge.net/Europe/London:20260504T140000")),
      "20260504T130000Z");
}

TEST_CASE("rule 18: a zone is known by the name that Windows gives it, without a VTIMEZONE") {
  CheckInstant(ReadOne(Start(";TZID=Romance Standard Time:20260504T140000")), "20260504T120000Z");
  CheckInstant(ReadOne(Start(";TZID=\"GMT Standard Time\":20260504T140000")), "20260504T130000Z");
}

TEST_CASE("rule 18: the names of Windows are those that ICU knows for Denmark") {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::StringEnumeration> ids(icu::TimeZone::createEnumeration(error));
  int known = 0;
  while (const icu::UnicodeString* id = ids->snext(error)) {
    icu::UnicodeString windows;
    icu::UnicodeString iana;
    icu::TimeZone::getWindowsID(*id, windows, error);
    if (windows.isEmpty()) continue;
    icu::TimeZone::getIDForWindowsID(windows, "DK", iana, error);
    std::string windows_name;
    std::string iana_name;
    windows.toUTF8String(windows_name);
    iana.toUTF8String(iana_name);
    CHECK(IanaNameOf(windows_name) == iana_name);
    ++known;
  }
  CHECK(known > 300);
  CHECK(IanaNameOf("Romance Standard Time") == "Europe/Copenhagen");
  CHECK(IanaNameOf("Romance").empty());
}

TEST_CASE("rule 18: a zone that the system does not know is read from the file") {
  const std::string zone = FileZone("Kundens egen", kSummerRule);
  const std::string first = GENERATE("", "x");
  const std::string in_summer = Start(";TZID=Kundens egen:20260504T140000");
  CheckInstant(ReadOne(first.empty() ? zone + in_summer : in_summer + zone), "20260504T050000Z");
  CheckInstant(ReadOne(zone + Start(";TZID=Kundens egen:20260204T140000")), "20260204T060000Z");
}

TEST_CASE("rule 18: the system knows a zone better than the file") {
  CheckInstant(ReadOne(FileZone("Europe/Copenhagen", kSummerRule) +
                       Start(";TZID=Europe/Copenhagen:20260504T140000")),
               "20260504T120000Z");
}

TEST_CASE("rule 18: a zone that nobody knows is Copenhagen, and that is told") {
  const std::string name = GENERATE("Nowhere", "../../etc/passwd", "/etc/localtime", "localtime",
                                    "right/Europe/Oslo", "Europe", "Europe/Nowhere");
  const MeetingObject object = ReadOne(Start(";TZID=" + name + ":20260504T140000"));
  CheckInstant(object, "20260504T120000Z");
  CHECK(object.remarks == Remarks{"unknown_zone"});
}

TEST_CASE("rule 18: a time without a zone is in Copenhagen, and nothing is wrong with it") {
  const MeetingObject object = ReadOne(Start(":20260504T140000"));
  CheckInstant(object, "20260504T120000Z");
  CHECK(object.remarks.empty());
}

TEST_CASE("rule 14: a file's zone with a rule that is not plain and yearly is not read") {
  const std::string rule =
      GENERATE("FREQ=DAILY", "FREQ=SECONDLY", "FREQ=YEARLY;BYHOUR=1,2", "FREQ=YEARLY;INTERVAL=2",
               "FREQ=YEARLY;BYWEEKNO=13", "FREQ=YEARLY;BYDAY=MO", "nonsense");
  const MeetingObject object =
      ReadOne(FileZone("Own", "RRULE:" + rule + "\n") + Start(";TZID=Own:20260504T140000"));
  CheckInstant(object, "20260504T120000Z");
  CHECK(object.remarks == Remarks{"unknown_zone"});
}

TEST_CASE("rule 14: a file's zone that gave up summer time keeps its last offset") {
  const std::string until = ";UNTIL=20101031T000000Z\n";
  const std::string zone =
      "BEGIN:VTIMEZONE\nTZID:Own\nBEGIN:DAYLIGHT\nDTSTART:19900325T020000\nTZOFFSETFROM:+0800\n"
      "TZOFFSETTO:+0900\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" +
      until +
      "END:DAYLIGHT\nBEGIN:STANDARD\nDTSTART:19891029T030000\nTZOFFSETFROM:+0900\nTZOFFSETTO:+"
      "0800\n"
      "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" +
      until + "END:STANDARD\nEND:VTIMEZONE\n";
  CheckInstant(ReadOne(zone + Start(";TZID=Own:20260704T140000")), "20260704T060000Z");
}

TEST_CASE("both nights of summer time have all their meetings") {
  // In spring 2026 there is no 02:30 on the 29th of March, in autumn two on the 25th of October.
  const std::string zone =
      GENERATE(";TZID=Europe/Copenhagen:", ":", ";TZID=W. Europe Standard Time:");
  const MeetingObject spring =
      ReadOne(Event("DTSTART" + zone + "20260328T023000\nRRULE:FREQ=DAILY;COUNT=3\n"));
  CHECK(Days(spring) == "2026-03-28 2026-03-29 2026-03-30");
  CHECK(spring.parts[0].meetings[1].key == KeyOf("20260329T013000Z"));
  const MeetingObject autumn =
      ReadOne(Event("DTSTART" + zone + "20261024T023000\nRRULE:FREQ=DAILY;COUNT=3\n"));
  CHECK(Days(autumn) == "2026-10-24 2026-10-25 2026-10-26");
  CHECK(autumn.parts[0].meetings[1].key == KeyOf("20261025T003000Z"));
}

TEST_CASE("a file's own zone has both nights of summer time too") {
  const std::string zone = FileZone("Own", kSummerRule);
  CheckInstant(ReadOne(zone + Start(";TZID=Own:20260329T023000")), "20260328T183000Z");
  CheckInstant(ReadOne(zone + Start(";TZID=Own:20260329T033000")), "20260328T183000Z");
  CheckInstant(ReadOne(zone + Start(";TZID=Own:20261025T023000")), "20261024T173000Z");
}

TEST_CASE("a meeting shortly after midnight is on its day in Copenhagen, in summer and winter") {
  CHECK(Days(ReadOne(Start(":20260504T220000Z"))) == "2026-05-05");
  CHECK(Days(ReadOne(Start(":20260104T230000Z"))) == "2026-01-05");
  CHECK(Days(ReadOne(Start(":20260104T225959Z"))) == "2026-01-04");
}

}  // namespace
}  // namespace brobygger::calendars
