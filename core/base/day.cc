#include "core/base/day.h"

#include <chrono>
#include <cstdio>

namespace brobygger::base {

std::string DayOf(Instant instant, int days) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(instant) +
                                         std::chrono::days(days));
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", int{date.year()}, unsigned{date.month()},
                unsigned{date.day()});
  return text;
}

}  // namespace brobygger::base
