#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/time/civil_time.h>

#include "plugins/calendars/common/event.h"
#include "plugins/calendars/common/instances.h"
#include "plugins/calendars/common/meetings.h"
#include "plugins/calendars/common/zones.h"

namespace brobygger::calendars {

// One instance as it takes place, wherever it was moved to.
struct Occurrence {
  const std::string& key;  // Instance::key of what the master gave.
  EventTime start;
  absl::CivilDay day;                 // Of its start, in Europe/Copenhagen.
  const Event& event;                 // What says so: the master, or what changed it.
  const EventDate* period = nullptr;  // Tells how long it lasts; without it, `event` does.
  bool cancelled = false;
};

// Which occurrences are wanted.
struct OccurrenceLimits {
  Window starts;               // The days that they begin on.
  std::size_t most_instances;  // Of the master; the first ones, and a remark if there are more.
};

// The occurrences of one object: what the master gives and takes out (`instances.h`), with what
// replaces one of them or changes all that follow. Takes time in proportion to the events and to
// the days from a rule's start to the last day. Not thread-safe.
class Occurrences {
 public:
  // `events`, those of one object, and `zones` must outlive it.
  Occurrences(const std::vector<Event>& events, const OccurrenceLimits& limits, Zones& zones);

  // Whether there could be several.
  bool repeats() const { return repeats_; }
  // What was read otherwise than it says: plugins/calendars/README.md.
  const std::set<std::string>& remarks() const { return remarks_; }

  // Gives each to `take`, in no order.
  void ForEach(absl::FunctionRef<void(const Occurrence&)> take) const;

 private:
  // Of one instance.
  struct Override {
    const Event* event = nullptr;
    absl::CivilDay day;
  };
  // Of one instance and of all after it.
  struct Change {
    Instance from;
    const Event* event = nullptr;
    long long shift_days = 0;
    long long second_of_day = 0;  // At which it starts, in Europe/Copenhagen.
  };
  using Take = absl::FunctionRef<void(const Occurrence&)>;

  void ChooseMaster(const std::vector<Event>& events);
  CivilRange RangeFor(const std::vector<Event>& events) const;
  void FindInstances(const std::vector<Event>& events);
  void AddOverride(const Event& event, const std::string& key);
  void AddChange(const Event& event, Instance from);
  const Change* ChangeAt(absl::Time time) const;
  void TellChanged(const std::string& key,
                   const Instance& instance,
                   const Change& change,
                   Take take) const;
  void TellIfWanted(const Occurrence& occurrence, Take take) const;

  const OccurrenceLimits limits_;
  Zones& zones_;
  const Event* master_ = nullptr;
  bool repeats_ = false;
  bool unknown_zone_ = false;
  std::map<std::string, Instance> instances_;  // By key, of the master.
  std::map<std::string, Override> overrides_;  // By the key of the instance they replace.
  std::vector<Change> changes_;                // By time.
  std::set<std::string> remarks_;
};

}  // namespace brobygger::calendars
