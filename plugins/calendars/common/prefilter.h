#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "plugins/calendars/common/event_filter.h"

namespace brobygger::calendars {

inline constexpr std::size_t kMaxTextBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxEvents = 20'000;

// What of a calendar text may be handed to libical.
struct FilteredText {
  std::vector<FilteredEvent> events;         // In the text's order.
  std::vector<std::string> zone_names;       // By the number that `TZID=` holds in an event.
  std::map<std::string, std::string> zones;  // VTIMEZONE by TZID, as far as they may be read.
};

// Looks through calendar text (RFC 5545) before libical does: the privacy rule and the robustness
// rule in one pass, for one purpose. Takes time in proportion to the text. An error, CLASS_REJECTED
// or, for a text that is cut off, CLASS_TRANSIENT, means that the text as a whole is no calendar.
absl::StatusOr<FilteredText> Prefilter(std::string_view text, Purpose purpose = Purpose::kMeetings);

}  // namespace brobygger::calendars
