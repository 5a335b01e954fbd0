#pragma once

#include <absl/status/status.h>

#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::sync {

// How long is kept what only tells of the past.
inline constexpr int kDaysOfIdleRuns = 1;  // reports of runs that found nothing to do
inline constexpr int kDaysOfRuns = 90;  // reports of the others, and what they did: undo ends here
inline constexpr int kDaysOfPlans = 7;  // plans that were used, replaced or expired
inline constexpr int kDaysOfOverruled = 5 * 365;  // values that gave way

// Takes away what is older: otherwise a connection that is read every minute leaves half a
// million reports a year, and each look at its newest costs more. The newest run and
// the newest reading of each connection always stay, and so does the plan that waits.
// Nothing of the registry itself is touched. Costs a pass over runs and plans; writes
// 500 removals at a time.
absl::Status Prune(storage::Store& store, const base::Clock& clock);

}  // namespace brobygger::sync
