#include "plugins/calendars/common/date_text.h"

#include <algorithm>

#include <absl/time/civil_time.h>

#include "plugins/calendars/common/content_line.h"

namespace brobygger::calendars {
namespace {

constexpr std::size_t kDateSize = 8;
constexpr std::size_t kTimeSize = 7;  // With its T.
constexpr int kFirstYear = 1600;
constexpr int kLastYear = 2200;

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

}  // namespace brobygger::calendars
