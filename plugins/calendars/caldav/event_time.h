#pragma once

#include <string>

#include "plugins/calendars/caldav/content_lines.h"
#include "plugins/calendars/caldav/event_text.h"

namespace brobygger::caldav {

inline constexpr char kLocalZone[] = "Europe/Copenhagen";

// "20260504T120000Z" (RFC 5545 section 3.3.5, form 2).
std::string UtcText(absl::Time time);

// The line of this property: DATE for a day, local with its TZID for an instant. An instant that
// local time cannot tell from another, or that is older than the VTIMEZONE we write, is in UTC.
std::string TimeLine(const std::string& property, const EventTime& time);

// An end as iCalendar has it: of a day that is included the day after; instants as they are.
EventTime Exclusive(const EventTime& end);

// An event's lines about time; null if it has none of them.
struct TimeLines {
  const ContentLine* start = nullptr;
  const ContentLine* end = nullptr;
  const ContentLine* duration = nullptr;
};

// Sets both times of `event`, or neither where they cannot be told. Time zones are those of the
// machine's own list; a time without one is local.
void ReadTimes(const TimeLines& lines, Event& event);

}  // namespace brobygger::caldav
