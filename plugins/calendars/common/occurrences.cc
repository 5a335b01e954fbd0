#include "plugins/calendars/common/occurrences.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

namespace brobygger::calendars {
namespace {

using absl::CivilDay;
using absl::CivilSecond;

constexpr long long kMaxShiftDays = 366;
// A day in one zone is one of three in another; one more for good measure.
constexpr int kMarginDays = 2;

bool IsMaster(const Event& event) { return !event.instance; }

}  // namespace

Occurrences::Occurrences(const std::vector<Event>& events,
                         const OccurrenceLimits& limits,
                         Zones& zones)
    : limits_(limits), zones_(zones) {
  for (const Event& event : events) remarks_.insert(event.remarks.begin(), event.remarks.end());
  ChooseMaster(events);
  FindInstances(events);
  if (unknown_zone_) remarks_.insert("unknown_zone");
}

void Occurrences::ChooseMaster(const std::vector<Event>& events) {
  for (const Event& event : events) {
    repeats_ |= !IsMaster(event) || !event.rules.empty() || !event.dates.empty();
    if (!IsMaster(event)) continue;
    if (master_ != nullptr) remarks_.insert("duplicate_uid");
    if (master_ == nullptr || event.sequence >= master_->sequence) master_ = &event;
  }
}

// The civil times at which an instance may start that is told, wherever it is.
CivilRange Occurrences::RangeFor(const std::vector<Event>& events) const {
  const bool shifted =
      std::any_of(events.begin(), events.end(), [](const Event& event) { return event.and_later; });
  const long long margin = kMarginDays + (shifted ? kMaxShiftDays : 0);
  return {CivilSecond(limits_.starts.first - margin),
          CivilSecond(limits_.starts.last + margin + 1)};
}

void Occurrences::FindInstances(const std::vector<Event>& events) {
  if (master_ != nullptr) {
    instances_ = InstancesOf(*master_, RangeFor(events), zones_, unknown_zone_);
  }
  if (instances_.size() > limits_.most_instances) {
    remarks_.insert("too_many_instances");
    instances_.erase(
        std::next(instances_.begin(), static_cast<std::ptrdiff_t>(limits_.most_instances)),
        instances_.end());
  }
  for (const Event& event : events) {
    if (IsMaster(event)) continue;
    Instance instance = FindInstance(*event.instance, master_, instances_, zones_, unknown_zone_);
    if (event.and_later) {
      AddChange(event, std::move(instance));
    } else {
      AddOverride(event, instance.key);
    }
  }
  std::stable_sort(changes_.begin(), changes_.end(), [](const Change& left, const Change& right) {
    return left.from.time < right.from.time;
  });
}

void Occurrences::AddOverride(const Event& event, const std::string& key) {
  Override& told = overrides_[key];
  if (told.event != nullptr && event.sequence < told.event->sequence) return;
  told = {.event = &event, .day = ToInstance(event.start, zones_, unknown_zone_).day};
}

void Occurrences::AddChange(const Event& event, Instance from) {
  const Instance start = ToInstance(event.start, zones_, unknown_zone_);
  long long shift = start.day - from.day;
  // A new rhythm, or a move so far that it is no move, is told as the old one.
  if (!event.rules.empty() || std::llabs(shift) > kMaxShiftDays) {
    remarks_.insert("this_and_future");
    shift = 0;
  }
  Change change{.from = std::move(from), .event = &event, .shift_days = shift};
  if (!event.start.is_date()) {
    change.second_of_day = zones_.Local(start.time) - CivilSecond(start.day);
  }
  changes_.push_back(std::move(change));
}

// The last change that holds at `time`, if any.
const Occurrences::Change* Occurrences::ChangeAt(absl::Time time) const {
  const auto after = std::upper_bound(
      changes_.begin(), changes_.end(), time,
      [](absl::Time instant, const Change& change) { return instant < change.from.time; });
  return after == changes_.begin() ? nullptr : &*std::prev(after);
}

void Occurrences::ForEach(Take take) const {
  for (const auto& [key, change] : overrides_) {
    TellIfWanted(
        {.key = key, .start = change.event->start, .day = change.day, .event = *change.event},
        take);
  }
  for (const auto& [key, instance] : instances_) {
    if (overrides_.count(key) > 0) continue;
    if (const Change* change = ChangeAt(instance.time); change != nullptr) {
      TellChanged(key, instance, *change, take);
    } else if (master_ != nullptr) {
      TellIfWanted({.key = key,
                    .start = instance.start,
                    .day = instance.day,
                    .event = *master_,
                    .period = instance.period},
                   take);
    }
  }
  // One that the master does not give, or that stands alone.
  for (const Change& change : changes_) {
    const std::string& key = change.from.key;
    if (instances_.count(key) > 0 || overrides_.count(key) > 0) continue;
    TellChanged(key, change.from, change, take);
  }
}

void Occurrences::TellChanged(const std::string& key,
                              const Instance& instance,
                              const Change& change,
                              Take take) const {
  const CivilDay day = instance.day + change.shift_days;
  // Floating times are in Europe/Copenhagen, as the day is.
  const bool whole_day = change.event->start.is_date();
  const EventTime start{.civil = CivilSecond(day) + change.second_of_day,
                        .form = whole_day ? EventTime::Form::kDate : EventTime::Form::kFloating};
  TellIfWanted({.key = key, .start = start, .day = day, .event = *change.event}, take);
}

void Occurrences::TellIfWanted(const Occurrence& occurrence, Take take) const {
  if (occurrence.day < limits_.starts.first || occurrence.day > limits_.starts.last) return;
  Occurrence told = occurrence;
  told.cancelled = occurrence.event.cancelled || (master_ != nullptr && master_->cancelled);
  take(told);
}

}  // namespace brobygger::calendars
