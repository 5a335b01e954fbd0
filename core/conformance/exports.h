#pragma once

#include <cstdint>
#include <optional>
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

// The numbers that stand first in the table that bb_entry_v1 gives, and where in the file
// they stand.
struct AbiTable {
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
};

// The table, if it is a constant of the file; one that is made at run time is not seen.
std::optional<AbiTable> FindAbiTable(const std::string& path);

}  // namespace brobygger::conformance
