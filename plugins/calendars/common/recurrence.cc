#include "plugins/calendars/common/recurrence.h"

#include <algorithm>

namespace brobygger::calendars {
namespace {

using absl::CivilDay;
using absl::CivilMonth;
using absl::CivilSecond;
using absl::CivilYear;

bool Holds(const std::vector<int>& list, int value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// Whether a list that is there holds a number, counted from either end.
bool Allows(const std::vector<int>& list, int value, int from_end) {
  return list.empty() || Holds(list, value) || Holds(list, from_end);
}

CivilDay WeekOf(CivilDay day, absl::Weekday week_start) {
  return absl::PrevWeekday(day + 1, week_start);
}

int DaysInMonth(CivilDay day) {
  return static_cast<int>(CivilDay(CivilMonth(day) + 1) - CivilDay(CivilMonth(day)));
}

int DaysInYear(CivilDay day) {
  return static_cast<int>(CivilDay(CivilYear(day) + 1) - CivilDay(CivilYear(day)));
}

// Week 1 is the first with at least four days in the year, so a week belongs to the year of its
// fourth day, and the 28th of December is always in the last one.
int WeekNumber(CivilDay day, absl::Weekday week_start) {
  const CivilDay fourth = WeekOf(day, week_start) + 3;
  return (absl::GetYearDay(fourth) - 1) / 7 + 1;
}

int WeeksInYearOf(CivilDay day, absl::Weekday week_start) {
  const CivilDay fourth = WeekOf(day, week_start) + 3;
  return WeekNumber(CivilDay(fourth.year(), 12, 28), week_start);
}

int NthFromStart(int day) { return (day - 1) / 7 + 1; }
int NthFromEnd(int day, int days) { return -((days - day) / 7 + 1); }

// A rule with what it leaves to DTSTART filled in, as RFC 5545 wants it.
Rule Completed(Rule rule, CivilSecond start) {
  const bool by_day_of_any_kind = !rule.days.empty() || !rule.month_days.empty() ||
                                  !rule.year_days.empty() || !rule.week_numbers.empty();
  const absl::Weekday weekday = absl::GetWeekday(start);
  const bool weekly = rule.frequency == Rule::Frequency::kWeekly;
  const bool weeks_of_year = rule.days.empty() && rule.month_days.empty() &&
                             rule.year_days.empty() && !rule.week_numbers.empty();
  if (weeks_of_year || (weekly && rule.days.empty())) rule.days.push_back({weekday});
  if (!by_day_of_any_kind) {
    const bool yearly = rule.frequency == Rule::Frequency::kYearly;
    if (yearly && rule.months.empty()) rule.months.push_back(start.month());
    if (yearly || rule.frequency == Rule::Frequency::kMonthly) {
      rule.month_days.push_back(start.day());
    }
  }
  if (rule.hours.empty()) rule.hours.push_back(start.hour());
  if (rule.minutes.empty()) rule.minutes.push_back(start.minute());
  if (rule.seconds.empty()) rule.seconds.push_back(start.second());
  return rule;
}

// Goes through the periods of one rule.
class Expansion {
 public:
  Expansion(const Rule& rule, CivilSecond start, const CivilRange& range)
      : rule_(Completed(rule, start)), start_(start), range_(range) {
    for (const int hour : rule_.hours) {
      for (const int minute : rule_.minutes) {
        for (const int second : rule_.seconds) {
          times_.push_back((hour * 60 + minute) * 60 + std::min(second, 59));
        }
      }
    }
    std::sort(times_.begin(), times_.end());
    times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
    left_ = rule_.count.value_or(0);
  }

  std::vector<CivilSecond> Run() {
    // What DTSTART itself takes of COUNT, if the rule does not give it too.
    if (rule_.count && !GivesStart()) --left_;
    for (long long period = FirstPeriod();; period += rule_.interval) {
      const auto [begin, end] = DaysOf(period);
      if (CivilSecond(begin) > range_.last || (rule_.count && left_ <= 0)) return found_;
      FindCandidates({begin, end});
      for (const CivilSecond candidate : candidates_) Take(candidate);
    }
  }

 private:
  struct Days {
    CivilDay begin;
    CivilDay end;  // The day after the last.
  };

  // The days of the nth day, week, month or year from that of DTSTART.
  Days DaysOf(long long period) const {
    const CivilDay day(start_);
    switch (rule_.frequency) {
      case Rule::Frequency::kDaily:
        return {day + period, day + period + 1};
      case Rule::Frequency::kWeekly: {
        const CivilDay week = WeekOf(day, rule_.week_start) + 7 * period;
        return {week, week + 7};
      }
      case Rule::Frequency::kMonthly: {
        const CivilMonth month = CivilMonth(day) + period;
        return {CivilDay(month), CivilDay(month + 1)};
      }
      case Rule::Frequency::kYearly:
        break;
    }
    const CivilYear year = CivilYear(day) + period;
    return {CivilDay(year), CivilDay(year + 1)};
  }

  // Where to begin: with COUNT at DTSTART, else just before the range.
  long long FirstPeriod() const {
    if (rule_.count || range_.first <= start_) return 0;
    const CivilDay day(start_);
    const CivilDay first(range_.first);
    long long periods = first - day;
    if (rule_.frequency == Rule::Frequency::kWeekly) periods /= 7;
    if (rule_.frequency == Rule::Frequency::kMonthly) periods = CivilMonth(first) - CivilMonth(day);
    if (rule_.frequency == Rule::Frequency::kYearly) periods = CivilYear(first) - CivilYear(day);
    return periods / rule_.interval * rule_.interval;
  }

  bool GivesStart() {
    FindCandidates(DaysOf(0));
    return std::binary_search(candidates_.begin(), candidates_.end(), start_);
  }

  // What the rule gives in one period, in order, also before DTSTART: BYSETPOS counts those too.
  void FindCandidates(const Days& days) {
    candidates_.clear();
    for (CivilDay day = days.begin; day < days.end; ++day) {
      if (!rule_.months.empty() && !Holds(rule_.months, day.month())) {
        // The whole month, of which the loop takes one day.
        day = CivilDay(CivilMonth(day) + 1) - 1;
        continue;
      }
      if (!Passes(day)) continue;
      for (const int time : times_) candidates_.push_back(CivilSecond(day) + time);
    }
    if (!rule_.positions.empty()) KeepPositions();
  }

  void KeepPositions() {
    const int size = static_cast<int>(candidates_.size());
    int at = 0;
    std::erase_if(candidates_, [&](const CivilSecond&) {
      const bool wanted = Allows(rule_.positions, at + 1, at - size);
      ++at;
      return !wanted;
    });
  }

  bool Passes(CivilDay day) const {
    const int in_month = DaysInMonth(day);
    if (!Allows(rule_.month_days, day.day(), day.day() - in_month - 1)) return false;
    if (!rule_.year_days.empty()) {
      const int year_day = absl::GetYearDay(day);
      if (!Allows(rule_.year_days, year_day, year_day - DaysInYear(day) - 1)) return false;
    }
    return PassesWeek(day) && PassesWeekday(day);
  }

  bool PassesWeek(CivilDay day) const {
    if (rule_.week_numbers.empty() || rule_.frequency != Rule::Frequency::kYearly) return true;
    const int number = WeekNumber(day, rule_.week_start);
    const int weeks = WeeksInYearOf(day, rule_.week_start);
    return Allows(rule_.week_numbers, number, number - weeks - 1);
  }

  bool PassesWeekday(CivilDay day) const {
    if (rule_.days.empty()) return true;
    const absl::Weekday weekday = absl::GetWeekday(day);
    return std::any_of(rule_.days.begin(), rule_.days.end(), [&](const RuleDay& wanted) {
      return wanted.weekday == weekday && (wanted.nth == 0 || IsNth(day, wanted.nth));
    });
  }

  bool IsNth(CivilDay day, int nth) const {
    const bool yearly = rule_.frequency == Rule::Frequency::kYearly;
    // A number means nothing here, and is left out of account.
    if (!yearly && rule_.frequency != Rule::Frequency::kMonthly) return true;
    if (yearly && !rule_.week_numbers.empty()) return true;
    const bool of_year = yearly && rule_.months.empty();
    const int number = of_year ? absl::GetYearDay(day) : day.day();
    const int days = of_year ? DaysInYear(day) : DaysInMonth(day);
    return nth == NthFromStart(number) || nth == NthFromEnd(number, days);
  }

  void Take(CivilSecond candidate) {
    if (candidate < start_ || (rule_.count && left_ <= 0)) return;
    if (rule_.count) --left_;
    if (candidate >= range_.first && candidate <= range_.last) found_.push_back(candidate);
  }

  Rule rule_;
  CivilSecond start_;
  CivilRange range_;
  std::vector<int> times_;  // Seconds of the day.
  int left_ = 0;            // Of COUNT.
  std::vector<CivilSecond> candidates_;
  std::vector<CivilSecond> found_;
};

}  // namespace

bool Rule::SubDaily() const {
  const auto factor = [](const std::vector<int>& list) {
    return std::max<std::size_t>(list.size(), 1);
  };
  return factor(hours) * factor(minutes) * factor(seconds) > kMaxTimesADay;
}

std::vector<CivilSecond> Expand(const Rule& rule, CivilSecond start, const CivilRange& range) {
  return Expansion(rule, start, range).Run();
}

}  // namespace brobygger::calendars
