#include "core/access/jwt.h"

#include <utility>

#include "core/access/signed_token.h"
#include "core/access/token_json.h"
#include "core/base/status_macros.h"

namespace brobygger::access {
namespace {

using nlohmann::json;
using Refusal = TokenRefusal;

// ID tokens may do without a typ; access tokens may not.
absl::StatusOr<SignedToken> Split(std::string_view text) {
  BB_ASSIGN_OR_RETURN(SignedToken token, SplitToken(text, kMostTokenBytes));
  if (!token.header.type.has_value()) return RefuseToken(Refusal::kHeaderValue);
  return token;
}

absl::StatusOr<TokenType> TypeOf(const TokenHeader& header, const Issuer& issuer) {
  // RFC 9068 section 4: either of the two, and no other value.
  if (header.type == "at+jwt" || header.type == "application/at+jwt") {
    return TokenType::kAccessToken;
  }
  if (header.type == "JWT" && issuer.plain_type.has_value()) return TokenType::kPlain;
  return RefuseToken(Refusal::kWrongType);
}

}  // namespace

absl::StatusOr<TokenHint> ReadHint(std::string_view text) {
  BB_ASSIGN_OR_RETURN(SignedToken token, Split(text));
  BB_ASSIGN_OR_RETURN(const std::string payload, DecodePart(token.payload));
  BB_ASSIGN_OR_RETURN(const json claims, ParseTokenObject(payload));
  const auto issuer = claims.find("iss");
  if (issuer == claims.end() || !issuer->is_string()) return RefuseToken(Refusal::kWrongIssuer);
  return TokenHint{std::move(token.header.key_id), issuer->get<std::string>()};
}

absl::StatusOr<Claims> VerifyToken(std::string_view text,
                                   const Issuer& issuer,
                                   const KeySet& keys,
                                   base::Instant now) {
  BB_ASSIGN_OR_RETURN(const SignedToken token, Split(text));
  BB_ASSIGN_OR_RETURN(const TokenType type, TypeOf(token.header, issuer));
  BB_RETURN_IF_ERROR(CheckSignature(token, keys));
  BB_ASSIGN_OR_RETURN(const std::string payload, DecodePart(token.payload));
  return ReadClaims(payload, type, issuer, now);
}

}  // namespace brobygger::access
