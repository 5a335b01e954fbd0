#pragma once

#include <string_view>

#include <absl/status/statusor.h>
#include <nlohmann/json.hpp>

namespace brobygger::access {

// A token's header or claims after base64url: an object of at most 8 objects and arrays
// within each other, itself counted. UNAUTHENTICATED with kNotJson, kTooDeep or
// kDuplicateName otherwise. Pure; thread-safe.
absl::StatusOr<nlohmann::json> ParseTokenObject(std::string_view text);

}  // namespace brobygger::access
