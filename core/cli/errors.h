#pragma once

#include <string>

#include <absl/status/status.h>
#include <grpcpp/support/status.h>

namespace brobygger::cli {

// What `brobygger` exits with; see README.md.
inline constexpr int kExitDone = 0;
inline constexpr int kExitOther = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitNotReached = 3;
inline constexpr int kExitNotFound = 4;
inline constexpr int kExitNotAllowed = 5;
inline constexpr int kExitConflict = 6;
inline constexpr int kExitPartly = 7;
inline constexpr int kExitChanges = 10;
inline constexpr int kExitInterrupted = 130;

// The status of a call as the rest of the program knows it: base::ReasonOf() and
// base::ErrorMetadata() see what the hub said.
absl::Status FromGrpc(const grpc::Status& status);

int ExitCodeOf(const absl::Status& status);

// What a person reads about an error: what and why, what to do, and "[REASON]".
// `address` is where the hub was looked for. With `facts`, all the hub said.
std::string ErrorText(const absl::Status& status, const std::string& address, bool facts);

}  // namespace brobygger::cli
