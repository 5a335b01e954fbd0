#include "core/web/digest.h"

#include <array>

#include <absl/strings/escaping.h>
#include <openssl/sha.h>

namespace brobygger::web {

std::string Sha256(const std::string& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return {digest.begin(), digest.end()};
}

std::string Base64Url(const std::string& octets) {
  std::string text = absl::WebSafeBase64Escape(octets);
  while (!text.empty() && text.back() == '=') text.pop_back();
  return text;
}

std::string TagOf(const std::string& body) {
  constexpr std::size_t kOctets = 16;
  return absl::BytesToHexString(Sha256(body).substr(0, kOctets));
}

}  // namespace brobygger::web
