#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "core/web/http.h"

namespace brobygger::web {

// Who asks, as the hub is told: only the hub knows what that is worth. Never logged.
struct Caller {
  std::string key = {};      // an API key, "bb_..."
  std::string address = {};  // where the request comes from; "" if nobody knows
  std::string digest = {};   // of the key (SHA-256, 32 bytes): what is remembered of it here
};

// The key that a request shows: "Authorization: Bearer bb_...", or "X-Api-Key: bb_...".
// NOT_SIGNED_IN where there is none, or one that has not a key's letters; FIELD_INVALID where two
// are shown, of which nobody knows which is meant. Pure.
absl::StatusOr<Caller> CallerOf(const Request& request);

}  // namespace brobygger::web
