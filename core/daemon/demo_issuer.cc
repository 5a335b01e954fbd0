#include "core/daemon/demo_issuer.h"

#include <array>
#include <stdexcept>
#include <utility>

#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "core/access/base64url.h"
#include "core/base/status_macros.h"

namespace brobygger::daemon {
namespace {

using nlohmann::json;

constexpr char kIssuer[] = "http://127.0.0.1/demo";
constexpr char kClient[] = "brobygger-web";
constexpr int kNumberBytes = 32;  // of P-256
constexpr std::size_t kIdBytes = 16;

using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;
using Signing = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Pair = std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)>;

// One half of the public point, for a JWK (RFC 7518 section 6.2.1).
std::string Coordinate(const EVP_PKEY& key, const char* name) {
  BIGNUM* read = nullptr;
  EVP_PKEY_get_bn_param(&key, name, &read);
  const Number number(read, BN_free);
  std::array<unsigned char, kNumberBytes> bytes{};
  if (number != nullptr) BN_bn2binpad(number.get(), bytes.data(), kNumberBytes);
  return access::ToBase64Url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// OpenSSL's signature is DER; a token has r and s in 64 bytes (RFC 7518 section 3.4).
absl::StatusOr<std::string> ToPair(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const Pair pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
  std::array<unsigned char, 2 * kNumberBytes> bytes{};
  const bool done =
      pair != nullptr &&
      BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), bytes.data(), kNumberBytes) == kNumberBytes &&
      BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), bytes.data() + kNumberBytes, kNumberBytes) ==
          kNumberBytes;
  if (!done) return absl::InternalError("OpenSSL does not sign");
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

absl::StatusOr<std::string> Sign(EVP_PKEY& key, const std::string& text) {
  const Signing signing(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  bool done = signing != nullptr &&
              EVP_DigestSignInit(signing.get(), nullptr, EVP_sha256(), nullptr, &key) == 1 &&
              EVP_DigestSign(signing.get(), nullptr, &size, bytes, text.size()) == 1;
  std::string der(size, '\0');
  done = done && EVP_DigestSign(signing.get(), reinterpret_cast<unsigned char*>(der.data()), &size,
                                bytes, text.size()) == 1;
  if (!done) return absl::InternalError("OpenSSL does not sign");
  der.resize(size);
  return ToPair(der);
}

}  // namespace

std::string RandomText(std::size_t bytes) {
  std::string random(bytes, '\0');
  // A secret that is not random is none.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(bytes)) != 1) {
    throw std::runtime_error("OpenSSL has no random numbers");
  }
  return access::ToBase64Url(random);
}

DemoIssuer::DemoIssuer(std::shared_ptr<EVP_PKEY> key, std::string key_id, access::Issuer issuer)
    : key_(std::move(key)), key_id_(std::move(key_id)), issuer_(std::move(issuer)) {
  const json jwk = {{"kty", "EC"},
                    {"crv", "P-256"},
                    {"alg", "ES256"},
                    {"use", "sig"},
                    {"kid", key_id_},
                    {"x", Coordinate(*key_, OSSL_PKEY_PARAM_EC_PUB_X)},
                    {"y", Coordinate(*key_, OSSL_PKEY_PARAM_EC_PUB_Y)}};
  json keys;
  keys["keys"] = json::array({jwk});
  keys_ = keys.dump();
}

absl::StatusOr<std::unique_ptr<DemoIssuer>> DemoIssuer::Make(const std::string& audience) {
  std::shared_ptr<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free);
  if (key == nullptr) return absl::InternalError("OpenSSL makes no key");
  access::Issuer issuer;
  issuer.issuer = kIssuer;
  issuer.audience = audience;
  BB_RETURN_IF_ERROR(access::CheckIssuer(issuer));
  return std::unique_ptr<DemoIssuer>(
      new DemoIssuer(std::move(key), RandomText(kIdBytes), std::move(issuer)));
}

absl::StatusOr<std::string> DemoIssuer::TokenFor(const DemoPerson& person,
                                                 base::Instant now) const {
  const auto issued =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  json claims = {{"iss", issuer_.issuer},       {"aud", issuer_.audience},
                 {"sub", person.key},           {"client_id", kClient},
                 {"jti", RandomText(kIdBytes)}, {"iat", issued},
                 {"roles", person.roles},       {"exp", issued + kDemoTokenLife.count()}};
  if (!person.municipality_code.empty()) {
    claims[issuer_.municipality_claim] = person.municipality_code;
  }
  if (!person.department_id.empty()) {
    claims[issuer_.departments_claim] = json::array({person.department_id});
  }
  const json header = {{"alg", "ES256"}, {"typ", "at+jwt"}, {"kid", key_id_}};
  const std::string text =
      absl::StrCat(access::ToBase64Url(header.dump()), ".", access::ToBase64Url(claims.dump()));
  BB_ASSIGN_OR_RETURN(const std::string signature, Sign(*key_, text));
  return absl::StrCat(text, ".", access::ToBase64Url(signature));
}

}  // namespace brobygger::daemon
