#include "core/base/day.h"

#include <chrono>
#include <cstdio>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

namespace brobygger::base {

std::string DayOf(Instant instant, int days) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(instant) +
                                         std::chrono::days(days));
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", int{date.year()}, unsigned{date.month()},
                unsigned{date.day()});
  return text;
}

int DayNumber(const std::string& iso) {
  absl::CivilDay day;
  return absl::ParseCivilTime(iso, &day) ? static_cast<int>(day - absl::CivilDay()) : 0;
}

std::string DayText(int number) { return absl::FormatCivilTime(absl::CivilDay() + number); }

std::string DanishDayOf(Instant instant, int days) {
  static const absl::TimeZone kZone = [] {
    absl::TimeZone found;
    // Without time zone data it is UTC.
    absl::LoadTimeZone("Europe/Copenhagen", &found);
    return found;
  }();
  const absl::Time time = absl::FromUnixMicros(instant.time_since_epoch().count());
  return absl::FormatCivilTime(absl::ToCivilDay(time, kZone) + days);
}

}  // namespace brobygger::base
