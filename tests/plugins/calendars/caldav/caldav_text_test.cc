#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <absl/time/clock.h>
#include <catch2/catch.hpp>

#include "brobygger/sdk/utf8.h"

#include "plugins/calendars/caldav/content_lines.h"
#include "plugins/calendars/caldav/event_text.h"

namespace brobygger::caldav {
namespace {

constexpr char kUid[] = "e-7@brobygger";

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  REQUIRE(absl::ParseTime(absl::RFC3339_full, text, &time, &error));
  return time;
}

Event NetworkDay() {
  Event event;
  event.title = "Netværksdag; med kaffe, og \\ kage";
  event.description = "Første linje\nAnden linje";
  event.place = "Medborgerhuset, sal 2";
  event.url = "https://fjordby.example/dag?id=7;a,b";
  event.start = At("2026-05-04T12:00:00Z");
  event.end = At("2026-05-04T14:00:00Z");
  event.sequence = 3;
  return event;
}

std::string TextOf(const Event& event) {
  return NewEventText(event, kUid, At("2026-01-02T03:04:05Z"));
}

std::string Crlf(const std::string& text) { return absl::StrReplaceAll(text, {{"\n", "\r\n"}}); }

void CheckSame(const Event& a, const Event& b) {
  CHECK(a.title == b.title);
  CHECK(a.description == b.description);
  CHECK(a.place == b.place);
  CHECK(a.url == b.url);
  CHECK(a.start == b.start);
  CHECK(a.end == b.end);
  CHECK(a.sequence == b.sequence);
  CHECK(a.cancelled == b.cancelled);
}

// As a person's program keeps it after an alarm, a category and notes were added.
const std::string& WithPersonalTouch() {
  static const std::string kText = Crlf(R"(BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Somebody//Else//EN
X-WR-CALNAME:Arrangementer
BEGIN:VTIMEZONE
TZID:Europe/Copenhagen
BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:e-7@brobygger
DTSTAMP:20260101T000000Z
SUMMARY;LANGUAGE=da:Netværksdag
DTSTART;TZID="Europe/Copenhagen":20260504T140000
DURATION:PT2H
CATEGORIES:Vigtigt,Hus
X-FARVE:blå
ATTACH:https://fjordby.example/plan.pdf
SEQUENCE:5
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
DESCRIPTION:Husk kaffe
SUMMARY:Alarmens egen
END:VALARM
END:VEVENT
BEGIN:X-OTHER
X-LINE:beholdes
END:X-OTHER
END:VCALENDAR
)");
  return kText;
}

std::vector<std::string> LinesWithout(const std::string& text,
                                      const std::vector<std::string>& names) {
  std::vector<std::string> lines;
  for (const ContentLine& line : Unfold(text)) {
    if (std::find(names.begin(), names.end(), line.name()) == names.end())
      lines.push_back(line.text);
  }
  return lines;
}

TEST_CASE("33: a new event holds what the hub says and nobody is invited", "[caldav]") {
  const Event event = NetworkDay();
  const std::string text = TextOf(event);
  const auto stored = ReadEventText(text);
  REQUIRE(stored);
  CHECK(stored->uid == kUid);
  CHECK_FALSE(stored->invites);
  CheckSame(stored->event, event);
  CHECK_FALSE(absl::StrContains(text, "ATTENDEE"));
  CHECK_FALSE(absl::StrContains(text, "ORGANIZER"));
  CHECK(absl::StrContains(text, "\r\nTRANSP:TRANSPARENT\r\n"));
  CHECK(absl::StrContains(text, "\r\nSTATUS:CONFIRMED\r\n"));
  CHECK(absl::StrContains(text, "\r\nDTSTART;TZID=Europe/Copenhagen:20260504T140000\r\n"));
  CHECK(absl::StrContains(text, "\r\nURL:https://fjordby.example/dag?id=7;a,b\r\n"));
  // The time zone stands before the event, once.
  const std::size_t zone = text.find("BEGIN:VTIMEZONE\r\nTZID:Europe/Copenhagen\r\n");
  CHECK(zone < text.find("BEGIN:VEVENT"));
  CHECK(text.find("BEGIN:VTIMEZONE", zone + 1) == std::string::npos);
}

TEST_CASE("33: days are VALUE=DATE, and the last one is included for the hub only", "[caldav]") {
  Event event = NetworkDay();
  event.start = absl::CivilDay(2026, 12, 30);
  event.end = absl::CivilDay(2026, 12, 31);
  const std::string text = TextOf(event);
  CHECK(absl::StrContains(text, "\r\nDTSTART;VALUE=DATE:20261230\r\n"));
  CHECK(absl::StrContains(text, "\r\nDTEND;VALUE=DATE:20270101\r\n"));
  CHECK_FALSE(absl::StrContains(text, "VTIMEZONE"));
  CheckSame(ReadEventText(text)->event, event);
}

TEST_CASE("33: the hour that the autumn repeats is written so that it is the same instant",
          "[caldav]") {
  Event event = NetworkDay();
  event.start = At("2026-10-25T00:30:00Z");  // 02:30 the first time
  event.end = At("2026-10-25T01:30:00Z");    // 02:30 the second
  const std::string text = TextOf(event);
  CHECK(absl::StrContains(text, "DTSTART;TZID=Europe/Copenhagen:20261025T023000"));
  CHECK(absl::StrContains(text, "DTEND:20261025T013000Z"));
  CheckSame(ReadEventText(text)->event, event);
}

TEST_CASE("33: an event without length has no DTEND, which must be later than its start",
          "[caldav]") {
  Event event = NetworkDay();
  event.end = event.start;
  const std::string text = TextOf(event);
  CHECK_FALSE(absl::StrContains(text, "DTEND"));
  CheckSame(ReadEventText(text)->event, event);
}

TEST_CASE("lines are folded at 75 octets and no character is split", "[caldav]") {
  Event event = NetworkDay();
  for (int length = 60; length < 90; ++length) {
    event.title = std::string(static_cast<std::size_t>(length), 'x');
    for (int sign = 0; sign < 60; ++sign) event.title += sign % 2 == 0 ? "å" : "🎵";
    const std::string text = TextOf(event);
    for (const auto& line : absl::StrSplit(text, "\r\n")) {
      CHECK(line.size() <= 75);
      CHECK(sdk::IsUtf8({line.data(), line.size()}));
    }
    CHECK(ReadEventText(text)->event.title == event.title);
  }
}

TEST_CASE("text is escaped and read back whatever is in it", "[caldav]") {
  for (const std::string text : {"", ";", "a,b;c\\d\ne", "\\n", "\\\\n\n\\", ",;\n\\,", "\t"}) {
    CHECK(UnescapeText(EscapeText(text)) == text);
    CHECK(EscapeText(text).find('\n') == std::string::npos);
  }
  CHECK(UnescapeText("a\\Nb\\,") == "a\nb,");
  CHECK(UnescapeText("the end\\") == "the end\\");
}

TEST_CASE("lines are unfolded whatever ends them", "[caldav]") {
  for (const std::string end : {"\r\n", "\n", "\r"}) {
    const std::string text =
        "\xEF\xBB\xBF"
        "SUMMARY:a" +
        end + " b" + end + "\tc" + end + end + "X:1";
    const auto lines = Unfold(text);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].text == "SUMMARY:abc");
    CHECK(lines[1].name() == "X");
  }
  const ContentLine line{R"(dtstart;X="a;b:c";TZID="Europe/Copenhagen":2026)"};
  CHECK(line.name() == "DTSTART");
  CHECK(line.value() == "2026");
  CHECK(line.parameter("TZID") == "Europe/Copenhagen");
  CHECK(line.parameter("X") == "a;b:c");
  CHECK(line.parameter("Y").empty());
}

TEST_CASE("34: an update puts back the hub's own properties and keeps what a person added",
          "[caldav]") {
  const auto before = ReadEventText(WithPersonalTouch());
  REQUIRE(before);
  CHECK(before->event.title == "Netværksdag");
  CHECK(before->event.start == EventTime(At("2026-05-04T12:00:00Z")));
  CHECK(before->event.end == EventTime(At("2026-05-04T14:00:00Z")));
  Event wanted = before->event;
  wanted.title = "Netværksdag for alle";
  wanted.start = At("2026-05-05T12:00:00Z");
  wanted.end = At("2026-05-05T15:00:00Z");
  wanted.sequence = 6;
  const std::string text =
      ChangedEventText(WithPersonalTouch(), wanted, At("2026-02-01T00:00:00Z"));
  const auto after = ReadEventText(text);
  REQUIRE(after);
  CheckSame(after->event, wanted);
  // All that is not ours is as it was, in its place; a DURATION beside a DTEND would be wrong.
  const std::vector<std::string> ours = {"SUMMARY", "DTSTART",  "DTEND",        "DURATION",
                                         "DTSTAMP", "SEQUENCE", "LAST-MODIFIED"};
  CHECK(LinesWithout(text, ours) == LinesWithout(WithPersonalTouch(), ours));
  CHECK_FALSE(absl::StrContains(text, "DURATION"));
  CHECK(absl::StrContains(text, "SUMMARY:Alarmens egen"));
  CHECK(absl::StrContains(text, "DESCRIPTION:Husk kaffe"));
  // There is a VTIMEZONE of that name already.
  CHECK(text.find("BEGIN:VTIMEZONE") == text.rfind("BEGIN:VTIMEZONE"));
}

TEST_CASE("34: an update that changes nothing leaves every byte", "[caldav]") {
  const auto stored = ReadEventText(WithPersonalTouch());
  Event same = stored->event;
  same.sequence = 2;  // a person's program has counted further
  CHECK(ChangedEventText(WithPersonalTouch(), same, absl::Now()) == WithPersonalTouch());
}

TEST_CASE("34: emptied fields go, a time that moves into local time brings its zone", "[caldav]") {
  Event event = NetworkDay();
  event.start = absl::CivilDay(2026, 5, 4);
  event.end = absl::CivilDay(2026, 5, 4);
  Event wanted = NetworkDay();
  wanted.description.clear();
  wanted.url.clear();
  wanted.cancelled = true;
  const std::string text = ChangedEventText(TextOf(event), wanted, absl::Now());
  CheckSame(ReadEventText(text)->event, wanted);
  CHECK_FALSE(absl::StrContains(text, "DESCRIPTION"));
  CHECK_FALSE(absl::StrContains(text, "URL"));
  CHECK(absl::StrContains(text, "STATUS:CANCELLED"));
  CHECK(absl::StrContains(text, "BEGIN:VTIMEZONE"));
}

TEST_CASE("34: times in a zone that nobody knows are left as they are", "[caldav]") {
  const std::string text =
      absl::StrReplaceAll(WithPersonalTouch(), {{"TZID=\"Europe/Copenhagen\"", "TZID=Hjemme"}});
  const auto stored = ReadEventText(text);
  REQUIRE(stored);
  CHECK_FALSE(stored->event.start);
  Event wanted = stored->event;
  wanted.title = "Nyt navn";
  const std::string changed = ChangedEventText(text, wanted, absl::Now());
  CHECK(absl::StrContains(changed, "DTSTART;TZID=Hjemme:20260504T140000"));
  CHECK(absl::StrContains(changed, "DURATION:PT2H"));
  CHECK(absl::StrContains(changed, "SUMMARY:Nyt navn"));
}

TEST_CASE("32: that somebody was invited is seen, also in a changed instance", "[caldav]") {
  for (const char* const line :
       {"ATTENDEE:mailto:a@fjordby.example", "ORGANIZER:mailto:a@fjordby.example"}) {
    const std::string text = absl::StrReplaceAll(WithPersonalTouch(), {{"X-FARVE:blå", line}});
    CHECK(ReadEventText(text)->invites);
    const std::string instance =
        absl::StrCat("BEGIN:VEVENT\r\nUID:e-7@brobygger\r\nRECURRENCE-ID:20260504T120000Z\r\n",
                     line, "\r\nSUMMARY:Instans\r\nEND:VEVENT\r\nBEGIN:X-OTHER");
    const std::string series =
        absl::StrReplaceAll(WithPersonalTouch(), {{"BEGIN:X-OTHER", instance}});
    CHECK(ReadEventText(series)->invites);
    CHECK(ReadEventText(series)->event.title == "Netværksdag");
  }
}

TEST_CASE("text that is no event is not taken for one", "[caldav]") {
  for (const std::string text :
       {"", "BEGIN:VCALENDAR", "<html>", "BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR", "END:VEVENT\r\nEND:VCALENDAR"}) {
    CHECK_FALSE(ReadEventText(text));
    CHECK(ChangedEventText(text, NetworkDay(), absl::Now()) == text);
  }
}

}  // namespace
}  // namespace brobygger::caldav
