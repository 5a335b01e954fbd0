#include "core/access/jwks.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "core/access/base64url.h"
#include "core/access/strict_json.h"
#include "core/base/status_macros.h"

namespace brobygger::access {
namespace {

using nlohmann::json;
using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)>;
using Params = std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)>;
using Context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

constexpr std::size_t kMostDepth = 8;
constexpr std::size_t kMostKeyIdBytes = 255;
constexpr std::size_t kCoordinateBytes = 32;
constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 8192;
constexpr int kLeastExponentBits = 17;
constexpr int kMostExponentBits = 32;

// Either a key, or why there is none.
using Reading = std::variant<PublicKey, KeySkip>;

// The text of a member, or nothing if it is not there or not text.
std::optional<std::string> Text(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

bool HasPrivatePart(const json& object) {
  constexpr std::array kPrivate = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};
  return std::any_of(kPrivate.begin(), kPrivate.end(),
                     [&](const char* name) { return object.contains(name); });
}

bool IsForSignatures(const json& object) {
  if (object.contains("use") && Text(object, "use") != "sig") return false;
  const auto operations = object.find("key_ops");
  if (operations == object.end()) return true;
  return operations->is_array() &&
         std::find(operations->begin(), operations->end(), json("verify")) != operations->end();
}

// A number as RFC 7518 section 2 has it (Base64urlUInt): no more octets than it needs.
Number ToNumber(const std::optional<std::string>& text) {
  Number none(nullptr, BN_free);
  if (!text.has_value()) return none;
  const auto bytes = FromBase64Url(*text);
  if (!bytes.has_value() || bytes->empty() || bytes->front() == '\0') return none;
  return {BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes->data()),
                    static_cast<int>(bytes->size()), nullptr),
          BN_free};
}

// A key of OpenSSL from its parts, or nullptr if it does not take them.
std::shared_ptr<EVP_PKEY> ToKey(const char* kind, OSSL_PARAM_BLD* parts) {
  const Params params(OSSL_PARAM_BLD_to_param(parts), OSSL_PARAM_free);
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    EVP_PKEY_free(key);
    // Nobody is to find our refusal in this thread's queue and take it for their own.
    ERR_clear_error();
    return nullptr;
  }
  return {key, EVP_PKEY_free};
}

Reading ReadRsa(const json& object, Algorithm algorithm) {
  const Number modulus = ToNumber(Text(object, "n"));
  const Number exponent = ToNumber(Text(object, "e"));
  if (modulus == nullptr || exponent == nullptr) return KeySkip::kNumbers;
  const int bits = BN_num_bits(modulus.get());
  const int exponent_bits = BN_num_bits(exponent.get());
  if (bits < kLeastRsaBits || bits > kMostRsaBits || exponent_bits < kLeastExponentBits ||
      exponent_bits > kMostExponentBits || BN_is_odd(exponent.get()) == 0) {
    return KeySkip::kStrength;
  }
  // A product of two large primes is odd.
  if (BN_is_odd(modulus.get()) == 0) return KeySkip::kNumbers;
  const Builder parts(OSSL_PARAM_BLD_new(), OSSL_PARAM_BLD_free);
  if (parts == nullptr ||
      OSSL_PARAM_BLD_push_BN(parts.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(parts.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
    return KeySkip::kNumbers;
  }
  PublicKey read{algorithm, ToKey("RSA", parts.get())};
  if (read.key == nullptr) return KeySkip::kNumbers;
  return read;
}

// RFC 7518 section 6.2.1: both coordinates have all their octets, zeros too.
std::optional<std::string> Coordinate(const json& object, const char* name) {
  const auto text = Text(object, name);
  if (!text.has_value()) return std::nullopt;
  auto bytes = FromBase64Url(*text);
  if (!bytes.has_value() || bytes->size() != kCoordinateBytes) return std::nullopt;
  return bytes;
}

Reading ReadEc(const json& object) {
  if (Text(object, "crv") != "P-256") return KeySkip::kStrength;
  const auto x = Coordinate(object, "x");
  const auto y = Coordinate(object, "y");
  if (!x.has_value() || !y.has_value()) return KeySkip::kNumbers;
  // SEC 1 section 2.3.3: a point with both coordinates begins with 4. OpenSSL refuses one
  // that is not on the curve when it reads it.
  const std::string point = "\x04" + *x + *y;
  const Builder parts(OSSL_PARAM_BLD_new(), OSSL_PARAM_BLD_free);
  if (parts == nullptr ||
      OSSL_PARAM_BLD_push_utf8_string(parts.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(parts.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return KeySkip::kNumbers;
  }
  PublicKey read{Algorithm::kEs256, ToKey("EC", parts.get())};
  if (read.key == nullptr) return KeySkip::kNumbers;
  return read;
}

// The algorithm of a key of kind `kind`, or nothing if what it says does not fit.
std::optional<Algorithm> AlgorithmOf(const json& object, bool is_rsa) {
  if (!object.contains("alg")) return is_rsa ? Algorithm::kRs256 : Algorithm::kEs256;
  const auto said = Text(object, "alg");
  for (const Algorithm one : {Algorithm::kEs256, Algorithm::kPs256, Algorithm::kRs256}) {
    const bool fits = is_rsa != (one == Algorithm::kEs256);
    if (fits && said == NameOf(one)) return one;
  }
  return std::nullopt;
}

Reading ReadKey(const json& object) {
  const auto kind = Text(object, "kty");
  if (kind != "RSA" && kind != "EC") return KeySkip::kKind;
  if (HasPrivatePart(object)) return KeySkip::kPrivate;
  if (!IsForSignatures(object)) return KeySkip::kNotForSignatures;
  const bool is_rsa = kind == "RSA";
  const auto algorithm = AlgorithmOf(object, is_rsa);
  if (!algorithm.has_value()) return KeySkip::kAlgorithm;
  return is_rsa ? ReadRsa(object, *algorithm) : ReadEc(object);
}

absl::Status Refuse(const char* what) {
  return absl::InvalidArgumentError(std::string("The provider's key set ") + what + ".");
}

// Adds one key to the set, or the reason why it is skipped.
absl::Status AddKey(const json& object, std::set<std::string>& seen, KeySet& set) {
  if (!object.is_object()) {
    set.skipped.push_back(KeySkip::kNotAnObject);
    return absl::OkStatus();
  }
  const auto key_id = Text(object, "kid");
  if (!key_id.has_value() || key_id->empty() || key_id->size() > kMostKeyIdBytes) {
    set.skipped.push_back(KeySkip::kNoKeyId);
    return absl::OkStatus();
  }
  // Also where one of the two would be skipped: whoever made the set meant something
  // else than it says.
  if (!seen.insert(*key_id).second) return Refuse("has two keys with one kid");
  Reading reading = ReadKey(object);
  if (const auto* skip = std::get_if<KeySkip>(&reading)) {
    set.skipped.push_back(*skip);
  } else {
    set.keys.emplace(*key_id, std::get<PublicKey>(std::move(reading)));
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view NameOf(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kEs256:
      return "ES256";
    case Algorithm::kPs256:
      return "PS256";
    case Algorithm::kRs256:
      return "RS256";
  }
  return "";
}

absl::StatusOr<KeySet> ParseKeySet(std::string_view text, const KeySetLimits& limits) {
  if (text.size() > limits.most_bytes) return Refuse("is too large");
  const StrictJson parsed = ParseStrictJson(text, kMostDepth);
  if (parsed.fault != JsonFault::kNone) return Refuse("is not JSON we can rely on");
  if (!parsed.value.is_object()) return Refuse("is not an object");
  const auto keys = parsed.value.find("keys");
  if (keys == parsed.value.end() || !keys->is_array()) return Refuse("has no list of keys");
  if (keys->size() > limits.most_keys) return Refuse("has too many keys");
  KeySet set;
  std::set<std::string> seen;
  for (const json& object : *keys) BB_RETURN_IF_ERROR(AddKey(object, seen, set));
  if (set.keys.empty()) return Refuse("has no key that we can use");
  return set;
}

}  // namespace brobygger::access
