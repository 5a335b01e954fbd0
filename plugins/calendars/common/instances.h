#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include "plugins/calendars/common/event.h"
#include "plugins/calendars/common/zones.h"

namespace brobygger::calendars {

// One instance of a series, as its rule gives it.
struct Instance {
  EventTime start;
  absl::Time time;     // Of its start; of a date, midnight UTC.
  std::string key;     // "20260504T120000Z", or "20260504" if it takes whole days.
  absl::CivilDay day;  // Of its start, in Europe/Copenhagen.
  // Of an RDATE that tells how long it lasts; belongs to the master. Else it lasts as that does.
  const EventDate* period = nullptr;
};

// The instance that starts at `start`. Sets `unknown` if its zone is not known.
Instance ToInstance(const EventTime& start, Zones& zones, bool& unknown);

// What an EXDATE or a RECURRENCE-ID says, to be found again in three ways: programs write the same
// instant, or the same wall time in another zone, or only the date.
class InstanceNames {
 public:
  InstanceNames(Zones& zones, bool master_is_date) : zones_(zones), dates_(master_is_date) {}

  void Add(const EventTime& name);
  bool Has(const Instance& instance) const;

 private:
  Zones& zones_;
  bool dates_;
  std::set<std::string> keys_;
  std::set<absl::CivilSecond> walls_;
  std::set<absl::CivilDay> days_;
};

// The instances of `master` whose own start is in `days` or near it, by key: its start, what its
// rules and dates give, without what it excludes. Sets `unknown` if a zone is not known.
std::map<std::string, Instance> InstancesOf(const Event& master,
                                            const CivilRange& days,
                                            Zones& zones,
                                            bool& unknown);

// The instance that `name`, a RECURRENCE-ID, speaks of: one of `instances` if it is there, else
// what can be told from the master alone.
Instance FindInstance(const EventTime& name,
                      const Event* master,
                      const std::map<std::string, Instance>& instances,
                      Zones& zones,
                      bool& unknown);

}  // namespace brobygger::calendars
