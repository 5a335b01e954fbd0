#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

namespace brobygger::access {

// A key pair made by a test, as a provider has one: shows its public part, and signs in
// every way a token may or must not be signed. Throws if OpenSSL fails.
class SigningKey {
 public:
  static SigningKey Ec(const std::string& curve = "P-256");
  static SigningKey Rsa(unsigned bits = 2048);

  // The public part as a JWK; `alg` "" leaves it out.
  nlohmann::json Jwk(const std::string& kid, const std::string& alg = "") const;
  std::string Pem() const;
  std::string Der() const;

  // r and s, each of 32 bytes.
  std::string SignEc(std::string_view text) const;
  std::string SignEcDer(std::string_view text) const;
  std::string SignPkcs1(std::string_view text) const;
  std::string SignPss(std::string_view text, int salt_bytes = 32) const;

 private:
  explicit SigningKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}
  std::string Sign(std::string_view text, int padding, int salt_bytes) const;
  std::string NumberText(const char* name, int bytes) const;

  std::shared_ptr<EVP_PKEY> key_;
};

std::string HmacSha256(std::string_view secret, std::string_view text);

}  // namespace brobygger::access
