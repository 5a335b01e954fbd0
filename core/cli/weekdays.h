// Days of the week, in Danish and English: data/weekdays.csv. 0 is Monday.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace brobygger::cli {

inline constexpr std::size_t kDaysOfWeek = 7;

std::string WeekdayText(std::size_t day, const std::string& language);

// The day that is typed in either language, in any case; nothing if it is none.
std::optional<std::size_t> WeekdayOf(const std::string& typed);

}  // namespace brobygger::cli
