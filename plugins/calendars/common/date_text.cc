#include "plugins/calendars/common/date_text.h"

#include <algorithm>
#include <array>

#include <absl/time/civil_time.h>

#include "plugins/calendars/common/content_line.h"

namespace brobygger::calendars {
namespace {

constexpr std::size_t kDateSize = 8;
constexpr std::size_t kTimeSize = 7;  // With its T.
constexpr int kFirstYear = 1600;
constexpr int kLastYear = 2200;
constexpr long long kMostDays = (kLastYear - kFirstYear) * 366LL;
constexpr long long kSecondsInADay = 86'400;

// The number that the `count` digits at `at` make, or -1.
int Number(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int number = 0;
  for (const char sign : text.substr(at, count)) {
    if (sign < '0' || sign > '9') return -1;
    number = number * 10 + (sign - '0');
  }
  return number;
}

bool IsDate(std::string_view text) {
  const int year = Number(text, 0, 4);
  const int month = Number(text, 4, 2);
  const int day = Number(text, 6, 2);
  if (year < kFirstYear || year > kLastYear || month < 1 || day < 1) return false;
  const absl::CivilDay date(year, month, day);
  return date.month() == month && date.day() == day;
}

bool IsTime(std::string_view text) {
  if (text.empty() || (text[0] != 'T' && text[0] != 't')) return false;
  const int hour = Number(text, 1, 2);
  const int minute = Number(text, 3, 2);
  const int second = Number(text, 5, 2);
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
}

// What one number of a DURATION adds, by the letter behind it; those after "T" are times of day.
struct DurationUnit {
  char letter;
  bool of_time;
  int days;
  int seconds;
};

const DurationUnit* FindUnit(char letter, bool of_time) {
  static constexpr std::array<DurationUnit, 5> kUnits = {{{'W', false, 7, 0},
                                                          {'D', false, 1, 0},
                                                          {'H', true, 0, 3600},
                                                          {'M', true, 0, 60},
                                                          {'S', true, 0, 1}}};
  const auto found = std::find_if(kUnits.begin(), kUnits.end(), [&](const DurationUnit& unit) {
    return unit.letter == letter && unit.of_time == of_time;
  });
  return found == kUnits.end() ? nullptr : found;
}

}  // namespace

std::optional<DateText> ParseDateText(std::string_view text) {
  text = TrimBlanks(text);
  text = TrimBlanks(text.substr(0, text.find('/')));
  if (!IsDate(text)) return std::nullopt;
  DateText date{.text = std::string(text.substr(0, kDateSize)), .is_date = true};
  text.remove_prefix(kDateSize);
  if (IsTime(text)) {
    date.is_date = false;
    date.text.append("T").append(text.substr(1, kTimeSize - 1));
    // A leap second is told as the second before it: civil time here has none.
    if (date.text.ends_with("60")) date.text.replace(date.text.size() - 2, 2, "59");
    text.remove_prefix(kTimeSize);
    if (!text.empty() && (text[0] == 'Z' || text[0] == 'z')) {
      date.is_utc = true;
      date.text += 'Z';
      text.remove_prefix(1);
    }
  }
  date.odd = !text.empty();
  return date;
}

std::optional<std::string> ParseDurationText(std::string_view text) {
  constexpr std::size_t kMostDigits = 9;
  const std::string upper = ToUpper(TrimBlanks(text));
  text = upper;
  if (text.starts_with('+')) text.remove_prefix(1);
  // At least one number follows; a "T" without one is none.
  if (!text.starts_with('P') || text == "P" || text.ends_with('T')) return std::nullopt;
  text.remove_prefix(1);
  bool of_time = false;
  long long days = 0;
  long long seconds = 0;
  while (!text.empty()) {
    if (text[0] == 'T' && !of_time) {
      of_time = true;
      text.remove_prefix(1);
      continue;
    }
    const std::size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
    if (size == 0 || size > kMostDigits || size == text.size()) return std::nullopt;
    const DurationUnit* unit = FindUnit(text[size], of_time);
    if (unit == nullptr) return std::nullopt;
    days += static_cast<long long>(Number(text, 0, size)) * unit->days;
    seconds += static_cast<long long>(Number(text, 0, size)) * unit->seconds;
    if (days > kMostDays || seconds > kMostDays * kSecondsInADay) return std::nullopt;
    text.remove_prefix(size + 1);
  }
  return "P" + std::to_string(days) + "DT" + std::to_string(seconds / 3600) + "H" +
         std::to_string(seconds / 60 % 60) + "M" + std::to_string(seconds % 60) + "S";
}

}  // namespace brobygger::calendars
