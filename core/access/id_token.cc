#include "core/access/id_token.h"

#include <algorithm>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "core/access/claims.h"
#include "core/access/signed_token.h"
#include "core/access/token_json.h"
#include "core/access/token_refusal.h"
#include "core/base/status_macros.h"

namespace brobygger::access {
namespace {

using nlohmann::json;
using Refusal = TokenRefusal;

constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestSubject = 255;
// 9999-12-31 23:59:59, as for access tokens.
constexpr std::uint64_t kLastIdSecond = 253'402'300'799;

bool Is(const json& claims, const char* name, const std::string& wanted) {
  const auto found = claims.find(name);
  return found != claims.end() && found->is_string() && !wanted.empty() &&
         found->get_ref<const std::string&>() == wanted;
}

// RFC 7519 section 4.1.3, and OpenID Connect Core section 2 for azp.
absl::Status CheckIdAudience(const json& claims, const std::string& client_id) {
  const auto audience = claims.find("aud");
  if (audience == claims.end()) return RefuseToken(Refusal::kWrongAudience);
  const bool among = audience->is_array() && std::find(audience->begin(), audience->end(),
                                                       json(client_id)) != audience->end();
  const bool several = audience->is_array() && audience->size() > 1;
  const bool named = several || claims.contains("azp");
  const bool fits =
      (among || Is(claims, "aud", client_id)) && (!named || Is(claims, "azp", client_id));
  return fits ? absl::OkStatus() : RefuseToken(Refusal::kWrongAudience);
}

absl::Status CheckEnd(const json& claims, base::Instant now) {
  const auto end = claims.find("exp");
  if (end == claims.end() || !end->is_number_unsigned() ||
      end->get<std::uint64_t>() > kLastIdSecond) {
    return RefuseToken(Refusal::kWrongTime);
  }
  const base::Instant ends(std::chrono::seconds(end->get<std::int64_t>()));
  return now < ends + kLeeway ? absl::OkStatus() : RefuseToken(Refusal::kExpired);
}

// A name that no screen can show is none: nobody is kept out for it.
std::string NameIn(const json& claims) {
  const auto found = claims.find("name");
  if (found == claims.end() || !found->is_string()) return "";
  auto name = found->get<std::string>();
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7F;
  });
  return plain && name.size() <= kLongestName ? name : "";
}

}  // namespace

absl::StatusOr<IdClaims> VerifyIdToken(std::string_view text,
                                       const IdTokenRules& rules,
                                       const KeySet& keys,
                                       base::Instant now) {
  BB_ASSIGN_OR_RETURN(const SignedToken token, SplitToken(text, kMostIdTokenBytes));
  BB_RETURN_IF_ERROR(CheckSignature(token, keys));
  // RFC 8725 section 3.11: an access token is no ID token.
  if (token.header.type.has_value() && token.header.type != "JWT") {
    return RefuseToken(Refusal::kWrongType);
  }
  BB_ASSIGN_OR_RETURN(const std::string payload, DecodePart(token.payload));
  BB_ASSIGN_OR_RETURN(const json claims, ParseTokenObject(payload));
  if (!Is(claims, "iss", rules.issuer)) return RefuseToken(Refusal::kWrongIssuer);
  BB_RETURN_IF_ERROR(CheckIdAudience(claims, rules.client_id));
  BB_RETURN_IF_ERROR(CheckEnd(claims, now));
  const auto subject = claims.find("sub");
  if (subject == claims.end() || !subject->is_string()) return RefuseToken(Refusal::kWrongClaim);
  IdClaims read{.subject = subject->get<std::string>(), .display_name = NameIn(claims)};
  if (read.subject.empty() || read.subject.size() > kLongestSubject) {
    return RefuseToken(Refusal::kWrongClaim);
  }
  read.nonce_fits = !rules.nonce.has_value() || Is(claims, "nonce", *rules.nonce);
  return read;
}

absl::StatusOr<IdClaims> VerifyIdToken(std::string_view text,
                                       const IdTokenRules& rules,
                                       KeyKeeper& keeper,
                                       base::Instant now,
                                       std::chrono::milliseconds most_wait) {
  BB_ASSIGN_OR_RETURN(const SignedToken token, SplitToken(text, kMostIdTokenBytes));
  BB_ASSIGN_OR_RETURN(const auto keys, keeper.KeysFor(token.header.key_id, most_wait));
  return VerifyIdToken(text, rules, *keys, now);
}

}  // namespace brobygger::access
