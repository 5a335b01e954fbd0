#include "plugins/calendars/common/prefilter.h"

#include <catch2/catch.hpp>

#include "brobygger/sdk/error.h"

#include "plugins/calendars/common/content_line.h"
#include "plugins/calendars/common/date_text.h"
#include "tests/plugins/calendars/common/calendar_text.h"

namespace brobygger::calendars {
namespace {

constexpr char kPlain[] = "DTSTART:20260504T120000Z\n";

// The code of the error that `text` gives as a whole, or "" if it gives none.
std::string WholeError(const std::string& text) {
  const auto filtered = Prefilter(text);
  return filtered.ok() ? "" : sdk::DiagnosticOf(filtered.status()).code();
}

std::string Repeat(const std::string& text, int times) {
  std::string all;
  for (int time = 0; time < times; ++time) all += text;
  return all;
}

std::string WithLineEnds(std::string text, const std::string& end) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += end.size()) {
    text.replace(at, 1, end);
  }
  return text;
}

std::string WhyBad(const std::string& components) {
  const Reading reading = Read(Calendar(components));
  return reading.bad.size() == 1 ? reading.bad[0].why : "not one bad object";
}

TEST_CASE("rule 13: a mark, blanks before BEGIN and any line end are read") {
  const std::string text = Calendar(Event(kPlain));
  const std::string end = GENERATE("\r\n", "\n", "\r");
  const std::string before = GENERATE("", "\xEF\xBB\xBF", "  \r\n\t ", "\xEF\xBB\xBF \n");
  const Reading reading = Read(before + WithLineEnds(text, end));
  REQUIRE(reading.objects.size() == 1);
  CHECK(Days(reading.objects[0]) == "2026-05-04");
}

TEST_CASE("rule 13: lines are unfolded before anything is decided by their names") {
  CHECK(DaysOf("DTST\r\n ART:2026\r\n\t0504T\n 120000Z\n") == "2026-05-04");
  CHECK(ReadOne(Event(std::string(kPlain) + "CLA\n SS:PRI\n VATE\n")).opted_out);
}

TEST_CASE("rule 13: a folded text that looks like a property is none") {
  CHECK_FALSE(ReadOne(Event(std::string(kPlain) + "DESCRIPTION:a\n CLASS:PRIVATE\n")).opted_out);
}

TEST_CASE("rule 13: a line that matters and is too long makes its event bad, others do not") {
  const std::string long_text(9000, 'x');
  CHECK(WhyBad(Event(kPlain + ("STATUS:" + long_text + "\n"))) == "line_too_long");
  CHECK(DaysOf(kPlain + ("DESCRIPTION:" + long_text + "\n")) == "2026-05-04");
  const std::string dates = "EXDATE:20260101T000000Z" + Repeat(",20260101T000000Z", 600) + "\n";
  CHECK(DaysOf(kPlain + dates) == "2026-05-04");
  CHECK(WhyBad(Event(kPlain + ("EXDATE:" + Repeat("20260101,", 8000) + "\n"))) == "line_too_long");
}

TEST_CASE("rule 13: components nested too deep or too many events refuse the text") {
  CHECK(WholeError(Calendar(Repeat("BEGIN:X\n", 100'000))) == "calendars.too_deep");
  const std::string event = "BEGIN:VEVENT\nEND:VEVENT\n";
  CHECK(WholeError(Calendar(Repeat(event, 20'001))) == "calendars.too_many_events");
  CHECK(WholeError(Calendar(Repeat(event, 20'000))).empty());
}

TEST_CASE("a web page, another text and half a calendar are told apart") {
  CHECK(WholeError("<!DOCTYPE html><html>Login</html>") == "calendars.html");
  CHECK(WholeError("") == "calendars.not_a_calendar");
  CHECK(WholeError("Navn;Formaal\n") == "calendars.not_a_calendar");
  const std::string text = Calendar(Event(kPlain));
  CHECK(WholeError(text.substr(0, text.size() - 5)) == "calendars.cut_off");
  CHECK(WholeError(text.substr(0, text.find("END:VEVENT"))) == "calendars.cut_off");
}

TEST_CASE("rule 13: an event without its end is bad and those after it are read") {
  const Reading reading = Read(Calendar("BEGIN:VEVENT\nUID:x\nDTSTART:20260504\n" +
                                        Event("DTSTART:20260505\n") + "BEGIN:VEVENT\nUID:y\n"));
  REQUIRE(reading.objects.size() == 1);
  CHECK(Days(reading.objects[0]) == "2026-05-05");
  REQUIRE(reading.bad.size() == 2);
  CHECK(reading.bad[0].why == "not_closed");
  CHECK(reading.bad[0].uid_digest == Key().Of("href", "x"));
}

TEST_CASE("rule 13: an alarm's or a task's lines are not the event's") {
  CHECK(
      DaysOf(std::string(kPlain) +
             "BEGIN:VALARM\nUID:other\nCLASS:PRIVATE\nATTENDEE:mailto:a@b.example\nEND:VALARM\n") ==
      "2026-05-04");
  CHECK(Read(Calendar("BEGIN:VTODO\nUID:t\nDTSTART:20260504\nEND:VTODO\n")).objects.empty());
}

TEST_CASE("rule 21: dates are read up to the rubbish after them") {
  CHECK(ParseDateText("20131009T170000T")->text == "20131009T170000");
  CHECK(ParseDateText("20131009T170000T")->odd);
  CHECK(ParseDateText("20260504T120000Zfoo")->text == "20260504T120000Z");
  CHECK(ParseDateText("20260504T1200")->text == "20260504");
  CHECK_FALSE(ParseDateText(" 20260504T120000Z ")->odd);
  CHECK_FALSE(ParseDateText("20260229"));
  CHECK_FALSE(ParseDateText("2026-05-04"));
  const MeetingObject object = ReadOne(Event("DTSTART:20260504T120000T\n"));
  CHECK(Days(object) == "2026-05-04");
  CHECK(object.remarks == std::vector<std::string>{"bad_date"});
  CHECK(DaysOf("DTSTART:20260504\nRRULE:FREQ=DAILY;UNTIL=20260506rubbish\n") ==
        "2026-05-04 2026-05-05 2026-05-06");
}

TEST_CASE("rule 21: a date without VALUE=DATE and a time with it are what they look like") {
  CHECK(ReadOne(Event("DTSTART:20260504\n")).parts[0].meetings[0].date ==
        absl::CivilDay(2026, 5, 4));
  CHECK(DaysOf("DTSTART;VALUE=DATE:20260504T223000Z\n") == "2026-05-05");
}

TEST_CASE("parameters may hold quoted colons, and a quote that is never closed is no quote") {
  const auto line = ParseContentLine("ATTENDEE;CN=\"a:b;c\";PARTSTAT=DECLINED:mailto:x@y.example");
  REQUIRE(line);
  CHECK(line->value == "mailto:x@y.example");
  CHECK(line->Get("PARTSTAT") == "DECLINED");
  const auto broken = ParseContentLine("ATTENDEE;CN=\"a;PARTSTAT=DECLINED:mailto:x@y.example");
  REQUIRE(broken);
  CHECK(broken->value == "mailto:x@y.example");
  CHECK(broken->Get("PARTSTAT") == "DECLINED");
}

}  // namespace
}  // namespace brobygger::calendars
