#include "core/access/jwt.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/access/base64url.h"
#include "core/access/signature.h"
#include "core/access/token_json.h"
#include "core/base/status_macros.h"

namespace brobygger::access {
namespace {

using nlohmann::json;
using Refusal = TokenRefusal;

// The three parts as they stand in the token; they live as long as its text.
struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  // Header and payload with the dot between them: what is signed.
  std::string_view signed_text;
};

struct Header {
  std::string algorithm;
  std::string type;
  std::string key_id;
};

absl::StatusOr<Parts> Split(std::string_view text) {
  if (text.size() > kMostTokenBytes) return RefuseToken(Refusal::kTooLong);
  if (std::count(text.begin(), text.end(), '.') != 2) return RefuseToken(Refusal::kNotThreeParts);
  const std::size_t first = text.find('.');
  const std::size_t second = text.rfind('.');
  return Parts{text.substr(0, first), text.substr(first + 1, second - first - 1),
               text.substr(second + 1), text.substr(0, second)};
}

absl::StatusOr<std::string> Decode(std::string_view part) {
  auto bytes = FromBase64Url(part);
  if (!bytes.has_value()) return RefuseToken(Refusal::kNotBase64Url);
  return *std::move(bytes);
}

absl::StatusOr<std::string> HeaderText(const json& header, const char* name) {
  const auto found = header.find(name);
  if (found == header.end() || !found->is_string()) return RefuseToken(Refusal::kHeaderValue);
  return found->get<std::string>();
}

absl::StatusOr<Header> ReadHeader(std::string_view part) {
  constexpr std::array<std::string_view, 3> kKnown = {"alg", "typ", "kid"};
  BB_ASSIGN_OR_RETURN(const std::string text, Decode(part));
  BB_ASSIGN_OR_RETURN(const json object, ParseTokenObject(text));
  for (const auto& member : object.items()) {
    if (std::find(kKnown.begin(), kKnown.end(), member.key()) == kKnown.end()) {
      return RefuseToken(Refusal::kHeaderMember);
    }
  }
  Header header;
  BB_ASSIGN_OR_RETURN(header.algorithm, HeaderText(object, "alg"));
  BB_ASSIGN_OR_RETURN(header.type, HeaderText(object, "typ"));
  BB_ASSIGN_OR_RETURN(header.key_id, HeaderText(object, "kid"));
  return header;
}

absl::StatusOr<TokenType> TypeOf(const Header& header, const Issuer& issuer) {
  // RFC 9068 section 4: either of the two, and no other value.
  if (header.type == "at+jwt" || header.type == "application/at+jwt") {
    return TokenType::kAccessToken;
  }
  if (header.type == "JWT" && issuer.plain_type.has_value()) return TokenType::kPlain;
  return RefuseToken(Refusal::kWrongType);
}

absl::Status CheckSignature(const Parts& parts, const Header& header, const KeySet& keys) {
  const auto found = keys.keys.find(header.key_id);
  if (found == keys.keys.end()) return RefuseToken(Refusal::kUnknownKey);
  const PublicKey& key = found->second;
  if (header.algorithm != NameOf(key.algorithm)) return RefuseToken(Refusal::kWrongAlgorithm);
  BB_ASSIGN_OR_RETURN(const std::string signature, Decode(parts.signature));
  return IsSignedBy(key, parts.signed_text, signature) ? absl::OkStatus()
                                                       : RefuseToken(Refusal::kWrongSignature);
}

}  // namespace

absl::StatusOr<TokenHint> ReadHint(std::string_view text) {
  BB_ASSIGN_OR_RETURN(const Parts parts, Split(text));
  BB_ASSIGN_OR_RETURN(Header header, ReadHeader(parts.header));
  BB_ASSIGN_OR_RETURN(const std::string payload, Decode(parts.payload));
  BB_ASSIGN_OR_RETURN(const json claims, ParseTokenObject(payload));
  const auto issuer = claims.find("iss");
  if (issuer == claims.end() || !issuer->is_string()) return RefuseToken(Refusal::kWrongIssuer);
  return TokenHint{std::move(header.key_id), issuer->get<std::string>()};
}

absl::StatusOr<Claims> VerifyToken(std::string_view text,
                                   const Issuer& issuer,
                                   const KeySet& keys,
                                   base::Instant now) {
  BB_ASSIGN_OR_RETURN(const Parts parts, Split(text));
  BB_ASSIGN_OR_RETURN(const Header header, ReadHeader(parts.header));
  BB_ASSIGN_OR_RETURN(const TokenType type, TypeOf(header, issuer));
  BB_RETURN_IF_ERROR(CheckSignature(parts, header, keys));
  BB_ASSIGN_OR_RETURN(const std::string payload, Decode(parts.payload));
  return ReadClaims(payload, type, issuer, now);
}

}  // namespace brobygger::access
