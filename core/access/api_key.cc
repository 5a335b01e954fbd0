#include "core/access/api_key.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <absl/strings/cord.h>
#include <absl/strings/str_cat.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "core/access/base64url.h"
#include "core/base/status_macros.h"

namespace brobygger::access {
namespace {

constexpr std::string_view kPrefix = "bb_";
constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kIdDigits = 2 * kIdBytes;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretCharacters = 43;
constexpr std::size_t kKeyCharacters = kPrefix.size() + kIdDigits + 1 + kSecretCharacters;
constexpr std::size_t kDigestDigits = std::size_t{2} * SHA256_DIGEST_LENGTH;
constexpr std::size_t kMunicipalityDigits = 4;
constexpr char kKeyTypeUrl[] = "brobygger/api-key-refusal";

// In the order of the enumeration.
constexpr std::array kKeyRefusals = {"None", "NotAKey", "Unknown", "Revoked", "Expired"};
static_assert(kKeyRefusals.size() == static_cast<std::size_t>(ApiKeyRefusal::kExpired) + 1);

absl::Status RefuseKey(ApiKeyRefusal refusal) {
  absl::Status status = absl::UnauthenticatedError(
      "The API key was refused; ask whoever runs the hub for a new one.");
  status.SetPayload(kKeyTypeUrl, absl::Cord(NameOf(refusal)));
  return status;
}

std::string Hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 0x0F];
  }
  return text;
}

bool IsHex(std::string_view text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::string DigestOf(std::string_view key) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  return Hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

absl::Status Invalid(const char* field, const char* what) {
  return absl::InvalidArgumentError(absl::StrCat("An API key's ", field, " ", what, "."));
}

}  // namespace

const char* NameOf(ApiKeyRefusal refusal) {
  return kKeyRefusals.at(static_cast<std::size_t>(refusal));
}

ApiKeyRefusal ApiKeyRefusalOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kKeyTypeUrl);
  if (!payload.has_value()) return ApiKeyRefusal::kNone;
  const auto found = std::find(kKeyRefusals.begin(), kKeyRefusals.end(), std::string(*payload));
  return static_cast<ApiKeyRefusal>(found == kKeyRefusals.end() ? 0 : found - kKeyRefusals.begin());
}

absl::StatusOr<NewApiKey> MakeApiKey() {
  std::array<unsigned char, kIdBytes + kSecretBytes> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
    return absl::InternalError("There are no random bytes to make an API key of.");
  }
  const std::string_view bytes(reinterpret_cast<const char*>(random.data()), random.size());
  NewApiKey made;
  made.id = Hex(bytes.substr(0, kIdBytes));
  made.text = absl::StrCat("bb_", made.id, "_", ToBase64Url(bytes.substr(kIdBytes)));
  made.digest = DigestOf(made.text);
  return made;
}

absl::StatusOr<ShownApiKey> ReadApiKey(std::string_view text) {
  if (text.size() != kKeyCharacters || text.substr(0, kPrefix.size()) != kPrefix) {
    return RefuseKey(ApiKeyRefusal::kNotAKey);
  }
  const std::string_view id = text.substr(kPrefix.size(), kIdDigits);
  const std::string_view rest = text.substr(kPrefix.size() + kIdDigits);
  if (!IsHex(id, kIdDigits) || rest.front() != '_') return RefuseKey(ApiKeyRefusal::kNotAKey);
  const auto secret = FromBase64Url(rest.substr(1));
  if (!secret.has_value() || secret->size() != kSecretBytes) {
    return RefuseKey(ApiKeyRefusal::kNotAKey);
  }
  return ShownApiKey{std::string(id), DigestOf(text)};
}

absl::Status CheckApiKey(const ShownApiKey& shown, const ApiKeyRecord* record, base::Instant now) {
  // An id that nobody has is compared, too: with a digest that no key gives.
  const std::string nobodys(kDigestDigits, '0');
  const std::string& stored = record != nullptr ? record->digest : nobodys;
  const bool same = shown.digest.size() == kDigestDigits && stored.size() == kDigestDigits &&
                    CRYPTO_memcmp(shown.digest.data(), stored.data(), kDigestDigits) == 0;
  if (record == nullptr || !same || shown.id != record->id)
    return RefuseKey(ApiKeyRefusal::kUnknown);
  if (record->revoked) return RefuseKey(ApiKeyRefusal::kRevoked);
  // A record that should not be there, such as one of a life without end, opens nothing.
  if (now >= record->expires_at || !ValidateApiKeyRecord(*record).ok()) {
    return RefuseKey(ApiKeyRefusal::kExpired);
  }
  return absl::OkStatus();
}

absl::Status ValidateApiKeyRecord(const ApiKeyRecord& record) {
  if (!IsHex(record.id, kIdDigits)) return Invalid("id", "is 16 hexadecimal digits");
  if (!IsHex(record.digest, kDigestDigits)) return Invalid("digest", "is 64 hexadecimal digits");
  const std::string& code = record.municipality_code;
  if (code.size() != kMunicipalityDigits ||
      code.find_first_not_of("0123456789") != std::string::npos) {
    return Invalid("municipality_code", "is four digits");
  }
  if (record.scopes.empty()) return Invalid("scopes", "say what it is for, so there is one");
  if (record.expires_at <= record.created_at ||
      record.expires_at - record.created_at > kLongestApiKeyLife) {
    return Invalid("expires_at", "is after its making, and at most 366 days");
  }
  return absl::OkStatus();
}

}  // namespace brobygger::access
