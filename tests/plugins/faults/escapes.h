#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace brobygger::tests {

// What the test lets the plugin have, and what it must not reach.
struct EscapeTargets {
  std::string allowed_file;
  std::string allowed_folder;  // to write in
  std::uint16_t allowed_port = 0;
  std::string forbidden_file;
  std::string forbidden_folder;
  std::uint16_t forbidden_port = 0;
  std::string forbidden_socket;
  int forbidden_descriptor = -1;
};

struct Attempt {
  std::string name;
  int error = 0;  // 0: it worked
};

// Tries to get out of the jail in every way we know.
std::vector<Attempt> TryEscapes(const EscapeTargets& targets);

// Does what it may.
std::vector<Attempt> TryAllowed(const EscapeTargets& targets);

}  // namespace brobygger::tests
