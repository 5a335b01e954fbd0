#pragma once

#include "core/conformance/case.h"

namespace brobygger::conformance {

// The cases of U in which another version takes the plugin's place.
absl::Status UpgradeUnderLoad(Bench& bench);
absl::Status FailedUpgrade(Bench& bench);

}  // namespace brobygger::conformance
