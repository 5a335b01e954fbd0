#include "core/supervisor/call_budget.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace brobygger::supervisor {
namespace {

using std::chrono::microseconds;

// A bucket that never fills is asked again once a day.
constexpr double kLongestWaitSeconds = 24 * 3600;

bool DrawsFrom(const CallLimit& limit, const std::string& verb) {
  return limit.verbs.empty() || limit.verbs.count(verb) > 0;
}

double SecondsBetween(base::Instant from, base::Instant to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

// A line a bucket: what it held, when in microseconds, and its name.
CallBudget CallBudget::FromText(const std::string& text) {
  CallBudget budget;
  std::istringstream lines(text);
  double drops = 0;
  std::int64_t time = 0;
  std::string name;
  while (lines >> drops >> time && std::getline(lines >> std::ws, name)) {
    budget.levels_[name] = {.drops = drops, .time = base::Instant(microseconds(time))};
  }
  return budget;
}

std::string CallBudget::ToText() const {
  std::ostringstream text;
  for (const auto& [name, level] : levels_) {
    text << level.drops << " " << level.time.time_since_epoch().count() << " " << name << "\n";
  }
  return text.str();
}

void CallBudget::Set(std::vector<CallLimit> limits, base::Instant now) {
  limits_ = std::move(limits);
  for (const CallLimit& limit : limits_) {
    levels_.try_emplace(limit.name, Level{.drops = limit.burst, .time = now});
    Filled(limit, now);
  }
}

CallBudget::Level& CallBudget::Filled(const CallLimit& limit, base::Instant now) {
  Level& level = levels_[limit.name];
  // A clock that was set back must not stop it.
  const double seconds = std::max(0.0, SecondsBetween(level.time, now));
  level.drops = std::min(limit.burst, level.drops + seconds * limit.fill_per_second);
  level.time = now;
  return level;
}

microseconds CallBudget::Take(const std::string& verb, base::Instant now) {
  double wait = 0;
  std::vector<Level*> drawn;
  for (const CallLimit& limit : limits_) {
    if (!DrawsFrom(limit, verb)) continue;
    drawn.push_back(&Filled(limit, now));
    const double drops = drawn.back()->drops;
    if (drops >= 1) continue;
    const bool fills = limit.fill_per_second > 0 && limit.burst >= 1;
    wait = std::max(wait, fills ? (1 - drops) / limit.fill_per_second : kLongestWaitSeconds);
  }
  if (wait > 0) {
    return std::chrono::ceil<microseconds>(
        std::chrono::duration<double>(std::min(wait, kLongestWaitSeconds)));
  }
  for (Level* const level : drawn) level->drops -= 1;
  return microseconds(0);
}

}  // namespace brobygger::supervisor
