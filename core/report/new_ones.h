// Which collaborations are new: between two sides that had none before.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace brobygger::report {

// How long two sides must have had none.
inline constexpr int kMonthsWithout = 36;

// A collaboration that has begun, with who worked with whom in it.
struct Begun {
  // A municipality's code and an association's id.
  using Sides = std::pair<std::string, std::string>;
  std::string start_date;  // ISO 8601, never empty
  std::string end_date;    // empty: it goes on
  std::string place;  // orders those that began on the same day, by when they were written down
  std::vector<Sides> sides;
};

// Whether each is new for at least one pair of its sides: no other one of that pair began earlier
// and went on into the 36 months before. Costs follow how many share a pair. Pure.
std::vector<bool> AreNew(const std::vector<Begun>& all);

// The same day so many months earlier; the last of that month where it has no such day. Pure.
std::string MonthsBefore(const std::string& iso_date, int months);

}  // namespace brobygger::report
