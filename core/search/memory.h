#pragma once

#include <cstdint>

namespace brobygger::search {

// How many bytes this process may still take before the system or its control group would end a
// process for it; a very large number if nobody says.
std::uint64_t FreeMemory();

}  // namespace brobygger::search
