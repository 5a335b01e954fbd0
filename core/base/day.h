#pragma once

#include <string>

#include "core/base/clock.h"

namespace brobygger::base {

// The day of the instant in UTC, moved by so many days, ISO 8601: "2026-11-23".
std::string DayOf(Instant instant, int days = 0);

// The same in Denmark, where the day of a meeting begins and ends.
std::string DanishDayOf(Instant instant, int days = 0);

// Days since 1970-01-01 of a day in ISO 8601; 0 if it is none.
int DayNumber(const std::string& iso);

// The day so many days after 1970-01-01, ISO 8601.
std::string DayText(int number);

}  // namespace brobygger::base
