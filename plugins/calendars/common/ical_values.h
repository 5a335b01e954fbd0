#pragma once

#include <memory>
#include <string>
#include <vector>

#include <libical/ical.h>

#include "plugins/calendars/common/event.h"

namespace brobygger::calendars {

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

// Parses one component that the pre-filter let through; null if libical cannot.
Component ParseComponent(const std::string& text);

// Its properties. Collected first: libical keeps one cursor a component, and a walk inside a walk
// would end the outer one.
std::vector<icalproperty*> PropertiesOf(icalcomponent* component);

// What libical read of a DATE or DATE-TIME; `property` may have a TZID.
EventTime ToEventTime(const icaltimetype& time, icalproperty* property);

// What libical read of an RDATE.
EventDate ToEventDate(const icaldatetimeperiodtype& date, icalproperty* property);

// What libical read of a DURATION.
EventDuration ToEventDuration(const icaldurationtype& duration);

// The rule of an RRULE, or why it cannot be had: "sub_daily_rule" or "bad_rule".
absl::StatusOr<EventRule> ToEventRule(const icalrecurrencetype& from);

}  // namespace brobygger::calendars
