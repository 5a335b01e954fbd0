#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>

#include "plugins/calendars/common/event.h"
#include "plugins/calendars/common/event_filter.h"
#include "plugins/calendars/common/meetings.h"
#include "plugins/calendars/common/pseudonym.h"
#include "plugins/calendars/common/zones.h"

namespace brobygger::calendars {

// Why an object is bad that the time was too short for.
inline constexpr char kOutOfTime[] = "out_of_time";

// How a text is read, and for how long.
struct ObjectReading {
  Purpose purpose;
  const Pseudonyms& pseudonyms;
  std::chrono::nanoseconds budget;
};

// Is given the events of one object, all with this UID, in the text's order; not empty. The
// message of its error is the stable code of why the object is bad.
using TakeObject = absl::FunctionRef<absl::Status(
    const std::string& uid, const std::vector<Event>& events, Zones& zones)>;

// Reads calendar text (RFC 5545) object by object, each by itself, and tells those that are bad.
// Errors and bounds are those of ReadMeetings. Thread-safe.
absl::StatusOr<std::vector<BadObject>> ReadObjects(std::string_view text,
                                                   const ObjectReading& reading,
                                                   TakeObject take);

}  // namespace brobygger::calendars
