#include "core/contact/pseudonyms.h"

#include <array>

#include <absl/strings/escaping.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace brobygger::contact {

std::string Pseudonyms::Of(std::string_view kind, std::string_view text) const {
  constexpr std::size_t kBytes = 16;
  std::string message(kind);
  message += ':';
  message += text;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(),
       &length);
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest.data()), kBytes});
}

}  // namespace brobygger::contact
