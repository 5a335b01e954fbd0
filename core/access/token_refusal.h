#pragma once

#include <absl/status/status.h>

namespace brobygger::access {

// Which rule an access token broke: for logs, counters and tests, never for the caller,
// whom it would only help to make a better forgery.
enum class TokenRefusal {
  // Not a refused token: another error, or none.
  kNone,
  kTooLong,
  // Not three parts with two dots between them (RFC 7515 section 7.1).
  kNotThreeParts,
  kNotBase64Url,
  // Header or claims are not what ParseStrictJson() takes, or not an object.
  kNotJson,
  kTooDeep,
  kDuplicateName,
  // The header has a member other than alg, typ and kid: crit (RFC 7515 section 4.1.11),
  // which asks for what we do not do, or jku, jwk, x5u and x5c, which bring their own key.
  kHeaderMember,
  // alg, typ or kid is missing or not text.
  kHeaderValue,
  // typ is not one this issuer may use: an ID token, say (RFC 8725 section 3.11).
  kWrongType,
  kUnknownKey,
  // alg is not the one that the key is for (RFC 8725 section 3.1).
  kWrongAlgorithm,
  kWrongSignature,
  kWrongIssuer,
  kWrongAudience,
  // exp or iat is missing, a time is not an integer from 1970 to 9999, or exp is not
  // after iat.
  kWrongTime,
  kExpired,
  kNotYetValid,
  kLivesTooLong,
  // Another claim has a form we cannot rely on: no sub, roles that are not a list.
  kWrongClaim,
};

// The name without its k, as it stands in logs: "WrongIssuer". Lives for ever.
const char* NameOf(TokenRefusal refusal);

// UNAUTHENTICATED, with one sentence that is the same whatever the reason, and the reason
// where only RefusalOf() finds it. It is no error of base::MakeError() on purpose: the
// service that answers logs the reason and makes the error that the caller gets.
absl::Status RefuseToken(TokenRefusal refusal);

// The reason RefuseToken() put into `status`.
TokenRefusal RefusalOf(const absl::Status& status);

}  // namespace brobygger::access
