#pragma once

#include "core/conformance/case.h"

namespace brobygger::conformance {

// The cases of F about what a process may take, and for how long it may be there.
absl::Status MemoryEnds(Bench& bench);
absl::Status BombIsStopped(Bench& bench);
absl::Status DescriptorsEnd(Bench& bench);
absl::Status EndsWithTheHub(Bench& bench);

}  // namespace brobygger::conformance
