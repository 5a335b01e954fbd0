#pragma once

#include <vector>

#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/sync/guard.h"
#include "core/sync/side_stream.h"

namespace brobygger::sync {

// What each calendar of a stream would lose if all that waits went: those that lose nothing are
// left out. Looks at every link of the stream, so it is asked only when something is gone.
absl::StatusOr<std::vector<CalendarLoss>> LossesByCalendar(const SideContext& context,
                                                           base::Instant now);

}  // namespace brobygger::sync
