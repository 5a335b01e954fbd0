#pragma once

#include <cstdint>
#include <string>

#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::contact {

// How long single touchpoints are kept.
inline constexpr int kMonthsKept = 24;

// The first day of which single touchpoints are kept.
std::string OldestKept(base::Instant now);

// Turns touchpoints of more than 24 months ago into counts by quarter, 500 a commit, and
// says how many. Those in review or dismissed go without being counted.
absl::StatusOr<std::uint64_t> RetireOldTouchpoints(storage::Store& store);

}  // namespace brobygger::contact
