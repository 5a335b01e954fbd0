#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "core/access/claims.h"
#include "core/access/jwks.h"
#include "core/access/token_refusal.h"
#include "core/base/clock.h"

namespace brobygger::access {

// Longer tokens are refused unread.
inline constexpr std::size_t kMostTokenBytes = std::size_t{8} << 10;

// What a token says of itself, unproven: good for finding the issuer and the key to check
// it with, and for nothing else.
struct TokenHint {
  std::string key_id;
  std::string issuer;
};

// Reads the hint of `text`, an access token in its compact form (RFC 7515 section 7.1),
// without "Bearer " before it. UNAUTHENTICATED with a TokenRefusal if it cannot be a token
// of anybody. Pure; thread-safe.
absl::StatusOr<TokenHint> ReadHint(std::string_view text);

// What the access token `text` says, if it is one of `issuer`, signed with one of `keys`,
// and valid at `now`. Our own reading of RFC 7515 and RFC 7519, as narrow as RFC 8725
// (best current practice) and RFC 9068 (access tokens) allow:
//
// * The key decides the algorithm (ES256, PS256 or RS256). alg must agree, and "none" and
//   shared secrets do not exist here.
// * The header has alg, typ and kid and nothing else, so that no token brings its own key
//   (jwk, jku, x5u, x5c) or asks for more than we know (crit).
// * typ is "at+jwt" or "application/at+jwt", or "JWT" where the issuer may use that.
// * iss and aud are the issuer's, byte for byte.
// * exp and iat are there and integers, at most an hour apart; kLeeway is given. nbf is
//   respected.
// * At most 8 KiB, 8 objects and arrays within each other, no name twice, base64url of
//   which only one spelling is taken, nothing before or after.
//
// Claims are read after the signature holds, never before. Errors: UNAUTHENTICATED, whose
// reason RefusalOf() tells; the message is the same for all and holds nothing of the
// token. Costs about 0.1 ms for ES256, less for RSA. Pure; thread-safe.
absl::StatusOr<Claims> VerifyToken(std::string_view text,
                                   const Issuer& issuer,
                                   const KeySet& keys,
                                   base::Instant now);

}  // namespace brobygger::access
