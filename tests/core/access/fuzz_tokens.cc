// Reads whatever libFuzzer makes of the seeds as a token, or as a part of one; `fuzz`
// builds and runs it. The first byte of an input says what the rest is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/access/api_key.h"
#include "core/access/base64url.h"
#include "core/access/certificate.h"
#include "core/access/jwks.h"
#include "core/access/jwt.h"
#include "core/access/signature.h"
#include "tests/core/access/signing_key.h"

namespace brobygger::access {
namespace {

constexpr base::Instant kNow = base::Instant(std::chrono::seconds(1'714'564'800));
// Good for half an hour before and after that.
constexpr char kPayload[] =
    R"({"iss":"https://id.example.dk","aud":"brobygger","sub":"a","iat":1714564700,"exp":1714566000})";

void Must(bool holds) {
  if (!holds) abort();
}

const Issuer& Us() {
  static const Issuer kIssuer = {.issuer = "https://id.example.dk",
                                 .audience = "brobygger",
                                 .plain_type = PlainType{"brobygger-api", "Bearer"}};
  return kIssuer;
}

const SigningKey& Key() {
  static const SigningKey kKey = SigningKey::Ec();
  return kKey;
}

const KeySet& Keys() {
  static const KeySet kKeys =
      ParseKeySet(nlohmann::json({{"keys", {Key().Jwk("es-1", "ES256")}}}).dump()).value();
  return kKeys;
}

// Nobody but this program can sign, so that no text is a token.
void ReadToken(std::string_view text) {
  (void)ReadHint(text);
  const auto claims = VerifyToken(text, Us(), Keys(), kNow);
  Must(!claims.ok() && RefusalOf(claims.status()) != TokenRefusal::kNone);
}

// A token with this header, and a good signature.
void ReadHeader(std::string_view header) {
  const std::string text = ToBase64Url(header) + "." + ToBase64Url(kPayload);
  // To sign costs more than all the rest: only what is taken but for the signature.
  const auto unsigned_claims = VerifyToken(text + ".", Us(), Keys(), kNow);
  Must(!unsigned_claims.ok());
  if (RefusalOf(unsigned_claims.status()) != TokenRefusal::kWrongSignature) return;
  const auto claims = VerifyToken(text + "." + ToBase64Url(Key().SignEc(text)), Us(), Keys(), kNow);
  if (!claims.ok()) return;
  const auto read = nlohmann::json::parse(header, nullptr, /*allow_exceptions=*/false);
  Must(read.size() == 3 && read["alg"] == "ES256" && read["kid"] == "es-1" && read["typ"] != "JWT");
}

bool IsSound(const Claims& claims) {
  const auto life = claims.expires_at - claims.issued_at;
  return !claims.subject.empty() && claims.issuer == Us().issuer && life > life.zero() &&
         life <= kLongestLife && kNow < claims.expires_at + kLeeway &&
         claims.issued_at <= kNow + kLeeway && claims.roles.size() <= 64 &&
         claims.scopes.size() <= 64 &&
         (claims.municipality_code.empty() || claims.municipality_code.size() == 4) &&
         (claims.certificate_sha256.empty() || claims.certificate_sha256.size() == 32);
}

void ReadPayload(std::string_view payload) {
  for (const TokenType type : {TokenType::kAccessToken, TokenType::kPlain}) {
    const auto claims = ReadClaims(payload, type, Us(), kNow);
    if (!claims.ok()) continue;
    Must(IsSound(*claims));
    const auto read = nlohmann::json::parse(payload, nullptr, /*allow_exceptions=*/false);
    Must(read["iss"] == Us().issuer && read["exp"].is_number_unsigned());
    Must(type == TokenType::kAccessToken || read["typ"] == "Bearer");
  }
}

void ReadKeys(std::string_view text) {
  const auto keys = ParseKeySet(text);
  if (!keys.ok()) return;
  Must(!keys->keys.empty() && keys->keys.size() + keys->skipped.size() <= 32);
  for (const auto& [kid, key] : keys->keys) {
    Must(!kid.empty() && key.key != nullptr);
    Must(!IsSignedBy(key, text, text.substr(0, 64)));
  }
}

void ReadOthers(std::string_view text) {
  const auto bytes = FromBase64Url(text);
  Must(!bytes.has_value() || ToBase64Url(*bytes) == text);
  const auto shown = ReadApiKey(text);
  Must(!shown.ok() || (text.size() == 63 && text.substr(3, 16) == shown->id));
}

void ReadProxysWord(std::string_view text) {
  const auto certificate = ReadCertificate(text);
  if (!certificate.ok()) return;
  Must(certificate->sha256.size() == 32);
  (void)CheckTimes(*certificate, kNow);
}

}  // namespace

void ReadOne(std::string_view input) {
  if (input.empty()) return;
  const std::string_view rest = input.substr(1);
  switch (input.front()) {
    case 'T':
      return ReadToken(rest);
    case 'H':
      return ReadHeader(rest);
    case 'P':
      return ReadPayload(rest);
    case 'K':
      return ReadKeys(rest);
    case 'C':
      return ReadProxysWord(rest);
    default:
      return ReadOthers(rest);
  }
}

}  // namespace brobygger::access

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  brobygger::access::ReadOne({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
