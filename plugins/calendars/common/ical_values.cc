#include "plugins/calendars/common/ical_values.h"

#include <charconv>
#include <cstring>

#include <absl/status/status.h>

namespace brobygger::calendars {
namespace {

// libical ends its lists with a sign of its own, unless they are full.
template <std::size_t kSize>
std::vector<int> ListOf(const short (&values)[kSize]) {
  std::vector<int> list;
  for (const short value : values) {
    if (value == ICAL_RECURRENCE_ARRAY_MAX) break;
    list.push_back(value);
  }
  return list;
}

absl::Weekday ToWeekday(icalrecurrencetype_weekday day) {
  switch (day) {
    case ICAL_TUESDAY_WEEKDAY:
      return absl::Weekday::tuesday;
    case ICAL_WEDNESDAY_WEEKDAY:
      return absl::Weekday::wednesday;
    case ICAL_THURSDAY_WEEKDAY:
      return absl::Weekday::thursday;
    case ICAL_FRIDAY_WEEKDAY:
      return absl::Weekday::friday;
    case ICAL_SATURDAY_WEEKDAY:
      return absl::Weekday::saturday;
    case ICAL_SUNDAY_WEEKDAY:
      return absl::Weekday::sunday;
    default:
      return absl::Weekday::monday;
  }
}

std::optional<Rule::Frequency> ToFrequency(icalrecurrencetype_frequency frequency) {
  switch (frequency) {
    case ICAL_DAILY_RECURRENCE:
      return Rule::Frequency::kDaily;
    case ICAL_WEEKLY_RECURRENCE:
      return Rule::Frequency::kWeekly;
    case ICAL_MONTHLY_RECURRENCE:
      return Rule::Frequency::kMonthly;
    case ICAL_YEARLY_RECURRENCE:
      return Rule::Frequency::kYearly;
    default:
      return std::nullopt;
  }
}

bool IsSubDaily(icalrecurrencetype_frequency frequency) {
  return frequency == ICAL_SECONDLY_RECURRENCE || frequency == ICAL_MINUTELY_RECURRENCE ||
         frequency == ICAL_HOURLY_RECURRENCE;
}

}  // namespace

Component ParseComponent(const std::string& text) {
  return Component(icalparser_parse_string(text.c_str()));
}

std::vector<icalproperty*> PropertiesOf(icalcomponent* component) {
  std::vector<icalproperty*> properties;
  for (icalproperty* property = icalcomponent_get_first_property(component, ICAL_ANY_PROPERTY);
       property != nullptr;
       property = icalcomponent_get_next_property(component, ICAL_ANY_PROPERTY)) {
    properties.push_back(property);
  }
  return properties;
}

EventTime ToEventTime(const icaltimetype& time, icalproperty* property) {
  EventTime read;
  if (icaltime_is_date(time) != 0) {
    read.form = EventTime::Form::kDate;
    read.civil = absl::CivilDay(time.year, time.month, time.day);
    return read;
  }
  read.civil =
      absl::CivilSecond(time.year, time.month, time.day, time.hour, time.minute, time.second);
  if (icaltime_is_utc(time) != 0) {
    read.form = EventTime::Form::kUtc;
    return read;
  }
  if (property == nullptr) return read;
  const icalparameter* parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
  const char* zone = parameter == nullptr ? nullptr : icalparameter_get_tzid(parameter);
  if (zone == nullptr) return read;
  const auto [end, error] = std::from_chars(zone, zone + std::strlen(zone), read.zone);
  if (error == std::errc() && *end == '\0') read.form = EventTime::Form::kZoned;
  return read;
}

EventDate ToEventDate(const icaldatetimeperiodtype& date, icalproperty* property) {
  const icalperiodtype& period = date.period;
  if (icalperiodtype_is_null_period(period) != 0)
    return {.start = ToEventTime(date.time, property)};
  EventDate read{.start = ToEventTime(period.start, property)};
  if (icaltime_is_null_time(period.end) == 0) {
    read.end = ToEventTime(period.end, property);
  } else {
    read.duration = ToEventDuration(period.duration);
  }
  return read;
}

EventDuration ToEventDuration(const icaldurationtype& duration) {
  constexpr long long kSecondsAnHour = 3600;
  return {.days = static_cast<long long>(duration.weeks) * 7 + duration.days,
          .seconds = duration.hours * kSecondsAnHour +
                     static_cast<long long>(duration.minutes) * 60 + duration.seconds};
}

absl::StatusOr<EventRule> ToEventRule(const icalrecurrencetype& from) {
  if (IsSubDaily(from.freq)) return absl::InvalidArgumentError("sub_daily_rule");
  const auto frequency = ToFrequency(from.freq);
  const bool gregorian = from.rscale == nullptr || std::strcmp(from.rscale, "GREGORIAN") == 0;
  if (!frequency || !gregorian || from.skip != ICAL_SKIP_OMIT || from.interval < 1) {
    return absl::InvalidArgumentError("bad_rule");
  }
  EventRule read;
  Rule& rule = read.rule;
  rule.frequency = *frequency;
  rule.interval = from.interval;
  if (from.count > 0) rule.count = from.count;
  rule.week_start = ToWeekday(from.week_start);
  rule.months = ListOf(from.by_month);
  rule.week_numbers = ListOf(from.by_week_no);
  rule.year_days = ListOf(from.by_year_day);
  rule.month_days = ListOf(from.by_month_day);
  rule.hours = ListOf(from.by_hour);
  rule.minutes = ListOf(from.by_minute);
  rule.seconds = ListOf(from.by_second);
  rule.positions = ListOf(from.by_set_pos);
  for (const int encoded : ListOf(from.by_day)) {
    const auto day = static_cast<short>(encoded);
    rule.days.push_back({.weekday = ToWeekday(icalrecurrencetype_day_day_of_week(day)),
                         .nth = icalrecurrencetype_day_position(day)});
  }
  if (rule.SubDaily()) return absl::InvalidArgumentError("sub_daily_rule");
  if (icaltime_is_null_time(from.until) == 0) read.until = ToEventTime(from.until, nullptr);
  return read;
}

}  // namespace brobygger::calendars
