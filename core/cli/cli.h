#pragma once

#include <string>
#include <vector>

namespace brobygger::cli {

// Runs `brobygger` with the words after its name; returns the exit code that
// core/cli/README.md explains. Never throws.
int Main(const std::vector<std::string>& words) noexcept;

}  // namespace brobygger::cli
