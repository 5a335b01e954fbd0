#pragma once

#include <string>

#include "core/base/clock.h"

namespace brobygger::base {

// The day of the instant in UTC, moved by so many days, ISO 8601: "2026-11-23".
std::string DayOf(Instant instant, int days = 0);

// The same in Denmark, where the day of a meeting begins and ends.
std::string DanishDayOf(Instant instant, int days = 0);

}  // namespace brobygger::base
