#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/access/jwks.h"

namespace brobygger::access {

// What a token's header says, unproven.
struct TokenHeader {
  std::string algorithm;
  std::optional<std::string> type;  // unset: the header has none
  std::string key_id;
};

// A token in its compact form (RFC 7515 section 7.1), taken apart. The texts live as long as the
// token's.
struct SignedToken {
  TokenHeader header;
  std::string_view payload;
  std::string_view signature;
  // Header and payload with the dot between them.
  std::string_view signed_text;
};

// Takes a token of at most `most_bytes` apart. Its header has alg, kid and perhaps typ, and nothing
// else. UNAUTHENTICATED with a TokenRefusal. Pure; thread-safe.
absl::StatusOr<SignedToken> SplitToken(std::string_view text, std::size_t most_bytes);

// Whether the token is signed with the key of `keys` that it names, by that key's algorithm.
// UNAUTHENTICATED with a TokenRefusal. Pure; thread-safe.
absl::Status CheckSignature(const SignedToken& token, const KeySet& keys);

// The bytes of a part. UNAUTHENTICATED with a TokenRefusal. Pure; thread-safe.
absl::StatusOr<std::string> DecodePart(std::string_view part);

}  // namespace brobygger::access
