#include "core/web/calendar_text.h"

#include <random>

#include <absl/strings/str_join.h>
#include <catch2/catch.hpp>

#include "tests/core/web/calendar_reader.h"

namespace brobygger::web {
namespace {

using event::v1::Event;

constexpr std::int64_t kMay4 = 1'777'888'800;  // 2026-05-04 10:00 UTC

Event NetworkDay() {
  Event event;
  event.set_id("0b6f7f0e-4f6b-4d7c-9a55-2f1f5d1c7a01");
  event.set_kind(event::v1::EVENT_KIND_NETWORK_DAY);
  event.set_title("Netværksdag i Fjordby");
  event.mutable_start_time()->set_seconds(kMay4);
  event.mutable_end_time()->set_seconds(kMay4 + 2 * 3600);
  event.mutable_update_time()->set_seconds(kMay4 - 86'400);
  return event;
}

Event Festival() {
  Event event = NetworkDay();
  event.set_kind(event::v1::EVENT_KIND_FESTIVAL);
  event.clear_start_time();
  event.clear_end_time();
  event.set_start_date("2026-02-27");
  event.set_end_date("2026-02-28");
  return event;
}

std::string TextOf(const Event& event) {
  return CalendarText({.title = "Kultur og Fritid", .events = {event}});
}

std::string ValueOf(const Event& event, const std::string& name) {
  const auto values = Values(TextOf(event), name);
  return values.empty() ? "(none)" : absl::StrJoin(values, "|");
}

TEST_CASE("an event is written as RFC 5545 has it") {
  Event event = NetworkDay();
  event.set_description("Mad, musik; og \\ snak.\nAlle er velkomne.");
  event.set_place("Medborgerhuset, Havnegade 2");
  event.set_url("https://fjordby.example/netvaerk?dag=1,2;3");
  event.set_sequence(3);
  const std::vector<std::string> expected = {
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "PRODID:-//Brobygger//Brobygger//DA",
      "METHOD:PUBLISH",
      "NAME:Kultur\\, Fritid",
      "X-WR-CALNAME:Kultur, Fritid",
      "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
      "X-PUBLISHED-TTL:PT6H",
      "BEGIN:VEVENT",
      "UID:0b6f7f0e-4f6b-4d7c-9a55-2f1f5d1c7a01@brobygger",
      "DTSTAMP:20260503T100000Z",
      "SEQUENCE:3",
      "DTSTART:20260504T100000Z",
      "DTEND:20260504T120000Z",
      "SUMMARY:Netværksdag i Fjordby",
      "DESCRIPTION:Mad\\, musik\\; og \\\\ snak.\\nAlle er velkomne.",
      "LOCATION:Medborgerhuset\\, Havnegade 2",
      "URL:https://fjordby.example/netvaerk?dag=1,2;3",
      "CATEGORIES:netværksdag",
      "STATUS:CONFIRMED",
      "END:VEVENT",
      "END:VCALENDAR",
  };
  const std::string text = CalendarText({.title = "Kultur, Fritid", .events = {event}});
  CHECK(ContentLines(text) == expected);
  CHECK(text.ends_with("\r\n"));
}

TEST_CASE("whole days end on the day after the last one and leave the time free") {
  const auto lines = ContentLines(TextOf(Festival()));
  const auto has = [&](const std::string& line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  };
  CHECK(has("DTSTART;VALUE=DATE:20260227"));
  CHECK(has("DTEND;VALUE=DATE:20260301"));
  CHECK(has("TRANSP:TRANSPARENT"));
  CHECK(ValueOf(NetworkDay(), "TRANSP") == "(none)");
}

TEST_CASE("a last day that is missing or before the first is the first") {
  Event event = Festival();
  for (const char* end : {"", "2026-02-26", "2026-02-30", "soon"}) {
    CAPTURE(end);
    event.set_end_date(end);
    CHECK(TextOf(event).find("DTEND;VALUE=DATE:20260228\r\n") != std::string::npos);
  }
}

TEST_CASE("an end that is not later than the beginning is left out") {
  Event event = NetworkDay();
  event.mutable_end_time()->set_seconds(kMay4);
  CHECK(ValueOf(event, "DTSTART") == "20260504T100000Z");
  CHECK(ValueOf(event, "DTEND") == "(none)");
}

TEST_CASE("a cancelled event stays and says so") {
  Event event = NetworkDay();
  event.mutable_cancel_time()->set_seconds(kMay4);
  CHECK(ValueOf(event, "STATUS") == "CANCELLED");
}

TEST_CASE("an event without a day or an id is left out and the others stay") {
  Event no_day = NetworkDay();
  no_day.clear_start_time();
  Event no_such_day = Festival();
  no_such_day.set_start_date("2026-02-29");
  Event no_id = NetworkDay();
  no_id.clear_id();
  const std::string text =
      CalendarText({.title = "", .events = {no_day, no_such_day, no_id, NetworkDay()}});
  CHECK(Values(text, "BEGIN") == std::vector<std::string>{"VCALENDAR", "VEVENT"});
}

TEST_CASE("what is not told has no line") {
  for (const char* name : {"DESCRIPTION", "LOCATION", "URL", "ORGANIZER", "ATTENDEE"}) {
    CAPTURE(name);
    CHECK(ValueOf(NetworkDay(), name) == "(none)");
  }
  Event event = NetworkDay();
  event.set_kind(event::v1::EVENT_KIND_UNSPECIFIED);
  CHECK(ValueOf(event, "CATEGORIES") == "(none)");
}

TEST_CASE("every kind of event has a Danish category") {
  Event event = NetworkDay();
  for (int kind = 1; kind < event::v1::EventKind_ARRAYSIZE; ++kind) {
    CAPTURE(kind);
    event.set_kind(static_cast<event::v1::EventKind>(kind));
    CHECK(ValueOf(event, "CATEGORIES") != "(none)");
  }
}

TEST_CASE("the same events give the same text") {
  CHECK(TextOf(NetworkDay()) == TextOf(NetworkDay()));
}

TEST_CASE("no value can begin a line of its own") {
  const std::string attack =
      "x\r\nATTENDEE:mailto:a@b.example\nORGANIZER:mailto:c@d.example\rEND:VEVENT";
  Event event = NetworkDay();
  event.set_id(attack);
  event.set_title(attack);
  event.set_description(attack);
  event.set_place(attack);
  event.set_url("https://fjordby.example/" + attack);
  const std::string text = CalendarText({.title = attack, .events = {event}});
  for (const std::string& line : ContentLines(text)) {
    CAPTURE(line);
    CHECK_FALSE(line.starts_with("ATTENDEE"));
    CHECK_FALSE(line.starts_with("ORGANIZER"));
    CHECK(line.find_first_of("\r\n") == std::string::npos);
  }
  CHECK(Values(text, "END") == std::vector<std::string>{"VEVENT", "VCALENDAR"});
}

TEST_CASE("an address that is not of the web is left out") {
  Event event = NetworkDay();
  for (const char* url : {"javascript:alert(1)", "file:///etc/passwd", "https://x.example/a b",
                          "https://x.example/\xc3\xa6"}) {
    CAPTURE(url);
    event.set_url(url);
    CHECK(ValueOf(event, "URL") == "(none)");
  }
}

// Texts with what is hard: separators, line ends, control characters, and characters of
// one to four octets.
std::string HardText(std::mt19937& random) {
  static const std::vector<std::string> kParts = {
      "a",    "B", "7", " ", ",", ";",  ":", "\\", "\"", "\n",         "\r\n", "\t",    "\x01",
      "\x7f", "å", "Ø", "é", "ţ", "あ", "ሰ", "😀",  "𐍈",  "word word ", "\\n",  "BEGIN:"};
  std::string text;
  const std::size_t length = random() % 300;
  for (std::size_t i = 0; i < length; ++i) text += kParts[random() % kParts.size()];
  return text;
}

std::string Expected(const std::string& text) {
  std::string expected;
  for (const char c : text) {
    if (c != '\r' && c != '\x01' && c != '\x7f') expected += c;
  }
  return expected;
}

TEST_CASE("every text comes back whole from lines of at most 75 octets") {
  const auto seed = Catch::rngSeed() + std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 500; ++round) {
    Event event = NetworkDay();
    event.set_title(HardText(random) + "x");
    event.set_description(HardText(random) + "x");
    event.set_place(HardText(random) + "x");
    const std::string title = HardText(random) + "x";
    const std::string text = CalendarText({.title = title, .events = {event}});
    for (const std::string& line : PhysicalLines(text)) {
      REQUIRE(line.size() <= 75);
      REQUIRE(line.find_first_of("\r\n") == std::string::npos);
      REQUIRE(HoldsWholeCharacters(line));
    }
    REQUIRE(Unescaped(Values(text, "SUMMARY").at(0)) == Expected(event.title()));
    REQUIRE(Unescaped(Values(text, "DESCRIPTION").at(0)) == Expected(event.description()));
    REQUIRE(Unescaped(Values(text, "LOCATION").at(0)) == Expected(event.place()));
    REQUIRE(Unescaped(Values(text, "NAME").at(0)) == Expected(title));
    REQUIRE(Unescaped(Values(text, "X-WR-CALNAME").at(0)) == Expected(title));
  }
}

TEST_CASE("a text that fills its line to the last octet ends it there") {
  for (int length = 40; length < 240; ++length) {
    Event event = NetworkDay();
    event.set_title(std::string(static_cast<std::size_t>(length), 'x'));
    const std::string text = CalendarText({.title = "Fjordby", .events = {event}});
    CAPTURE(length);
    for (const std::string& line : PhysicalLines(text)) {
      REQUIRE(line.size() <= 75);
      REQUIRE(line.find_first_of("\r\n") == std::string::npos);
    }
    REQUIRE(ValueOf(event, "SUMMARY") == event.title());
  }
}

}  // namespace
}  // namespace brobygger::web
