#include "plugins/calendars/common/rule_text.h"

#include <algorithm>
#include <array>

#include "plugins/calendars/common/content_line.h"
#include "plugins/calendars/common/date_text.h"

namespace brobygger::calendars {
namespace {

constexpr std::array<std::string_view, 7> kFrequencies = {"SECONDLY", "MINUTELY", "HOURLY", "DAILY",
                                                          "WEEKLY",   "MONTHLY",  "YEARLY"};
constexpr std::array<std::string_view, 7> kWeekdays = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
constexpr std::array<std::string_view, 11> kNumberParts = {
    "COUNT",      "INTERVAL",  "BYSECOND", "BYMINUTE", "BYHOUR",  "BYDAY",
    "BYMONTHDAY", "BYYEARDAY", "BYMONTH",  "BYWEEKNO", "BYSETPOS"};

template <std::size_t kSize>
bool Holds(const std::array<std::string_view, kSize>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A number with its sign, a weekday, or a weekday with a number before it.
bool IsItem(std::string_view item) {
  const bool weekday = item.size() >= 2 && Holds(kWeekdays, item.substr(item.size() - 2));
  if (weekday) item.remove_suffix(2);
  if (!item.empty() && (item[0] == '+' || item[0] == '-')) item.remove_prefix(1);
  constexpr std::size_t kMaxDigits = 9;
  return (weekday || !item.empty()) && item.size() <= kMaxDigits &&
         std::all_of(item.begin(), item.end(),
                     [](char sign) { return sign >= '0' && sign <= '9'; });
}

bool IsList(std::string_view list) {
  while (true) {
    const std::size_t comma = list.find(',');
    if (!IsItem(list.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    list.remove_prefix(comma + 1);
  }
}

// Whether a part other than UNTIL is one that rules have.
bool IsPart(std::string_view name, std::string_view value) {
  if (name == "FREQ") return Holds(kFrequencies, value);
  if (name == "WKST") return Holds(kWeekdays, value);
  // RFC 7529; another calendar than ours is not read.
  if (name == "RSCALE") return value == "GREGORIAN";
  return Holds(kNumberParts, name) && IsList(value);
}

}  // namespace

std::string CleanRule(std::string_view text, bool& odd) {
  std::string rule;
  while (!text.empty()) {
    const std::size_t semicolon = std::min(text.find(';'), text.size());
    std::string part = ToUpper(text.substr(0, semicolon));
    text.remove_prefix(std::min(semicolon + 1, text.size()));
    std::erase(part, ' ');
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string name = part.substr(0, equals);
    const std::string value = part.substr(std::min(equals + 1, part.size()));
    if (name == "UNTIL") {
      const auto until = ParseDateText(value);
      if (!until) return "";
      odd |= until->odd;
      part = "UNTIL=" + until->text;
    } else if (!IsPart(name, value)) {
      return "";
    }
    rule.append(rule.empty() ? "" : ";").append(part);
  }
  return rule;
}

}  // namespace brobygger::calendars
