#pragma once

#include "core/conformance/engine_hub.h"

namespace brobygger::conformance {

// Ids of records that live at the source, in id order, that have a purpose. FAILED_PRECONDITION
// if there are fewer than `count`.
absl::StatusOr<std::vector<std::string>> WithPurpose(Bench& bench, std::size_t count);

// E3 and E4, where the hub itself dies.
absl::Status HistoriesLoseNothing(Bench& bench);
absl::Status DiesAtCommits(Bench& bench);

// The cases of E about what the guard holds, and what a plan may do.
absl::Status MassVanishIsHeld(Bench& bench);
absl::Status MassBlankIsHeld(Bench& bench);
absl::Status PlansAreUsedOnce(Bench& bench);
absl::Status FewChangesAreFew(Bench& bench);

}  // namespace brobygger::conformance
