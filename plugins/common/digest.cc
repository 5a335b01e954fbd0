#include "plugins/common/digest.h"

#include <array>
#include <memory>

#include <openssl/evp.h>

namespace brobygger::common {
namespace {

using Digest = std::array<unsigned char, 32>;

Digest DigestOf(std::string_view first, std::string_view second) {
  // Fetched once: looking the algorithm up costs more than a short text's digest.
  static EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  Digest digest{};
  EVP_DigestInit_ex(context.get(), kAlgorithm, nullptr);
  EVP_DigestUpdate(context.get(), first.data(), first.size());
  EVP_DigestUpdate(context.get(), second.data(), second.size());
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return digest;
}

}  // namespace

std::string Sha256(std::string_view first, std::string_view second) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : DigestOf(first, second)) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

std::string Sha256Base64(std::string_view text) {
  const Digest digest = DigestOf(text, "");
  std::array<unsigned char, 45> encoded{};
  EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  const std::string padded(reinterpret_cast<const char*>(encoded.data()));
  return padded.substr(0, padded.find('='));
}

}  // namespace brobygger::common
