#include "plugins/calendars/common/instances.h"

#include <algorithm>
#include <utility>

namespace brobygger::calendars {
namespace {

using absl::CivilDay;

// The day that a name means to a series of whole days. Programs that tell midnight in UTC mean
// the local day.
CivilDay DayOf(const EventTime& name, Zones& zones) {
  bool unknown = false;
  if (name.form != EventTime::Form::kUtc) return CivilDay(name.civil);
  return CivilDay(zones.Local(zones.ToTime(name, unknown)));
}

bool IsIn(const CivilRange& range, const EventTime& time) {
  return time.civil >= range.first && time.civil <= range.last;
}

// Whether `instance` is not after its rule's end (RFC 5545, 3.3.10): UNTIL in UTC is an instant.
bool IsBeforeEnd(const Instance& instance, const std::optional<EventTime>& until, Zones& zones) {
  if (!until) return true;
  if (instance.start.is_date()) return CivilDay(instance.start.civil) <= DayOf(*until, zones);
  if (until->is_date()) return CivilDay(instance.start.civil) <= CivilDay(until->civil);
  bool unknown = false;
  if (until->form == EventTime::Form::kUtc) return instance.time <= zones.ToTime(*until, unknown);
  return instance.start.civil <= until->civil;
}

// `time` at another civil time of the same form.
EventTime At(EventTime time, absl::CivilSecond civil) {
  time.civil = civil;
  return time;
}

// A series of meetings gets its time of day from the master where only a date is told.
EventTime WithTimeOf(const EventTime& master, const EventTime& date) {
  if (master.is_date() || !date.is_date()) return date;
  return At(master, date.civil + (master.civil - absl::CivilSecond(CivilDay(master.civil))));
}

// What one rule gives.
class RuleInstances {
 public:
  RuleInstances(const Event& master, const CivilRange& days, Zones& zones)
      : master_(master), days_(days), zones_(zones) {}

  std::vector<Instance> Of(EventRule rule, bool& unknown) const {
    if (master_.start.is_date()) {
      rule.rule.hours.clear();
      rule.rule.minutes.clear();
      rule.rule.seconds.clear();
    }
    std::vector<Instance> found;
    for (const absl::CivilSecond civil : Expand(rule.rule, master_.start.civil, days_)) {
      Instance instance = ToInstance(At(master_.start, civil), zones_, unknown);
      if (IsBeforeEnd(instance, rule.until, zones_)) found.push_back(std::move(instance));
    }
    return found;
  }

 private:
  const Event& master_;
  const CivilRange& days_;
  Zones& zones_;
};

}  // namespace

Instance ToInstance(const EventTime& start, Zones& zones, bool& unknown) {
  Instance instance{.start = start, .time = {}, .key = {}, .day = CivilDay(start.civil)};
  if (start.is_date()) {
    instance.time = absl::FromCivil(start.civil, absl::UTCTimeZone());
    instance.key = absl::FormatTime("%Y%m%d", instance.time, absl::UTCTimeZone());
    return instance;
  }
  instance.time = zones.ToTime(start, unknown);
  instance.key = absl::FormatTime("%Y%m%dT%H%M%SZ", instance.time, absl::UTCTimeZone());
  instance.day = CivilDay(zones.Local(instance.time));
  return instance;
}

void InstanceNames::Add(const EventTime& name) {
  if (name.is_date() || dates_) {
    days_.insert(DayOf(name, zones_));
    return;
  }
  bool unknown = false;
  keys_.insert(ToInstance(name, zones_, unknown).key);
  walls_.insert(name.civil);
}

bool InstanceNames::Has(const Instance& instance) const {
  return keys_.count(instance.key) > 0 || walls_.count(instance.start.civil) > 0 ||
         days_.count(CivilDay(instance.start.civil)) > 0;
}

std::map<std::string, Instance> InstancesOf(const Event& master,
                                            const CivilRange& days,
                                            Zones& zones,
                                            bool& unknown) {
  std::map<std::string, Instance> found;
  const auto add = [&](Instance instance) {
    std::string key = instance.key;
    found.emplace(std::move(key), std::move(instance));
  };
  // The start is an instance whatever its rule says of it.
  if (IsIn(days, master.start)) add(ToInstance(master.start, zones, unknown));
  const RuleInstances rules(master, days, zones);
  for (const EventRule& rule : master.rules) {
    for (Instance& instance : rules.Of(rule, unknown)) add(std::move(instance));
  }
  for (const EventDate& date : master.dates) {
    if (!IsIn(days, date.start)) continue;
    Instance instance = ToInstance(WithTimeOf(master.start, date.start), zones, unknown);
    if (date.is_period()) instance.period = &date;
    add(std::move(instance));
  }
  for (const EventRule& rule : master.excluded_rules) {
    for (const Instance& instance : rules.Of(rule, unknown)) found.erase(instance.key);
  }
  InstanceNames excluded(zones, master.start.is_date());
  for (const EventTime& date : master.excluded_dates) {
    if (IsIn(days, date)) excluded.Add(date);
  }
  std::erase_if(found, [&](const auto& entry) { return excluded.Has(entry.second); });
  return found;
}

Instance FindInstance(const EventTime& name,
                      const Event* master,
                      const std::map<std::string, Instance>& instances,
                      Zones& zones,
                      bool& unknown) {
  Instance as_told = ToInstance(name, zones, unknown);
  if (master == nullptr || instances.count(as_told.key) > 0) return as_told;
  InstanceNames names(zones, master->start.is_date());
  names.Add(name);
  const auto named = std::find_if(instances.begin(), instances.end(),
                                  [&](const auto& entry) { return names.Has(entry.second); });
  if (named != instances.end()) return named->second;
  if (name.is_date()) return ToInstance(WithTimeOf(master->start, name), zones, unknown);
  if (!master->start.is_date()) return as_told;
  return ToInstance(At(master->start, absl::CivilSecond(DayOf(name, zones))), zones, unknown);
}

}  // namespace brobygger::calendars
