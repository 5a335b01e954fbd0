#include "core/access/claims.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "core/access/base64url.h"
#include "core/access/token_json.h"
#include "core/access/token_refusal.h"
#include "core/base/status_macros.h"

namespace brobygger::access {
namespace {

using nlohmann::json;
using Refusal = TokenRefusal;

constexpr std::size_t kMostTextBytes = 255;
constexpr std::size_t kMostListed = 64;
constexpr std::size_t kClaimedDigestBytes = 32;
constexpr std::size_t kClaimedCodeDigits = 4;
// 9999-12-31 23:59:59: what comes later is nobody's expiry, and would not fit an Instant.
constexpr std::uint64_t kLastSecond = 253'402'300'799;

bool IsPlain(const std::string& text) {
  return text.size() <= kMostTextBytes && std::all_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte >= 0x20 && byte != 0x7F;
         });
}

// RFC 6749 section 3.3.
bool IsScopeCharacter(char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '\\'; }

// The text of a claim, or "" if the token has none of this name.
absl::StatusOr<std::string> Text(const json& claims, const std::string& name) {
  const auto found = claims.find(name);
  if (name.empty() || found == claims.end()) return "";
  if (!found->is_string()) return RefuseToken(Refusal::kWrongClaim);
  auto text = found->get<std::string>();
  if (text.empty() || !IsPlain(text)) return RefuseToken(Refusal::kWrongClaim);
  return text;
}

// The texts of a claim that is a list, or none if the token has none of this name.
absl::StatusOr<std::vector<std::string>> Texts(const json& claims, const std::string& name) {
  std::vector<std::string> texts;
  const auto found = claims.find(name);
  if (name.empty() || found == claims.end()) return texts;
  if (!found->is_array() || found->size() > kMostListed) return RefuseToken(Refusal::kWrongClaim);
  for (const json& one : *found) {
    if (!one.is_string()) return RefuseToken(Refusal::kWrongClaim);
    texts.push_back(one.get<std::string>());
    if (texts.back().empty() || !IsPlain(texts.back())) return RefuseToken(Refusal::kWrongClaim);
  }
  return texts;
}

// RFC 7519 section 2 lets a NumericDate have decimals and any size; no provider needs them,
// and readers differ about them.
absl::StatusOr<base::Instant> Time(const json& value) {
  // nlohmann keeps every integer from 0 to 2^64 - 1 as unsigned.
  if (!value.is_number_unsigned()) return RefuseToken(Refusal::kWrongTime);
  const auto seconds = value.get<std::uint64_t>();
  if (seconds > kLastSecond) return RefuseToken(Refusal::kWrongTime);
  return base::Instant(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

absl::StatusOr<base::Instant> RequiredTime(const json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end()) return RefuseToken(Refusal::kWrongTime);
  return Time(*found);
}

absl::Status CheckIssuerClaim(const json& claims, const Issuer& issuer) {
  const auto found = claims.find("iss");
  const bool is_ours = found != claims.end() && found->is_string() && !issuer.issuer.empty() &&
                       found->get_ref<const std::string&>() == issuer.issuer;
  return is_ours ? absl::OkStatus() : RefuseToken(Refusal::kWrongIssuer);
}

// RFC 7519 section 4.1.3: one text, or a list of them.
bool HasAudience(const json& audiences, const std::string& ours) {
  if (audiences.is_string()) return audiences.get_ref<const std::string&>() == ours;
  if (!audiences.is_array()) return false;
  const bool all_text = std::all_of(audiences.begin(), audiences.end(),
                                    [](const json& one) { return one.is_string(); });
  return all_text && std::find(audiences.begin(), audiences.end(), json(ours)) != audiences.end();
}

absl::Status CheckAudience(const json& claims, const std::string& ours) {
  const auto found = claims.find("aud");
  const bool is_ours = found != claims.end() && !ours.empty() && HasAudience(*found, ours);
  return is_ours ? absl::OkStatus() : RefuseToken(Refusal::kWrongAudience);
}

// The claim `typ`, which tells Keycloak's access tokens from its ID tokens ("ID").
absl::Status CheckTypeClaim(const json& claims, const PlainType& plain) {
  if (plain.type_claim.empty()) return absl::OkStatus();
  const auto found = claims.find("typ");
  const bool fits = found != claims.end() && *found == json(plain.type_claim);
  return fits ? absl::OkStatus() : RefuseToken(Refusal::kWrongType);
}

absl::Status ReadTimes(const json& claims, base::Instant now, Claims& read) {
  BB_ASSIGN_OR_RETURN(read.issued_at, RequiredTime(claims, "iat"));
  BB_ASSIGN_OR_RETURN(read.expires_at, RequiredTime(claims, "exp"));
  if (read.expires_at <= read.issued_at) return RefuseToken(Refusal::kWrongTime);
  if (read.expires_at - read.issued_at > kLongestLife) return RefuseToken(Refusal::kLivesTooLong);
  base::Instant valid_from = read.issued_at;
  if (const auto found = claims.find("nbf"); found != claims.end()) {
    BB_ASSIGN_OR_RETURN(const base::Instant not_before, Time(*found));
    valid_from = std::max(valid_from, not_before);
  }
  if (now >= read.expires_at + kLeeway) return RefuseToken(Refusal::kExpired);
  if (now + kLeeway < valid_from) return RefuseToken(Refusal::kNotYetValid);
  return absl::OkStatus();
}

absl::Status ReadNames(const json& claims, Claims& read) {
  BB_ASSIGN_OR_RETURN(read.subject, Text(claims, "sub"));
  if (read.subject.empty()) return RefuseToken(Refusal::kWrongClaim);
  BB_ASSIGN_OR_RETURN(read.client_id, Text(claims, "client_id"));
  BB_ASSIGN_OR_RETURN(const std::string authorized, Text(claims, "azp"));
  if (read.client_id.empty()) read.client_id = authorized;
  BB_ASSIGN_OR_RETURN(read.token_id, Text(claims, "jti"));
  BB_ASSIGN_OR_RETURN(read.acr, Text(claims, "acr"));
  return absl::OkStatus();
}

// One text with spaces between the scopes; Keycloak writes "" for none.
absl::StatusOr<std::vector<std::string>> Scopes(const json& claims) {
  const auto found = claims.find("scope");
  if (found == claims.end()) return std::vector<std::string>();
  if (!found->is_string()) return RefuseToken(Refusal::kWrongClaim);
  std::vector<std::string> scopes =
      absl::StrSplit(found->get_ref<const std::string&>(), ' ', absl::SkipEmpty());
  const bool plain = std::all_of(scopes.begin(), scopes.end(), [](const std::string& scope) {
    return scope.size() <= kMostTextBytes &&
           std::all_of(scope.begin(), scope.end(), IsScopeCharacter);
  });
  if (!plain || scopes.size() > kMostListed) return RefuseToken(Refusal::kWrongClaim);
  return scopes;
}

bool IsMunicipalityCode(const std::string& text) {
  return text.size() == kClaimedCodeDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

absl::Status ReadRights(const json& claims, const Issuer& issuer, Claims& read) {
  BB_ASSIGN_OR_RETURN(read.roles, Texts(claims, issuer.roles_claim));
  BB_ASSIGN_OR_RETURN(read.scopes, Scopes(claims));
  BB_ASSIGN_OR_RETURN(read.municipality_code, Text(claims, issuer.municipality_claim));
  if (!read.municipality_code.empty() && !IsMunicipalityCode(read.municipality_code)) {
    return RefuseToken(Refusal::kWrongClaim);
  }
  BB_ASSIGN_OR_RETURN(read.department_ids, Texts(claims, issuer.departments_claim));
  return absl::OkStatus();
}

// What the token is bound to: nothing, or a certificate alone.
absl::Status ReadConfirmation(const json& claims, Claims& read) {
  const auto found = claims.find("cnf");
  if (found == claims.end()) return absl::OkStatus();
  if (!found->is_object() || found->size() != 1) return RefuseToken(Refusal::kWrongClaim);
  BB_ASSIGN_OR_RETURN(const std::string text, Text(*found, "x5t#S256"));
  auto digest = FromBase64Url(text);
  if (!digest.has_value() || digest->size() != kClaimedDigestBytes) {
    return RefuseToken(Refusal::kWrongClaim);
  }
  read.certificate_sha256 = *std::move(digest);
  return absl::OkStatus();
}

absl::Status Missing(const char* what) {
  return absl::InvalidArgumentError(absl::StrCat("An issuer of tokens needs ", what, "."));
}

// Whether it is a plain address of this machine: after the host comes a port, a path, or
// nothing, and not more of another host's name.
bool IsOnThisMachine(const std::string& address) {
  for (const std::string_view host : {"http://127.0.0.1", "http://[::1]"}) {
    const bool begins = address.compare(0, host.size(), host) == 0;
    if (begins && address.substr(host.size()).find_first_of(":/") == 0) return true;
    if (address == host) return true;
  }
  return false;
}

}  // namespace

absl::Status CheckIssuer(const Issuer& issuer) {
  const std::string& address = issuer.issuer;
  if (!absl::StartsWith(address, "https://") && !IsOnThisMachine(address)) {
    return Missing("the https address that its tokens have as iss");
  }
  if (issuer.audience.empty()) return Missing("the audience that its tokens for the hub have");
  if (issuer.plain_type.has_value() && issuer.plain_type->audience.empty()) {
    return Missing("an audience of its own for tokens of the type JWT");
  }
  return absl::OkStatus();
}

absl::StatusOr<Claims> ReadClaims(std::string_view payload,
                                  TokenType type,
                                  const Issuer& issuer,
                                  base::Instant now) {
  BB_ASSIGN_OR_RETURN(const json claims, ParseTokenObject(payload));
  BB_RETURN_IF_ERROR(CheckIssuerClaim(claims, issuer));
  Claims read;
  read.issuer = issuer.issuer;
  read.audience = issuer.audience;
  if (type == TokenType::kPlain) {
    if (!issuer.plain_type.has_value()) return RefuseToken(Refusal::kWrongType);
    read.audience = issuer.plain_type->audience;
    BB_RETURN_IF_ERROR(CheckTypeClaim(claims, *issuer.plain_type));
  }
  BB_RETURN_IF_ERROR(CheckAudience(claims, read.audience));
  BB_RETURN_IF_ERROR(ReadTimes(claims, now, read));
  BB_RETURN_IF_ERROR(ReadNames(claims, read));
  BB_RETURN_IF_ERROR(ReadRights(claims, issuer, read));
  BB_RETURN_IF_ERROR(ReadConfirmation(claims, read));
  return read;
}

}  // namespace brobygger::access
