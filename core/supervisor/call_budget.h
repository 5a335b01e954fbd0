#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/clock.h"

namespace brobygger::supervisor {

// A bucket that calls draw from, as a plugin or an operator wants it.
struct CallLimit {
  std::string name;
  double fill_per_second = 0;
  double burst = 0;             // what it holds at most
  std::set<std::string> verbs;  // that draw from it; empty: all
};

// How often the source of one connection may be asked. A call takes one drop out of each
// bucket of its verb, or nothing where one of them is empty. Pure; the caller tells the
// time, and keeps ToText() for the next hub.
class CallBudget {
 public:
  // What `text` told of an earlier hub's buckets; of one that cannot be read, nothing.
  static CallBudget FromText(const std::string& text);
  std::string ToText() const;

  // Sets the limits. A bucket that was known keeps what it held, at most its burst; a new
  // one is full.
  void Set(std::vector<CallLimit> limits, base::Instant now);

  bool limited() const { return !limits_.empty(); }

  // Zero if the call may be made, and has been counted; else how long to wait.
  std::chrono::microseconds Take(const std::string& verb, base::Instant now);

 private:
  struct Level {
    double drops = 0;
    base::Instant time;  // when it held them
  };
  // Lets the bucket fill until `now`.
  Level& Filled(const CallLimit& limit, base::Instant now);

  std::vector<CallLimit> limits_;
  std::map<std::string, Level> levels_;
};

}  // namespace brobygger::supervisor
