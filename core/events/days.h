#pragma once

#include <set>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/events/rules.h"
#include "core/storage/store.h"

namespace brobygger::events {

// An event, and the first day of it in Denmark, ISO 8601.
struct HeldDay {
  Event event;
  std::string first_day;
};

// Every event that one of these departments holds and that was not cancelled, in no order. Reads
// all events there are.
absl::StatusOr<std::vector<HeldDay>> DaysHeldBy(const storage::Snapshot& snapshot,
                                                const std::set<std::string>& department_ids);

}  // namespace brobygger::events
