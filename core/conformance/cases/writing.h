#pragma once

#include <vector>

#include "core/conformance/scenes.h"

namespace brobygger::conformance {

// W11-W20, which are in a file of their own.
std::vector<Case> MoreWriteCases();

}  // namespace brobygger::conformance
