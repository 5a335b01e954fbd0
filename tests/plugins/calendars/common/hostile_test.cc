#include <algorithm>
#include <ctime>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <malloc.h>

#include "plugins/calendars/common/busy.h"
#include "tests/plugins/calendars/common/calendar_text.h"

namespace brobygger::calendars {
namespace {

// A hostile object takes at most so many times the processor time of a calendar of 10,000 honest
// ones, which meetings.h promises to be read in a second. In seconds a slow machine would fail.
constexpr double kMostTimes = 3;
constexpr int kHonestObjects = 10'000;
// But others empty the caches: what takes too long once may take its time again, so often.
constexpr int kMostTries = 3;
constexpr long kMostGrowthKb = 64L << 10;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasures = false;
#else
constexpr bool kMeasures = true;
#endif

double ProcessorSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// A figure of this process in KiB, "VmRSS" or "VmHWM" (the most it ever was).
long MemoryKb(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stol(line.substr(name.size() + 1));
  }
  return 0;
}

// Lets VmHWM begin again from what is in use now.
void ForgetPeak() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

std::string Repeat(const std::string& text, int times) {
  std::string all;
  all.reserve(text.size() * static_cast<std::size_t>(times));
  for (int time = 0; time < times; ++time) all += text;
  return all;
}

template <typename Read>
double SecondsOf(Read read) {
  const double begun = ProcessorSeconds();
  read();
  return ProcessorSeconds() - begun;
}

// What the honest calendar takes here, at its best of three: one time after another, each with a
// rule.
double HonestSeconds() {
  static const double kSeconds = [] {
    std::string text;
    for (int at = 0; at < kHonestObjects; ++at) {
      text += "BEGIN:VEVENT\nUID:honest" + std::to_string(at) +
              "\nDTSTAMP:20260101T000000Z\nDTSTART;TZID=Europe/Copenhagen:20260504T140000\n"
              "DURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=10\n"
              "ATTENDEE;CN=A:mailto:a@b.example\nEND:VEVENT\n";
    }
    text = Calendar(text);
    double best = 1000;
    for (int tries = 0; tries < kMostTries; ++tries) {
      best = std::min(best, SecondsOf([&] {
                        const auto reading = ReadMeetings(text, kYear2026, Key());
                        REQUIRE(reading.ok());
                        REQUIRE(reading->objects.size() == kHonestObjects);
                      }));
    }
    return best;
  }();
  return kSeconds;
}

// Runs `read` within the bounds for one object.
template <typename Read>
void RunBounded(Read read) {
  const double most = kMeasures ? kMostTimes * HonestSeconds() : 0;
  double seconds = most;
  long growth = 0;
  for (int tries = 0; tries < kMostTries && seconds >= most; ++tries) {
    ForgetPeak();
    const long kb_before = MemoryKb("VmRSS");
    seconds = SecondsOf(read);
    growth = std::max(growth, MemoryKb("VmHWM") - kb_before);
    if (!kMeasures) break;
  }
  UNSCOPED_INFO(seconds << " s, " << growth << " KiB");
  if (kMeasures) CHECK(seconds < most);
  if (kMeasures) CHECK(growth < kMostGrowthKb);
}

// Reads it for both streams, and tells how many objects are bad and how many good, or the whole
// text's error.
std::string ReadBounded(const std::string& text) {
  RunBounded([&] {
    BusyDays days(kYear2026, Key());
    (void)days.Add(text);
  });
  std::string told = "refused";
  RunBounded([&] {
    const auto reading = ReadMeetings(text, kYear2026, Key());
    if (!reading.ok()) return;
    told = std::to_string(reading->bad.size()) + " bad, " +
           std::to_string(reading->objects.size()) + " read";
  });
  return told;
}

std::string ReadBoundedEvent(const std::string& lines) {
  return ReadBounded(Calendar(Event("DTSTART;TZID=Europe/Copenhagen:20260504T140000\n" + lines)));
}

TEST_CASE("one line of 8 MB costs no more than its bytes") {
  const std::string line(8 << 20, 'x');
  CHECK(ReadBoundedEvent("DESCRIPTION:" + line + "\n") == "0 bad, 1 read");
  CHECK(ReadBoundedEvent("CLASS:" + line + "\n") == "1 bad, 0 read");
  CHECK(ReadBoundedEvent("ATTENDEE" + Repeat(";", 8 << 20) + ":mailto:a@b.example\n") ==
        "1 bad, 0 read");
  CHECK(ReadBoundedEvent(Repeat("\n x", 2 << 20) + "\n") == "0 bad, 1 read");
  CHECK(ReadBoundedEvent(Repeat("\r", 8 << 20) + "\n") == "0 bad, 1 read");
  CHECK(ReadBoundedEvent(Repeat("\"", 8 << 20) + "\n") == "0 bad, 1 read");
}

TEST_CASE("100,000 components within each other are refused") {
  CHECK(ReadBounded(Calendar(Repeat("BEGIN:VEVENT\n", 100'000))) == "refused");
  CHECK(ReadBounded(Calendar(Repeat("BEGIN:VALARM\n", 100'000))) == "refused");
  CHECK(ReadBounded(Calendar(Repeat("END:VEVENT\n", 100'000))) == "0 bad, 0 read");
  CHECK(ReadBounded(Repeat("BEGIN:VCALENDAR\n", 100'000) + "END:VCALENDAR\n") == "0 bad, 0 read");
}

TEST_CASE("rules that never match or never end cost no more than the days to the window") {
  const std::string rule =
      GENERATE("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
               "FREQ=YEARLY;BYDAY=53MO;BYMONTH=4", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
               "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=31;BYMONTH=2;COUNT=9",
               "FREQ=DAILY;COUNT=999999999", "FREQ=YEARLY;INTERVAL=32767;COUNT=999999999",
               "FREQ=YEARLY;BYWEEKNO=54", "FREQ=DAILY;INTERVAL=0",
               "FREQ=YEARLY;BYYEARDAY=366,-366;BYSETPOS=-366,366;COUNT=5", "FREQ=WEEKLY;BYSETPOS=8",
               "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=0,1;COUNT=999999999");
  CAPTURE(rule);
  const std::string lines = Repeat("RRULE:" + rule + "\nEXRULE:" + rule + "\n", 50);
  CHECK(ReadBounded(Calendar(Event("DTSTART:16000101T120000Z\n" + lines))) == "0 bad, 1 read");
}

TEST_CASE("rules with all the numbers there are stay within bounds") {
  const auto [part, last] = GENERATE(table<std::string, int>({{"BYYEARDAY", 366},
                                                              {"BYMONTHDAY", 31},
                                                              {"BYWEEKNO", 53},
                                                              {"BYYEARDAY=-1;BYSETPOS", 366},
                                                              {"BYMONTHDAY=-31;BYMONTH", 12}}));
  std::string numbers = "1";
  for (int number = 2; number <= last; ++number) numbers += "," + std::to_string(number);
  const std::string frequency = GENERATE("YEARLY", "MONTHLY", "WEEKLY", "DAILY");
  const std::string rule = "FREQ=" + frequency + ";COUNT=999999999;" + part + "=" + numbers;
  CAPTURE(rule);
  const std::string text =
      Calendar(Event("DTSTART:16000101T120000Z\n" + Repeat("RRULE:" + rule + "\n", 50)));
  CHECK(ReadBounded(text) == "0 bad, 1 read");
  // The others of the fifty are too many, this one is read.
  CHECK(ReadOne(Event("DTSTART:20200101T120000Z\nRRULE:" + rule + "\n")).remarks.empty());
}

TEST_CASE("a megabyte of excluded dates is refused, as many as anybody writes are read") {
  CHECK(ReadBoundedEvent(Repeat("EXDATE:20260511T120000Z\n", 45'000)) == "1 bad, 0 read");
  CHECK(ReadBoundedEvent("EXDATE:20260511T120000Z" + Repeat(",20260511T120000Z", 60'000) + "\n") ==
        "1 bad, 0 read");
  CHECK(ReadBoundedEvent(Repeat("EXDATE;TZID=America/New_York:20260511T120000\n", 20'000)) ==
        "0 bad, 1 read");
  CHECK(ReadBoundedEvent(Repeat("RDATE:20260511T120000Z,20260512\n", 10'000)) == "0 bad, 1 read");
}

TEST_CASE("thousands of people, categories and instances of one object stay within bounds") {
  CHECK(ReadBoundedEvent(Repeat("ATTENDEE;CN=\"A\":mailto:a@b.example\n", 28'000)) ==
        "0 bad, 1 read");
  CHECK(ReadBoundedEvent("CATEGORIES:" + Repeat("Brobygger:x,", 5'000) + "\n") == "0 bad, 1 read");
  std::string object = Event("DTSTART:20260101T120000Z\nRRULE:FREQ=DAILY\n");
  for (int at = 0; at < 1999; ++at) {
    const std::string time = std::to_string(100'000 + at).substr(1) + "Z";
    object += Event("RECURRENCE-ID:20200101T0" + time + "\nDTSTART:20260101T0" + time +
                    "\nRRULE:FREQ=DAILY;COUNT=999999\n");
  }
  CHECK(ReadBounded(Calendar(object)) == "0 bad, 1 read");
}

TEST_CASE("hostile time zones stay within bounds") {
  const std::string observance =
      "BEGIN:STANDARD\nDTSTART:16000101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
      "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n";
  std::string text;
  for (int at = 0; at < 200; ++at) {
    text += "BEGIN:VTIMEZONE\nTZID:own" + std::to_string(at) + "\n" + Repeat(observance, 60) +
            "END:VTIMEZONE\n";
  }
  text += Event("DTSTART;TZID=own0:20260101T120000\nRRULE:FREQ=DAILY\n");
  for (int at = 0; at < 1999; ++at) {
    text +=
        Event("RECURRENCE-ID;TZID=own" + std::to_string(at % 200) + ":" +
              std::to_string(1600 + at % 600) + "0101T120000\nDTSTART;TZID=own" +
              std::to_string(at % 199) + ":" + std::to_string(1600 + at % 599) + "0101T120000\n");
  }
  CHECK(ReadBounded(Calendar(text)) == "0 bad, 1 read");
}

TEST_CASE("rule 16: a calendar whose objects together take too long is read as far as time goes") {
  const std::string text = Calendar(Event("DTSTART:20260504\n"));
  const auto none = ReadMeetings(text, kYear2026, Key(), std::chrono::seconds(0));
  REQUIRE(none.ok());
  CHECK(none->objects.empty());
  REQUIRE(none->bad.size() == 1);
  CHECK(none->bad[0].why == "out_of_time");
  CHECK(none->bad[0].uid_digest == Key().Of("href", "m1@horsens.example"));
}

TEST_CASE("thousands of zones that nobody knows leave nothing behind") {
  std::string text = Event("DTSTART:20260101T120000Z\nRRULE:FREQ=DAILY\n");
  for (int at = 0; at < 20'000; ++at) {
    text.insert(text.size() - 11,
                "EXDATE;TZID=Europe/N" + std::to_string(at) + ":20260105T120000\n");
  }
  CHECK(ReadBounded(Calendar(text)) == "0 bad, 1 read");
}

TEST_CASE("busy: long events that begin each hour of each day stay within bounds") {
  const std::string end = GENERATE("DURATION:P364D", "DURATION:PT1H", "DTEND:20261231T000000Z");
  const std::string hours = "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23";
  std::string rules;
  for (int rule = 0; rule < 4; ++rule) {
    rules += "RRULE:FREQ=DAILY;BYHOUR=" + hours + ";BYMINUTE=" + std::to_string(rule) + "\n";
  }
  const std::string later = GENERATE(
      "", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260504T120000Z\nDTSTART:20260504T130000Z\n");
  std::string text = Event("DTSTART:20260101T000000Z\n" + end + "\n" + rules);
  if (!later.empty()) text += Event(later + "DURATION:P364D\n");
  CHECK(ReadBounded(Calendar(text)) == "0 bad, 1 read");
}

TEST_CASE("busy: twenty thousand dates that each last for centuries stay within bounds") {
  const absl::TimeZone utc = absl::UTCTimeZone();
  std::string text = "DTSTART:16000101T000000Z\nDURATION:P200000D\n";
  for (int at = 0; at < 19'999; ++at) {
    const absl::Time time = absl::FromCivil(absl::CivilSecond(1600, 1, 2, at, 0, 0), utc);
    text += absl::FormatTime("RDATE:%Y%m%dT%H%M%SZ\n", time, utc);
  }
  CHECK(ReadBounded(Calendar(Event(text))) == "0 bad, 1 read");
}

}  // namespace
}  // namespace brobygger::calendars
