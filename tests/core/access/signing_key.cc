#include "tests/core/access/signing_key.h"

#include <stdexcept>
#include <vector>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "core/access/base64url.h"

namespace brobygger::access {
namespace {

constexpr int kNoPadding = 0;

void Must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL would not");
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string Taken(unsigned char* bytes, int size) {
  Must(size > 0);
  std::string text(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return text;
}

}  // namespace

SigningKey SigningKey::Ec(const std::string& curve) {
  return SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.c_str()));
}

SigningKey SigningKey::Rsa(unsigned bits) {
  return SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{bits}));
}

std::string SigningKey::NumberText(const char* name, int bytes) const {
  BIGNUM* number = nullptr;
  Must(EVP_PKEY_get_bn_param(key_.get(), name, &number) == 1);
  std::string text(static_cast<std::size_t>(bytes > 0 ? bytes : BN_num_bytes(number)), '\0');
  Must(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(text.data()),
                    static_cast<int>(text.size())) > 0);
  BN_free(number);
  return ToBase64Url(text);
}

nlohmann::json SigningKey::Jwk(const std::string& kid, const std::string& alg) const {
  nlohmann::json jwk = {{"kid", kid}, {"use", "sig"}};
  if (!alg.empty()) jwk["alg"] = alg;
  if (EVP_PKEY_is_a(key_.get(), "EC") == 1) {
    const int bytes = (EVP_PKEY_get_bits(key_.get()) + 7) / 8;
    jwk["kty"] = "EC";
    jwk["crv"] = "P-" + std::to_string(EVP_PKEY_get_bits(key_.get()));
    jwk["x"] = NumberText(OSSL_PKEY_PARAM_EC_PUB_X, bytes);
    jwk["y"] = NumberText(OSSL_PKEY_PARAM_EC_PUB_Y, bytes);
  } else {
    jwk["kty"] = "RSA";
    jwk["n"] = NumberText(OSSL_PKEY_PARAM_RSA_N, 0);
    jwk["e"] = NumberText(OSSL_PKEY_PARAM_RSA_E, 0);
  }
  return jwk;
}

std::string SigningKey::Pem() const {
  BIO* memory = BIO_new(BIO_s_mem());
  Must(PEM_write_bio_PUBKEY(memory, key_.get()) == 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory, &bytes);
  std::string text(bytes, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

std::string SigningKey::Der() const {
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(key_.get(), &bytes);
  return Taken(bytes, size);
}

std::string SigningKey::Sign(std::string_view text, int padding, int salt_bytes) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* key_context = nullptr;
  Must(EVP_DigestSignInit(context, &key_context, EVP_sha256(), nullptr, key_.get()) == 1);
  if (padding != kNoPadding) Must(EVP_PKEY_CTX_set_rsa_padding(key_context, padding) == 1);
  if (padding == RSA_PKCS1_PSS_PADDING) {
    Must(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, salt_bytes) == 1);
  }
  std::size_t size = 0;
  Must(EVP_DigestSign(context, nullptr, &size, Bytes(text), text.size()) == 1);
  std::string signature(size, '\0');
  Must(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                      Bytes(text), text.size()) == 1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return signature;
}

std::string SigningKey::SignEcDer(std::string_view text) const { return Sign(text, kNoPadding, 0); }

std::string SigningKey::SignEc(std::string_view text) const {
  const std::string der = SignEcDer(text);
  const unsigned char* at = Bytes(der);
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  Must(pair != nullptr);
  std::string signature(64, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(signature.data());
  Must(BN_bn2binpad(ECDSA_SIG_get0_r(pair), bytes, 32) == 32);
  Must(BN_bn2binpad(ECDSA_SIG_get0_s(pair), bytes + 32, 32) == 32);
  ECDSA_SIG_free(pair);
  return signature;
}

std::string SigningKey::SignPkcs1(std::string_view text) const {
  return Sign(text, RSA_PKCS1_PADDING, 0);
}

std::string SigningKey::SignPss(std::string_view text, int salt_bytes) const {
  return Sign(text, RSA_PKCS1_PSS_PADDING, salt_bytes);
}

std::string HmacSha256(std::string_view secret, std::string_view text) {
  std::string digest(32, '\0');
  unsigned size = 32;
  Must(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), Bytes(text), text.size(),
            reinterpret_cast<unsigned char*>(digest.data()), &size) != nullptr);
  return digest;
}

}  // namespace brobygger::access
