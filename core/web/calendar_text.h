#pragma once

#include <string>
#include <vector>

#include "brobygger/event/v1/event.pb.h"

namespace brobygger::web {

// One department's events, as calendar programs read them.
struct Calendar {
  std::string title;
  std::vector<event::v1::Event> events;
};

// Raised with each change to what CalendarText() makes of the same events, so that
// calendar programs read it anew.
inline constexpr char kCalendarTextVersion[] = "1";

// An iCalendar object (RFC 5545, with RFC 7986's NAME and REFRESH-INTERVAL) that
// publishes `calendar`: UTF-8, lines ended by CRLF and folded at 75 octets, never inside
// a character. The same events give the same text, whenever it is made.
//
// There is never an ORGANIZER or ATTENDEE in it: servers would send invitations. That
// departs from RFC 5546, section 3.2.1, which wants an ORGANIZER with METHOD:PUBLISH.
//
// An event without a day it begins on, or without an id, is left out. Control characters
// and an address that is not http or https are dropped.
//
// Thread-safe once WarmUpCalendars() has returned.
std::string CalendarText(const Calendar& calendar);

// Lets libical read what it reads once. Call before there are threads, and before files
// are out of reach.
void WarmUpCalendars();

}  // namespace brobygger::web
