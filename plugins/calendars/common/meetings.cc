#include "plugins/calendars/common/meetings.h"

#include <utility>

#include "plugins/calendars/common/objects.h"
#include "plugins/calendars/common/series.h"
#include "plugins/calendars/common/zones.h"

namespace brobygger::calendars {
namespace {

constexpr int kDaysBack = 180;
constexpr int kMeetingDaysAhead = 90;

}  // namespace

absl::StatusOr<Window> WindowAt(absl::Time now) {
  const absl::StatusOr<absl::TimeZone> copenhagen = Copenhagen();
  if (!copenhagen.ok()) return copenhagen.status();
  const absl::CivilDay today = absl::ToCivilDay(now, *copenhagen);
  return Window{.first = today - kDaysBack, .last = today + kMeetingDaysAhead};
}

absl::StatusOr<Reading> ReadMeetings(std::string_view text,
                                     const Window& window,
                                     const Pseudonyms& pseudonyms,
                                     std::chrono::nanoseconds budget) {
  Reading reading;
  const auto take = [&](const std::string& uid, const std::vector<Event>& events, Zones& zones) {
    reading.objects.push_back(
        BuildObject(uid, events, {.window = window, .pseudonyms = pseudonyms, .zones = zones}));
    return absl::OkStatus();
  };
  auto bad = ReadObjects(
      text, {.purpose = Purpose::kMeetings, .pseudonyms = pseudonyms, .budget = budget}, take);
  if (!bad.ok()) return bad.status();
  reading.bad = *std::move(bad);
  return reading;
}

}  // namespace brobygger::calendars
