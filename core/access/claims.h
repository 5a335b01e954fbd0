#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/base/clock.h"

namespace brobygger::access {

// How long a token may live at most (exp - iat), whatever its issuer says.
inline constexpr std::chrono::seconds kLongestLife = std::chrono::hours(1);
// How far the issuer's clock and ours may be apart.
inline constexpr std::chrono::seconds kLeeway = std::chrono::seconds(60);

// For an issuer whose access tokens have the typ "JWT", which its ID tokens have, too, as
// Keycloak's have unless a switch of the client is on. What tells them apart is then an
// audience that nothing but access tokens for the hub has (RFC 8725 section 3.12), and the
// claim `typ` that Keycloak puts in.
struct PlainType {
  std::string audience;
  // What the claim `typ` must be, "Bearer" for Keycloak; "" to not ask for one.
  std::string type_claim;
};

// One issuer of tokens, as the configuration has it.
struct Issuer {
  // What iss must be, byte for byte.
  std::string issuer;
  // What aud must be, or have among its strings, byte for byte.
  std::string audience;
  // Without it, a token of the typ "JWT" is refused.
  std::optional<PlainType> plain_type;
  // The names of claims that are the provider's choice. "" for one it does not have.
  std::string roles_claim = "roles";
  std::string municipality_claim = "municipality_code";
  std::string departments_claim = "department_ids";
};

// What a token says, after everything about it was checked. Texts have 1 to 255 bytes and
// no control characters, or are "" where the token has no such claim; lists have at most
// 64. A right follows from none of this by itself.
struct Claims {
  std::string subject;
  std::string issuer;
  // The one of the token's audiences that is ours.
  std::string audience;
  // The client that the token was given to: client_id (RFC 9068 section 2.2), or azp.
  std::string client_id;
  // jti, for the audit log.
  std::string token_id;
  base::Instant issued_at;
  base::Instant expires_at;
  // How well the issuer knows the person (OpenID Connect Core section 2), such as an
  // NSIS level.
  std::string acr;
  std::vector<std::string> roles;
  // RFC 8693 section 4.2.
  std::vector<std::string> scopes;
  // Four digits.
  std::string municipality_code;
  std::vector<std::string> department_ids;
  // The SHA-256 of the client certificate that the token is bound to, 32 bytes, or "".
  // Whoever uses the claims must refuse a caller that did not show that certificate (RFC
  // 8705 section 3).
  std::string certificate_sha256;
};

// How a token's header says what it is.
enum class TokenType {
  // "at+jwt" (RFC 9068 section 2.1).
  kAccessToken,
  // "JWT".
  kPlain,
};

// INVALID_ARGUMENT, naming the setting, unless the issuer can be told from others: it has
// an https address (RFC 8414 section 2; http for 127.0.0.1 and [::1], as in tests), an
// audience, and one for plain types if it may use them. Pure.
absl::Status CheckIssuer(const Issuer& issuer);

// The claims in `payload`, a token's second part after base64url, at the time `now`: RFC
// 7519 section 4.1, RFC 9068 sections 2.2 and 4, RFC 7800 section 3.1. The caller has
// checked the signature. A token bound to anything but a certificate is refused: we could
// not hold its bearer to it. UNAUTHENTICATED with a TokenRefusal. Pure; thread-safe.
absl::StatusOr<Claims> ReadClaims(std::string_view payload,
                                  TokenType type,
                                  const Issuer& issuer,
                                  base::Instant now);

}  // namespace brobygger::access
