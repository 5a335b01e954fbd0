#include "core/registry/page.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <absl/strings/escaping.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/base/error.h"

namespace brobygger::registry {
namespace {

constexpr int kUsualSize = 50;
constexpr int kLargestSize = 500;
constexpr std::size_t kSealSize = 16;
constexpr std::size_t kNumberSize = sizeof(std::uint64_t);
constexpr std::size_t kLongestToken = 4096;

// Not a secret: a token gives its holder nothing that the listing would not. The
// seal is there so that a damaged or misplaced token is noticed, not followed.
constexpr char kSealKey[] = "brobygger page token 1";

std::string Seal(const std::string& body, const std::string& arguments) {
  const std::string sealed = std::to_string(arguments.size()) + ":" + arguments + body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> seal{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), kSealKey, sizeof(kSealKey) - 1,
       reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size(), seal.data(), &size);
  return {seal.begin(), seal.begin() + kSealSize};
}

std::string Number(std::uint64_t number) {
  std::string bytes(kNumberSize, '\0');
  std::memcpy(bytes.data(), &number, kNumberSize);
  return bytes;
}

std::uint64_t ReadNumber(const std::string& bytes, std::size_t offset) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data() + offset, kNumberSize);
  return number;
}

absl::Status Invalid() {
  return base::MakeError(errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID,
                         "page_token is damaged or belongs to a listing with other arguments; "
                         "start again without it.");
}

}  // namespace

absl::StatusOr<int> PageSize(int asked) {
  if (asked < 0) {
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                           "page_size is negative; leave it out or say how many records to send.",
                           {{"field", "page_size"}});
  }
  return asked == 0 ? kUsualSize : std::min(asked, kLargestSize);
}

std::string MakePageToken(const PagePlace& place, const std::string& arguments) {
  const std::string body =
      Number(place.revision) + Number(place.value.size()) + place.value + place.key;
  std::string token;
  absl::WebSafeBase64Escape(Seal(body, arguments) + body, &token);
  return token;
}

absl::StatusOr<PagePlace> ReadPageToken(const std::string& token, const std::string& arguments) {
  std::string bytes;
  if (token.size() > kLongestToken || !absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() < kSealSize + 2 * kNumberSize) {
    return Invalid();
  }
  const std::string body = bytes.substr(kSealSize);
  const std::string seal = Seal(body, arguments);
  if (CRYPTO_memcmp(seal.data(), bytes.data(), kSealSize) != 0) return Invalid();

  const std::uint64_t value_size = ReadNumber(body, kNumberSize);
  if (value_size > body.size() - 2 * kNumberSize) return Invalid();
  return PagePlace{ReadNumber(body, 0), body.substr(2 * kNumberSize, value_size),
                   body.substr(2 * kNumberSize + value_size)};
}

std::string PageArguments(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += std::to_string(part.size()) + ":" + part;
  return all;
}

}  // namespace brobygger::registry
