#include "plugins/calendars/common/pseudonym.h"

#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace brobygger::calendars {
namespace {

constexpr std::size_t kToldBytes = 16;

}  // namespace

std::string Pseudonyms::Of(std::string_view kind, std::string_view text) const {
  std::string message(kind);
  message.append(":").append(text);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  // A null key means "the key of before" to OpenSSL, so an empty one is told as "".
  HMAC(EVP_sha256(), key_.c_str(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(),
       &size);
  constexpr char kHex[] = "0123456789abcdef";
  std::string text_digest;
  text_digest.reserve(2 * kToldBytes);
  for (std::size_t at = 0; at < kToldBytes; ++at) {
    text_digest += kHex[digest[at] >> 4];
    text_digest += kHex[digest[at] & 15];
  }
  return text_digest;
}

}  // namespace brobygger::calendars
