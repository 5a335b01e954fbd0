#include "plugins/calendars/caldav/event_time.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

namespace brobygger::caldav {
namespace {

constexpr std::size_t kDateSize = 8;       // 20260504
constexpr std::size_t kDateTimeSize = 15;  // 20260504T120000
constexpr int kFirstYearOfRules = 1997;

std::optional<absl::TimeZone> Zone(const std::string& name) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(name, &zone)) return std::nullopt;
  return zone;
}

// The number of `size` digits at `at`; -1 if there is another sign.
int Digits(std::string_view text, std::size_t at, std::size_t size) {
  int number = 0;
  for (const char sign : text.substr(at, size)) {
    if (!absl::ascii_isdigit(sign)) return -1;
    number = number * 10 + (sign - '0');
  }
  return number;
}

std::optional<absl::CivilDay> ParseDay(std::string_view text) {
  if (text.size() < kDateSize) return std::nullopt;
  const int year = Digits(text, 0, 4);
  const int month = Digits(text, 4, 2);
  const int day = Digits(text, 6, 2);
  const absl::CivilDay parsed(year, month, day);
  // Absl would make 31 April 1 May.
  if (year < 1 || parsed.month() != month || parsed.day() != day) return std::nullopt;
  return parsed;
}

std::optional<EventTime> ParseTime(const ContentLine& line) {
  const std::string_view value = line.value();
  const auto day = ParseDay(value);
  if (!day) return std::nullopt;
  if (value.size() == kDateSize) return *day;
  if (value.size() < kDateTimeSize || value[kDateSize] != 'T') return std::nullopt;
  const int hour = Digits(value, 9, 2);
  const int minute = Digits(value, 11, 2);
  const int second = Digits(value, 13, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return std::nullopt;
  }
  const absl::CivilSecond local(day->year(), day->month(), day->day(), hour, minute, second);
  if (value.substr(kDateTimeSize) == "Z") return absl::FromCivil(local, absl::UTCTimeZone());
  const std::string name = line.parameter("TZID");
  const auto zone = Zone(name.empty() ? kLocalZone : name);
  if (!zone) return std::nullopt;
  return absl::FromCivil(local, *zone);
}

// Seconds of "P1DT2H30M" and its like (RFC 5545 section 3.3.6).
std::optional<std::int64_t> ParseDuration(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (text.empty() || text.front() != 'P') return std::nullopt;
  text.remove_prefix(1);
  std::int64_t total = 0;
  while (!text.empty()) {
    if (text.front() == 'T') text.remove_prefix(1);
    std::size_t size = 0;
    while (size < text.size() && absl::ascii_isdigit(text[size])) ++size;
    // No event lasts for more days than five digits have.
    if (size == 0 || size > 5 || size == text.size()) return std::nullopt;
    const std::int64_t number = Digits(text, 0, size);
    constexpr std::string_view kUnits = "WDHMS";
    constexpr std::int64_t kSeconds[] = {604800, 86400, 3600, 60, 1};
    const std::size_t unit = kUnits.find(text[size]);
    if (unit == std::string_view::npos) return std::nullopt;
    total += number * kSeconds[unit];
    text.remove_prefix(size + 1);
  }
  return total;
}

std::optional<EventTime> EndOf(const TimeLines& lines, const EventTime& start) {
  const auto* const day = std::get_if<absl::CivilDay>(&start);
  if (lines.end != nullptr) {
    const auto end = ParseTime(*lines.end);
    if (!end || end->index() != start.index()) return std::nullopt;
    if (day == nullptr) return end;
    return std::max(*day, std::get<absl::CivilDay>(*end) - 1);
  }
  if (lines.duration == nullptr) return start;
  const auto seconds = ParseDuration(lines.duration->value());
  if (!seconds) return std::nullopt;
  if (day == nullptr) return std::get<absl::Time>(start) + absl::Seconds(*seconds);
  return std::max(*day, *day + (*seconds / 86400) - 1);
}

std::string DayText(absl::CivilDay day) {
  return absl::StrCat(absl::Dec(day.year(), absl::kZeroPad4),
                      absl::Dec(day.month(), absl::kZeroPad2),
                      absl::Dec(day.day(), absl::kZeroPad2));
}

}  // namespace

std::string UtcText(absl::Time time) {
  return absl::FormatTime("%Y%m%dT%H%M%SZ", time, absl::UTCTimeZone());
}

std::string TimeLine(const std::string& property, const EventTime& time) {
  if (const auto* const day = std::get_if<absl::CivilDay>(&time)) {
    return absl::StrCat(property, ";VALUE=DATE:", DayText(*day));
  }
  const absl::Time instant = std::get<absl::Time>(time);
  const auto zone = Zone(kLocalZone);
  if (zone) {
    const absl::CivilSecond local = absl::ToCivilSecond(instant, *zone);
    // In the hour that the autumn repeats, local time means the first of the two.
    const bool exact = absl::FromCivil(local, *zone) == instant;
    if (exact && local.year() >= kFirstYearOfRules) {
      return absl::StrCat(property, ";TZID=", kLocalZone, ":",
                          absl::FormatTime("%Y%m%dT%H%M%S", instant, *zone));
    }
  }
  return absl::StrCat(property, ":", UtcText(instant));
}

EventTime Exclusive(const EventTime& end) {
  if (const auto* const day = std::get_if<absl::CivilDay>(&end)) return *day + 1;
  return end;
}

void ReadTimes(const TimeLines& lines, Event& event) {
  event.start = event.end = std::nullopt;
  if (lines.start == nullptr) return;
  const auto start = ParseTime(*lines.start);
  if (!start) return;
  const auto end = EndOf(lines, *start);
  if (!end) return;
  event.start = start;
  event.end = end;
}

}  // namespace brobygger::caldav
