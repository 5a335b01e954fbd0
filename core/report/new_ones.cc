#include "core/report/new_ones.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

namespace brobygger::report {
namespace {

constexpr int kMonthsAYear = 12;

int LastDayOf(int year, int month) {
  constexpr int kLeapEvery = 4;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool century = year % 100 == 0 && year % 400 != 0;
  const bool leap = year % kLeapEvery == 0 && !century;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool CameBefore(const Begun& earlier, const Begun& later) {
  return std::tie(earlier.start_date, earlier.place) < std::tie(later.start_date, later.place);
}

bool StillWent(const Begun& earlier, const std::string& since) {
  return earlier.end_date.empty() || earlier.end_date >= since;
}

}  // namespace

std::string MonthsBefore(const std::string& iso_date, int months) {
  int year = std::stoi(iso_date.substr(0, 4));
  int month = std::stoi(iso_date.substr(5, 2));
  const int day = std::stoi(iso_date.substr(8, 2));
  const int total = year * kMonthsAYear + (month - 1) - months;
  year = total / kMonthsAYear;
  month = total % kMonthsAYear + 1;
  return fmt::format("{:04}-{:02}-{:02}", year, month, std::min(day, LastDayOf(year, month)));
}

std::vector<bool> AreNew(const std::vector<Begun>& all) {
  std::map<Begun::Sides, std::vector<const Begun*>> by_sides;
  for (const Begun& each : all) {
    for (const Begun::Sides& sides : each.sides) by_sides[sides].push_back(&each);
  }
  std::vector<bool> are_new;
  are_new.reserve(all.size());
  for (const Begun& each : all) {
    const std::string since = MonthsBefore(each.start_date, kMonthsWithout);
    const auto is_new = [&](const Begun::Sides& sides) {
      const auto& others = by_sides[sides];
      return std::none_of(others.begin(), others.end(), [&](const Begun* other) {
        return CameBefore(*other, each) && StillWent(*other, since);
      });
    };
    are_new.push_back(std::any_of(each.sides.begin(), each.sides.end(), is_new));
  }
  return are_new;
}

}  // namespace brobygger::report
