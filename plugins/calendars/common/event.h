#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/civil_time.h>

#include "plugins/calendars/common/event_filter.h"
#include "plugins/calendars/common/recurrence.h"

namespace brobygger::calendars {

// A DATE or DATE-TIME of an event: civil time, and in which zone.
struct EventTime {
  enum class Form { kDate, kUtc, kFloating, kZoned };

  absl::CivilSecond civil;
  Form form = Form::kFloating;
  std::size_t zone = 0;  // With kZoned: its number in FilteredText::zone_names.

  bool is_date() const { return form == Form::kDate; }
};

// A DURATION (RFC 5545, 3.3.6): days by the calendar, then seconds that pass.
struct EventDuration {
  long long days = 0;
  long long seconds = 0;
};

// What an RDATE gives; of a PERIOD also its end or duration, where that was let through.
struct EventDate {
  EventTime start;
  std::optional<EventTime> end = std::nullopt;
  std::optional<EventDuration> duration = std::nullopt;

  bool is_period() const { return end || duration; }
};

// A rule and its UNTIL.
struct EventRule {
  Rule rule;
  std::optional<EventTime> until;
};

// Somebody asked, or who asked.
struct Person {
  std::string address;  // As README.md's kind `address`.
  bool declined = false;
};

// What one VEVENT says, as far as it was let through.
struct Event {
  EventTime start;
  std::optional<EventTime> end;  // DTEND; of two ends, only one is told.
  std::optional<EventDuration> duration;
  std::optional<EventTime> instance;  // RECURRENCE-ID
  bool and_later = false;             // RANGE=THISANDFUTURE
  std::vector<EventRule> rules;
  std::vector<EventRule> excluded_rules;  // EXRULE, from RFC 2445.
  std::vector<EventDate> dates;           // RDATE
  std::vector<EventTime> excluded_dates;  // EXDATE
  long long sequence = 0;
  bool cancelled = false;
  bool transparent = false;  // TRANSP:TRANSPARENT, it takes no time.
  bool hidden = false;       // CLASS other than PUBLIC, or `Brobygger:ingen`.
  std::vector<std::string> codes;
  std::vector<Person> people;
  std::set<std::string> remarks;
};

// Reads one event with libical. The error's message is the stable code of why it cannot be read.
// Thread-safe.
absl::StatusOr<Event> ParseEvent(const FilteredEvent& filtered);

}  // namespace brobygger::calendars
