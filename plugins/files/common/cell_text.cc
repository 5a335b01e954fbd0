#include "plugins/files/common/cell_text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>

namespace brobygger::files {
namespace {

constexpr double kLastDay = 2'958'465;  // 31 December 9999
constexpr long kSecondsInDay = 24L * 60 * 60;
constexpr double kLeapDay1900 = 60;

std::optional<double> NumberIn(std::string_view text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::string TimeText(long seconds) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%02d:%02d:%02d", static_cast<int>(seconds / 3600 % 24),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  return text.data();
}

}  // namespace

std::string NumberText(std::string_view stored) {
  const auto number = NumberIn(stored);
  if (!number) return std::string(stored);
  std::array<char, 64> digits{};
  std::snprintf(digits.data(), digits.size(), "%.15g", *number);
  const std::string_view shown(digits.data());
  if (shown.find('e') == std::string_view::npos) return std::string(shown);
  const double rounded = NumberIn(shown).value_or(*number);
  if (std::abs(rounded) >= 1e21 || std::abs(rounded) < 1e-15) return std::string(shown);
  std::array<char, 64> plain{};
  const auto end =
      std::to_chars(plain.data(), plain.data() + plain.size(), rounded, std::chars_format::fixed);
  return end.ec == std::errc() ? std::string(plain.data(), end.ptr) : std::string(shown);
}

std::string DateText(std::string_view stored, bool since_1904) {
  const auto number = NumberIn(stored);
  if (!number || *number < 0 || *number > kLastDay) return NumberText(stored);
  double whole = std::floor(*number);
  long seconds = std::lround((*number - whole) * static_cast<double>(kSecondsInDay));
  if (seconds == kSecondsInDay) {
    seconds = 0;
    ++whole;
  }
  if (!since_1904 && whole == 0) return TimeText(seconds);
  if (!since_1904 && whole == kLeapDay1900) return NumberText(stored);
  const std::chrono::sys_days begin =
      since_1904 ? std::chrono::sys_days(std::chrono::year(1904) / 1 / 1)
                 : std::chrono::sys_days(std::chrono::year(1899) / 12 / 31);
  // From March 1900 on, Excel is a day ahead for the leap day that never was.
  const bool ahead = !since_1904 && whole > kLeapDay1900;
  const std::chrono::year_month_day day(
      begin + std::chrono::days(static_cast<int>(whole) - (ahead ? 1 : 0)));
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()) % 10000,
                static_cast<unsigned>(day.month()) % 100, static_cast<unsigned>(day.day()) % 100);
  return seconds == 0 ? std::string(text.data()) : text.data() + ("T" + TimeText(seconds));
}

}  // namespace brobygger::files
