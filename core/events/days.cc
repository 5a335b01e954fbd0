#include "core/events/days.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/events/kept.h"

namespace brobygger::events {

absl::StatusOr<std::vector<HeldDay>> DaysHeldBy(const storage::Snapshot& snapshot,
                                                const std::set<std::string>& department_ids) {
  BB_ASSIGN_OR_RETURN(auto events, LoadEvents(snapshot));
  std::vector<HeldDay> days;
  for (Event& event : events) {
    const auto& hosts = event.host_department_ids();
    const bool theirs = std::any_of(hosts.begin(), hosts.end(), [&](const std::string& id) {
      return department_ids.contains(id);
    });
    if (!theirs || event.has_cancel_time()) continue;
    std::string first_day = FirstDay(event);
    days.push_back({std::move(event), std::move(first_day)});
  }
  return days;
}

}  // namespace brobygger::events
