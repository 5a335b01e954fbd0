#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/access/jwks.h"
#include "core/access/key_keeper.h"
#include "core/base/clock.h"

namespace brobygger::access {

// Longer ID tokens are refused unread.
inline constexpr std::size_t kMostIdTokenBytes = std::size_t{8} << 10;

// What an ID token must say.
struct IdTokenRules {
  std::string issuer;
  std::string client_id;
  // The one that the sign-in began with; unset after a renewal, whose token need not have it
  // (OpenID Connect Core section 12.2).
  std::optional<std::string> nonce;
};

// What an ID token says of whoever signed in, after everything about it was checked.
struct IdClaims {
  std::string subject;
  // What the provider calls the person, at most 200 bytes without control characters; "" if it
  // does not say so.
  std::string display_name;
  // Whether the nonce is the one that the sign-in began with; true where none is asked for. Here
  // and no error, since it is the one thing that another than the provider can get wrong.
  bool nonce_fits = false;
};

// What the ID token `text` says (OpenID Connect Core section 3.1.3.7), which came straight from the
// provider. It says who signed in and gives no right: what the caller may do, only the access token
// tells. Signed with one of `keys`; iss is the issuer's and aud has the client, byte for byte, as
// has azp where it stands or where there are several audiences; exp has not passed (kLeeway is
// given). UNAUTHENTICATED with a TokenRefusal. Pure; thread-safe.
absl::StatusOr<IdClaims> VerifyIdToken(std::string_view text,
                                       const IdTokenRules& rules,
                                       const KeySet& keys,
                                       base::Instant now);

// The same with the keeper's keys, for which it waits at most `most_wait`. Errors as
// VerifyToken() with a keeper. Thread-safe.
absl::StatusOr<IdClaims> VerifyIdToken(std::string_view text,
                                       const IdTokenRules& rules,
                                       KeyKeeper& keeper,
                                       base::Instant now,
                                       std::chrono::milliseconds most_wait);

}  // namespace brobygger::access
