#pragma once

#include <chrono>
#include <string>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "plugins/files/csv/config.h"

namespace brobygger::csv {

inline constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;

// The file to read now: the configured one, or the newest that matches in the
// configured folder. CLASS_NOT_FOUND, CLASS_CONFIG (not allowed).
absl::StatusOr<std::string> FindFile(const Config& config);

// Returns when the file has not changed for as long as the configuration asks.
// Calls `beat` about once a second meanwhile; an error from it ends the wait.
absl::Status WaitUntilStable(const std::string& path,
                             std::chrono::milliseconds stable_for,
                             absl::FunctionRef<absl::Status()> beat);

// The whole file, or an error: CLASS_TRANSIENT if it changed meanwhile.
absl::StatusOr<std::string> ReadWhole(const std::string& path);

}  // namespace brobygger::csv
