#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

namespace brobygger::conformance {

// What a shared library shows, read from its file without running it.
struct Exports {
  // Defined for everybody, and no weak or unique symbol (those of the standard library
  // and Boost are).
  std::vector<std::string> strong;
  bool entry_in_section = false;  // bb_entry_v1 stands in section "bbplug"
};

// INVALID_ARGUMENT if it is no ELF library of 64 bits.
absl::StatusOr<Exports> ReadExports(const std::string& path);

}  // namespace brobygger::conformance
