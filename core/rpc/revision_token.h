#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <grpcpp/support/string_ref.h>

namespace brobygger::rpc {

// Where the answer to a write tells its revision, and where a read says from which revision on
// it wants to be answered.
inline constexpr char kRevisionKey[] = "brobygger-revision";
inline constexpr char kMinRevisionKey[] = "brobygger-min-revision";

// The revision that a call asks for, if it does. FIELD_INVALID: what it says is no number.
absl::StatusOr<std::optional<std::uint64_t>> WantedRevision(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata);

// REVISION_UNKNOWN if the hub has not got so far. There is nothing to wait for: a write is in
// every read from the moment it is answered, so this hub forgot it (it was restored from a
// backup) or never had it.
absl::Status CheckReached(std::uint64_t wanted, std::uint64_t newest);

}  // namespace brobygger::rpc
