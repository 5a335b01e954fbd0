#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/access/jwks.h"
#include "core/access/jwt.h"
#include "tests/core/access/signing_key.h"

namespace brobygger::access {

// A provider with a key of each kind, a second provider, and what the hub knows of the
// first. `Es`, `Ps` and `Rs` make tokens as the first provider would, but for the changes
// they are told of (RFC 7396: a member that is null is taken out).
class TokenWorld {
 public:
  TokenWorld();

  static constexpr std::int64_t kNow = 1'714'564'800;
  base::Instant now() const { return base::Instant(std::chrono::seconds(kNow)); }

  nlohmann::json Header(const std::string& alg, const std::string& kid) const;
  nlohmann::json Payload() const;

  std::string Es(const nlohmann::json& payload = nlohmann::json::object(),
                 const nlohmann::json& header = nlohmann::json::object()) const;
  std::string Ps(const nlohmann::json& header = nlohmann::json::object()) const;
  std::string Rs(const nlohmann::json& header = nlohmann::json::object()) const;
  // As Keycloak makes them: header typ "JWT", claim typ "Bearer", an audience of their own.
  std::string Plain(const nlohmann::json& payload = nlohmann::json::object()) const;
  // The same with the parts as they are given, signed by the EC key.
  std::string EsText(const std::string& header, const std::string& payload) const;
  std::string EsPayload(const std::string& payload) const;
  std::string EsHeader(const std::string& header) const;

  const SigningKey es = SigningKey::Ec();
  const SigningKey second_es = SigningKey::Ec();
  const SigningKey ps = SigningKey::Rsa();
  const SigningKey rs = SigningKey::Rsa();
  const SigningKey stranger = SigningKey::Ec();

  Issuer issuer;
  // The same provider, allowed to use the type JWT.
  Issuer plain_issuer;
  KeySet keys;
};

// The one that all tests share: RSA keys take a while to make.
const TokenWorld& World();

using Sign = std::function<std::string(std::string_view)>;

// Header and payload as base64url, and what `sign` makes of them.
std::string Compact(const std::string& header, const std::string& payload, const Sign& sign);

// A token that must be refused, and why.
struct Forgery {
  std::string name;
  TokenRefusal why;
  std::function<std::string()> make;
  // Verify it for the issuer that may use the type JWT.
  bool plain = false;
};

std::vector<Forgery> ForgedForms();
std::vector<Forgery> ForgedHeaders();
std::vector<Forgery> ForgedSignatures();
std::vector<Forgery> ForgedTimes();
std::vector<Forgery> ForgedClaims();

}  // namespace brobygger::access
