#pragma once

#include <vector>

#include "plugins/calendars/common/event.h"
#include "plugins/calendars/common/meetings.h"
#include "plugins/calendars/common/zones.h"

namespace brobygger::calendars {

// What the VEVENTs of one object make.
struct SeriesContext {
  const Window& window;
  const Pseudonyms& pseudonyms;
  Zones& zones;
};

// The meetings of one object: its events, all with this UID, in the text's order; not empty.
// Takes time in proportion to the events and to the days from a rule's start to the window.
MeetingObject BuildObject(const std::string& uid,
                          const std::vector<Event>& events,
                          const SeriesContext& context);

}  // namespace brobygger::calendars
