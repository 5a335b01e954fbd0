#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

namespace brobygger::caldav {

// A point of an event: an instant, or a whole day.
using EventTime = std::variant<absl::Time, absl::CivilDay>;

// What the hub says of an event, and nothing that a person adds to it. Knows nothing of DAV.
struct Event {
  std::string title;
  std::string description;
  std::string place;
  std::string url;
  // Both instants, or both days of which the last is included. Nothing where the text's own cannot
  // be told (an unknown time zone); they are left as they are then.
  std::optional<EventTime> start;
  std::optional<EventTime> end;
  std::int64_t sequence = 0;
  bool cancelled = false;
};

// What a calendar holds of an event of ours.
struct StoredEvent {
  std::string uid;
  Event event;
  bool invites = false;  // it has an ATTENDEE or ORGANIZER: a change makes servers send mail
};

// A new calendar object (RFC 5545) with one event. No ATTENDEE and no ORGANIZER; days are
// VALUE=DATE with an exclusive DTEND; it takes up nobody's time (TRANSPARENT); instants are in
// Europe/Copenhagen with its VTIMEZONE, or in UTC in the hour that the autumn repeats. Both times
// of `event` must be there.
std::string NewEventText(const Event& event, const std::string& uid, absl::Time now);

// Reads the event of a calendar object: its first VEVENT that is no changed instance. Nothing if
// there is none.
std::optional<StoredEvent> ReadEventText(std::string_view text);

// The object `text` with the event as `wanted`: only properties whose values differ are written,
// and with them SEQUENCE if it grew, DTSTAMP and LAST-MODIFIED. All else stays to the byte but for
// how it is folded: alarms, categories, X- lines, other components. Unchanged if nothing differs or
// there is no event in it.
std::string ChangedEventText(std::string_view text, const Event& wanted, absl::Time now);

}  // namespace brobygger::caldav
