#include "plugins/calendars/common/busy.h"

#include <algorithm>
#include <unordered_map>

#include <absl/status/status.h>

#include "brobygger/sdk/error.h"

#include "plugins/calendars/common/objects.h"
#include "plugins/calendars/common/occurrences.h"

namespace brobygger::calendars {
namespace {

using absl::CivilDay;
using absl::CivilSecond;

constexpr int kDaysAhead = 90;
constexpr int kFirstSecond = 8 * 3600;
constexpr long long kSecondsADay = 86'400;
// So far back is looked for instances that last into the window.
constexpr long long kMostDaysOfAnInstance = 366;
// As many as four rules, 20,000 dates and the window can give, so that none is left out.
constexpr std::size_t kMostInstances = 200'000;

// How long an event lasts: whole days, or days by the calendar and then time that passes
// (RFC 5545, 3.8.5.3: DTEND tells the latter, DURATION may tell both).
struct Length {
  bool whole_days = false;
  long long days = 0;
  absl::Duration time = absl::ZeroDuration();

  // The days that it reaches into after the first one, at most.
  long long DaysLater() const { return days + time / absl::Hours(24) + 1; }
};

absl::Status BadEnd() { return absl::InvalidArgumentError("bad_end"); }

// Without an end, an event on a date lasts one day (RFC 5545, 3.6.1). Programs that tell the same
// date as its end mean that day, too.
absl::StatusOr<Length> WholeDays(const EventDate& date) {
  long long days = 1;
  if (date.end) {
    const CivilDay end(date.end->civil);
    days = end - CivilDay(date.start.civil) + (CivilSecond(end) < date.end->civil ? 1 : 0);
  } else if (date.duration) {
    days = date.duration->days + (date.duration->seconds + kSecondsADay - 1) / kSecondsADay;
  }
  if (days < 0) return BadEnd();
  return Length{.whole_days = true, .days = std::max(days, 1LL)};
}

// Without an end, an event that has a time lasts no time.
absl::StatusOr<Length> LengthOf(const EventDate& date, Zones& zones) {
  if (date.start.is_date()) return WholeDays(date);
  if (!date.end) {
    const EventDuration duration = date.duration.value_or(EventDuration());
    return Length{.days = duration.days, .time = absl::Seconds(duration.seconds)};
  }
  EventTime end = *date.end;
  if (end.is_date()) end.form = EventTime::Form::kFloating;
  bool unknown = false;
  const absl::Duration time = zones.ToTime(end, unknown) - zones.ToTime(date.start, unknown);
  if (time < absl::ZeroDuration()) return BadEnd();
  return Length{.time = time};
}

}  // namespace

// Takes the time of one object's occurrences.
class BusyDays::Object {
 public:
  Object(BusyDays& days, Zones& zones) : days_(days), zones_(zones) {}

  absl::Status Take(const std::vector<Event>& events) {
    if (absl::Status wrong = Measure(events); !wrong.ok()) return wrong;
    const Window& window = days_.window_;
    const Occurrences occurrences(
        events,
        {.starts = {window.first - longest_, window.last}, .most_instances = kMostInstances},
        zones_);
    occurrences.ForEach([&](const Occurrence& occurrence) { TakeOne(occurrence); });
    if (occurrences.remarks().empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(*occurrences.remarks().begin());
  }

 private:
  absl::Status Measure(const std::vector<Event>& events) {
    for (const Event& event : events) {
      if (event.transparent) continue;
      if (absl::Status wrong = MeasureEvent(event); !wrong.ok()) return wrong;
    }
    return absl::OkStatus();
  }

  absl::Status MeasureEvent(const Event& event) {
    const EventDate own{.start = event.start, .end = event.end, .duration = event.duration};
    if (absl::Status wrong = MeasureOne(&event, own); !wrong.ok()) return wrong;
    // What its rule gave many years ago would have to be known.
    if (!event.rules.empty() && lengths_[&event].DaysLater() > kMostDaysOfAnInstance + 1) {
      return absl::InvalidArgumentError("too_long");
    }
    for (const EventDate& date : event.dates) {
      if (!date.is_period()) continue;
      if (absl::Status wrong = MeasureOne(&date, date); !wrong.ok()) return wrong;
    }
    return absl::OkStatus();
  }

  absl::Status MeasureOne(const void* of, const EventDate& date) {
    const absl::StatusOr<Length> length = LengthOf(date, zones_);
    if (!length.ok()) return length.status();
    longest_ = std::max(longest_, length->DaysLater());
    lengths_.emplace(of, *length);
    return absl::OkStatus();
  }

  void TakeOne(const Occurrence& occurrence) {
    if (occurrence.event.transparent || occurrence.cancelled) return;
    const auto length = occurrence.period == nullptr ? lengths_.find(&occurrence.event)
                                                     : lengths_.find(occurrence.period);
    if (length == lengths_.end()) return;
    const auto& [whole_days, days, time] = length->second;
    if (whole_days) {
      return days_.Take(CivilSecond(occurrence.day), CivilSecond(occurrence.day + days));
    }
    bool unknown = false;
    EventTime last_day = occurrence.start;
    last_day.civil += days * kSecondsADay;
    days_.Take(zones_.Local(zones_.ToTime(occurrence.start, unknown)),
               zones_.Local(zones_.ToTime(last_day, unknown) + time));
  }

  BusyDays& days_;
  Zones& zones_;
  // Of the events that take time, and of the periods among their dates.
  std::unordered_map<const void*, Length> lengths_;
  long long longest_ = 0;  // In days.
};

absl::StatusOr<Window> BusyWindowAt(absl::Time now) {
  const absl::StatusOr<absl::TimeZone> copenhagen = Copenhagen();
  if (!copenhagen.ok()) return copenhagen.status();
  const CivilDay today = absl::ToCivilDay(now, *copenhagen);
  return Window{.first = today, .last = today + kDaysAhead};
}

BusyDays::BusyDays(const Window& window, const Pseudonyms& pseudonyms)
    : window_(window),
      pseudonyms_(pseudonyms),
      days_(static_cast<std::size_t>(window.last - window.first + 1)) {}

absl::StatusOr<std::vector<BadObject>> BusyDays::Add(std::string_view text,
                                                     std::chrono::nanoseconds budget) {
  const auto take = [&](const std::string& /*uid*/, const std::vector<Event>& events,
                        Zones& zones) { return Object(*this, zones).Take(events); };
  auto bad = ReadObjects(
      text, {.purpose = Purpose::kBusy, .pseudonyms = pseudonyms_, .budget = budget}, take);
  if (!bad.ok()) return bad.status();
  const bool in_time = std::none_of(
      bad->begin(), bad->end(), [](const BadObject& object) { return object.why == kOutOfTime; });
  if (in_time) return bad;
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_REJECTED,
                         .code = "calendars.out_of_time",
                         .da = "Det tager for lang tid at regne ud, hvornår kalenderen er "
                               "optaget. Lad den begynde senere.",
                         .en = "It takes too long to find out when the calendar is busy. Let it "
                               "begin later."});
}

void BusyDays::Take(CivilSecond begin, CivilSecond end) {
  if (end <= begin) return;
  const CivilDay last = std::min(CivilDay(end), window_.last);
  for (CivilDay day = std::max(CivilDay(begin), window_.first); day <= last; ++day) {
    Minutes& minutes = days_[static_cast<std::size_t>(day - window_.first)];
    if (minutes.all()) continue;
    const CivilSecond opens = CivilSecond(day) + kFirstSecond;
    const auto from = std::clamp<long long>(begin - opens, 0, kBusyMinutes * 60) / 60;
    const auto to = (std::clamp<long long>(end - opens, 0, kBusyMinutes * 60) + 59) / 60;
    for (auto minute = from; minute < to; ++minute) minutes.set(static_cast<std::size_t>(minute));
  }
}

std::vector<BusyDay> BusyDays::Days() const {
  std::vector<BusyDay> busy;
  CivilDay date = window_.first;
  for (const Minutes& minutes : days_) {
    if (minutes.any()) busy.push_back({.date = date, .minutes = static_cast<int>(minutes.count())});
    ++date;
  }
  return busy;
}

}  // namespace brobygger::calendars
