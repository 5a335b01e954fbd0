#include "core/access/signature.h"

#include <memory>
#include <string>

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

namespace brobygger::access {
namespace {

using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using EcSignature = std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)>;

constexpr int kHalfBytes = 32;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// r and s as OpenSSL wants them: DER (RFC 3279 section 2.2.3), or "" if they are not 64
// bytes. Whether they are in range is for OpenSSL to say: it refuses zero and beyond.
std::string ToDer(std::string_view signature) {
  if (signature.size() != 2 * kHalfBytes) return "";
  const EcSignature pair(ECDSA_SIG_new(), ECDSA_SIG_free);
  BIGNUM* r = BN_bin2bn(Bytes(signature), kHalfBytes, nullptr);
  BIGNUM* s = BN_bin2bn(Bytes(signature) + kHalfBytes, kHalfBytes, nullptr);
  // From here on the pair owns r and s.
  if (pair == nullptr || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return "";
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  std::string bytes;
  if (size > 0) bytes.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

// Sets how an RSA signature is laid out; `context` belongs to a digest context.
bool SetPadding(EVP_PKEY_CTX* context, Algorithm algorithm) {
  if (algorithm == Algorithm::kRs256) {
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  }
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1;
}

bool Verify(const PublicKey& key, std::string_view text, std::string_view signature) {
  const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  // Owned by the context above.
  EVP_PKEY_CTX* key_context = nullptr;
  if (context == nullptr || EVP_DigestVerifyInit(context.get(), &key_context, EVP_sha256(), nullptr,
                                                 key.key.get()) != 1) {
    return false;
  }
  if (key.algorithm != Algorithm::kEs256 && !SetPadding(key_context, key.algorithm)) return false;
  return EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(text),
                          text.size()) == 1;
}

}  // namespace

bool IsSignedBy(const PublicKey& key, std::string_view text, std::string_view signature) {
  if (key.key == nullptr) return false;
  const bool is_ec = key.algorithm == Algorithm::kEs256;
  const std::string der = is_ec ? ToDer(signature) : "";
  if (is_ec && der.empty()) return false;
  const bool holds = Verify(key, text, is_ec ? std::string_view(der) : signature);
  // What OpenSSL notes about a forgery in this thread's queue would be taken for the
  // trouble of whatever uses OpenSSL next here.
  if (!holds) ERR_clear_error();
  return holds;
}

}  // namespace brobygger::access
