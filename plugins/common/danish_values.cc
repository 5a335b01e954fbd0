#include <algorithm>
#include <charconv>
#include <chrono>
#include <vector>

#include "plugins/common/values.h"

namespace brobygger::common {
namespace {

constexpr int kMaxDigits = 30;

bool IsDigit(char sign) { return sign >= '0' && sign <= '9'; }

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

std::optional<int> SmallNumber(std::string_view text) {
  if (!AllDigits(text) || text.size() > 4) return std::nullopt;
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Three parts with one and the same separator between them; nothing else.
std::vector<std::string_view> ThreeParts(std::string_view text) {
  const std::size_t first = text.find_first_of("-/.");
  if (first == std::string_view::npos) return {};
  const std::size_t second = text.find(text[first], first + 1);
  if (second == std::string_view::npos) return {};
  return {text.substr(0, first), text.substr(first + 1, second - first - 1),
          text.substr(second + 1)};
}

// The digits of a whole part in which points may set thousands apart: "1.234".
std::optional<std::string> WithoutPoints(std::string_view text) {
  std::string digits;
  std::size_t group = 0;
  bool grouped = false;
  for (const char sign : text) {
    if (sign == '.') {
      if (group == 0 || group > 3 || (grouped && group != 3)) return std::nullopt;
      grouped = true;
      group = 0;
      continue;
    }
    if (!IsDigit(sign)) return std::nullopt;
    digits += sign;
    ++group;
  }
  if (digits.empty() || digits.size() > kMaxDigits || (grouped && group != 3)) return std::nullopt;
  const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  return digits.substr(first);
}

bool TakeSign(std::string_view& text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  return negative;
}

}  // namespace

std::optional<std::string> ToIsoDate(std::string_view text) {
  std::vector<std::string_view> parts = ThreeParts(text);
  if (parts.size() != 3) return std::nullopt;
  if (parts[0].size() == 4 && text[4] == '-') std::swap(parts[0], parts[2]);
  const auto day = SmallNumber(parts[0]);
  const auto month = SmallNumber(parts[1]);
  const auto year = SmallNumber(parts[2]);
  if (!day || !month || !year || parts[2].size() != 4) return std::nullopt;
  if (parts[0].size() > 2 || parts[1].size() > 2) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year < 1000) return std::nullopt;
  std::string iso = std::to_string(*year) + "-00-00";
  iso[5] = static_cast<char>('0' + *month / 10);
  iso[6] = static_cast<char>('0' + *month % 10);
  iso[8] = static_cast<char>('0' + *day / 10);
  iso[9] = static_cast<char>('0' + *day % 10);
  return iso;
}

std::optional<std::string> ToDecimal(std::string_view text) {
  const bool negative = TakeSign(text);
  const std::size_t comma = text.find(',');
  std::string_view fraction;
  std::string_view whole = text.substr(0, comma);
  if (comma != std::string_view::npos) {
    fraction = text.substr(comma + 1);
    if (!AllDigits(fraction) || fraction.size() > kMaxDigits) return std::nullopt;
  }
  const auto digits = WithoutPoints(whole);
  if (!digits) return std::nullopt;
  std::string number = (negative ? "-" : "") + *digits;
  if (!fraction.empty()) number.append(".").append(fraction);
  return number;
}

std::optional<long long> ToWhole(std::string_view text) {
  const bool negative = TakeSign(text);
  const auto digits = WithoutPoints(text);
  if (!digits) return std::nullopt;
  const std::string number_text = (negative ? "-" : "") + *digits;
  long long number = 0;
  const char* end = number_text.data() + number_text.size();
  const auto [rest, error] = std::from_chars(number_text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

}  // namespace brobygger::common
