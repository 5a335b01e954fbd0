#pragma once

#include <string>
#include <vector>

#include <absl/time/civil_time.h>

#include "plugins/calendars/common/meetings.h"
#include "plugins/calendars/graph/event.h"

namespace brobygger::graph {

// An event as the view of a calendar has it: alone, or a series by its instances.
struct Group {
  std::string id;  // Graph's, of the event or of the series' master
  bool is_series = false;
  std::vector<Event> instances;  // one, or the series' in the window, by id
};

// How a group is told.
struct TellingRules {
  const calendars::Window& window;
  const calendars::Pseudonyms& pseudonyms;
};

// What may be told of a group; `master` is the event itself if it stands alone. What an instance
// does not say is the master's. Pure; thread-safe. Throws if the system has no time zone data.
calendars::MeetingObject ToMeetingObject(const Event& master,
                                         const Group& group,
                                         const TellingRules& rules);

// The day of its start in Europe/Copenhagen, or an all-day event's date.
absl::CivilDay DayOf(const Event& event, bool all_day);

}  // namespace brobygger::graph
