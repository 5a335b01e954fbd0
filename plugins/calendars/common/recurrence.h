#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <absl/time/civil_time.h>

namespace brobygger::calendars {

// A weekday of BYDAY: every one, or the nth (from the end if negative) of the month or year.
struct RuleDay {
  absl::Weekday weekday;
  int nth = 0;
};

// A recurrence rule (RFC 5545, 3.3.10) by day or longer, in the Gregorian calendar. An empty list
// means that the part is not there.
struct Rule {
  enum class Frequency { kDaily, kWeekly, kMonthly, kYearly };

  Frequency frequency = Frequency::kDaily;
  int interval = 1;
  std::optional<int> count;
  absl::Weekday week_start = absl::Weekday::monday;
  std::vector<int> months;
  std::vector<int> week_numbers;
  std::vector<int> year_days;
  std::vector<int> month_days;
  std::vector<RuleDay> days;
  std::vector<int> hours;
  std::vector<int> minutes;
  std::vector<int> seconds;
  std::vector<int> positions;  // BYSETPOS

  // Whether it gives more than `kMaxTimesADay` times on one day, which is a rule finer than a
  // day by another name.
  bool SubDaily() const;
};

inline constexpr std::size_t kMaxTimesADay = 24;

// Civil time, both ends included.
struct CivilRange {
  absl::CivilSecond first;
  absl::CivilSecond last;
};

// The times in `range` that `rule` gives for what starts at `start`, in order; `start` itself is
// not one unless the rule gives it, but counts as the first of COUNT. UNTIL is the caller's.
//
// libical 3.0.16 gets BYSETPOS in months (the last working day), BYWEEKNO and more wrong, and one
// step of its iterator can take half a minute. This takes time in proportion to the days from
// `start` (without COUNT, from `range.first`) to `range.last`, whatever the rule. Pure.
std::vector<absl::CivilSecond> Expand(const Rule& rule,
                                      absl::CivilSecond start,
                                      const CivilRange& range);

}  // namespace brobygger::calendars
