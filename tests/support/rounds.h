#pragma once

#include <cstdlib>

namespace brobygger::support {

// How often a test plays its scene: what the environment variable says, for
// tests/nightly and by hand, or `otherwise`.
inline int RoundsFrom(const char* variable, int otherwise) {
  const char* const wanted =
      std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return wanted == nullptr ? otherwise : std::atoi(wanted);
}

}  // namespace brobygger::support
