#include "core/access/jwks.h"

#include <catch2/catch.hpp>

#include "core/access/base64url.h"
#include "core/access/signature.h"
#include "tests/core/access/signing_key.h"

namespace brobygger::access {
namespace {

using nlohmann::json;

const SigningKey& Ec() {
  static const SigningKey kKey = SigningKey::Ec();
  return kKey;
}

const SigningKey& Rsa() {
  static const SigningKey kKey = SigningKey::Rsa();
  return kKey;
}

// A set of a good key and of `more`.
absl::StatusOr<KeySet> ReadWith(const json& more) {
  return ParseKeySet(json({{"keys", json::array({Ec().Jwk("good", "ES256"), more})}}).dump());
}

json ChangedKey(json key, const json& patch) {
  key.merge_patch(patch);
  return key;
}

std::string Numeral(std::string_view bytes) { return ToBase64Url(bytes); }

struct Skipped {
  std::string name;
  KeySkip why;
  json key;
};

std::vector<Skipped> SkippedKeys() {
  const json ec = Ec().Jwk("odd", "ES256");
  const json rsa = Rsa().Jwk("odd", "RS256");
  const std::string zeros(32, '\0');
  std::string n = *FromBase64Url(rsa["n"].get<std::string>());
  const std::string with_zero = std::string(1, '\0') + n;
  std::string even = n;
  even.back() = static_cast<char>(even.back() & ~1);
  return {
      {"not an object", KeySkip::kNotAnObject, "key"},
      {"no kid", KeySkip::kNoKeyId, ChangedKey(ec, {{"kid", nullptr}})},
      {"an empty kid", KeySkip::kNoKeyId, ChangedKey(ec, {{"kid", ""}})},
      {"a kid that is a number", KeySkip::kNoKeyId, ChangedKey(ec, {{"kid", 7}})},
      {"a long kid", KeySkip::kNoKeyId, ChangedKey(ec, {{"kid", std::string(256, 'k')}})},
      {"a shared secret", KeySkip::kKind, {{"kid", "odd"}, {"kty", "oct"}, {"k", "AAAA"}}},
      {"a kind we do not know",
       KeySkip::kKind,
       {{"kid", "odd"}, {"kty", "OKP"}, {"crv", "Ed25519"}, {"x", "AAAA"}}},
      {"no kty", KeySkip::kKind, ChangedKey(ec, {{"kty", nullptr}})},
      {"kty in small letters", KeySkip::kKind, ChangedKey(ec, {{"kty", "ec"}})},
      {"an EC key with its private part", KeySkip::kPrivate, ChangedKey(ec, {{"d", "AAAA"}})},
      {"an RSA key with a prime", KeySkip::kPrivate, ChangedKey(rsa, {{"p", "AAAA"}})},
      {"a secret that calls itself RSA", KeySkip::kPrivate, ChangedKey(rsa, {{"k", "AAAA"}})},
      {"for encryption", KeySkip::kNotForSignatures, ChangedKey(rsa, {{"use", "enc"}})},
      {"use that is a list", KeySkip::kNotForSignatures, ChangedKey(rsa, {{"use", {"sig"}}})},
      {"for signing only", KeySkip::kNotForSignatures, ChangedKey(ec, {{"key_ops", {"sign"}}})},
      {"operations as text", KeySkip::kNotForSignatures, ChangedKey(ec, {{"key_ops", "verify"}})},
      {"an alg of encryption", KeySkip::kAlgorithm, ChangedKey(rsa, {{"alg", "RSA-OAEP"}})},
      {"an RSA key for ES256", KeySkip::kAlgorithm, ChangedKey(rsa, {{"alg", "ES256"}})},
      {"an EC key for RS256", KeySkip::kAlgorithm, ChangedKey(ec, {{"alg", "RS256"}})},
      {"an RSA key for HS256", KeySkip::kAlgorithm, ChangedKey(rsa, {{"alg", "HS256"}})},
      {"alg none", KeySkip::kAlgorithm, ChangedKey(ec, {{"alg", "none"}})},
      {"alg a number", KeySkip::kAlgorithm, ChangedKey(ec, {{"alg", 256}})},
      {"P-384", KeySkip::kStrength,
       ChangedKey(SigningKey::Ec("P-384").Jwk("odd"), {{"alg", nullptr}})},
      {"secp256k1 by name", KeySkip::kStrength, ChangedKey(ec, {{"crv", "secp256k1"}})},
      {"no curve", KeySkip::kStrength, ChangedKey(ec, {{"crv", nullptr}})},
      {"1024 bits", KeySkip::kStrength, SigningKey::Rsa(1024).Jwk("odd", "RS256")},
      {"2047 bits", KeySkip::kStrength, SigningKey::Rsa(2047).Jwk("odd", "RS256")},
      {"16384 bits", KeySkip::kStrength,
       ChangedKey(rsa, {{"n", Numeral(std::string(2048, '\xFF'))}})},
      {"exponent 3", KeySkip::kStrength, ChangedKey(rsa, {{"e", "Aw"}})},
      {"exponent 1", KeySkip::kStrength, ChangedKey(rsa, {{"e", "AQ"}})},
      {"an even exponent", KeySkip::kStrength, ChangedKey(rsa, {{"e", Numeral("\x01\x00\x02")}})},
      {"an exponent of 33 bits", KeySkip::kStrength,
       ChangedKey(rsa, {{"e", Numeral("\x01\x01\x01\x01\x01")}})},
      {"no modulus", KeySkip::kNumbers, ChangedKey(rsa, {{"n", nullptr}})},
      {"a modulus after a zero", KeySkip::kNumbers, ChangedKey(rsa, {{"n", Numeral(with_zero)}})},
      {"an even modulus", KeySkip::kNumbers, ChangedKey(rsa, {{"n", Numeral(even)}})},
      {"a padded modulus", KeySkip::kNumbers,
       ChangedKey(rsa, {{"n", rsa["n"].get<std::string>() + "=="}})},
      {"an exponent of nothing", KeySkip::kNumbers, ChangedKey(rsa, {{"e", ""}})},
      {"a modulus that is a number", KeySkip::kNumbers, ChangedKey(rsa, {{"n", 35}})},
      {"no y", KeySkip::kNumbers, ChangedKey(ec, {{"y", nullptr}})},
      {"a short x", KeySkip::kNumbers, ChangedKey(ec, {{"x", Numeral(zeros.substr(1))}})},
      {"a long x", KeySkip::kNumbers, ChangedKey(ec, {{"x", Numeral(std::string(33, '\1'))}})},
      {"a point not on the curve", KeySkip::kNumbers, ChangedKey(ec, {{"y", ec["x"]}})},
      {"the point of zeros", KeySkip::kNumbers,
       ChangedKey(ec, {{"x", Numeral(zeros)}, {"y", Numeral(zeros)}})},
      {"coordinates beyond the field", KeySkip::kNumbers,
       ChangedKey(ec, {{"x", Numeral(std::string(32, '\xFF'))}})},
  };
}

}  // namespace

TEST_CASE("a key that cannot be relied on is skipped, and the others are used", "[jwks]") {
  for (const Skipped& one : SkippedKeys()) {
    CAPTURE(one.name);
    const auto set = ReadWith(one.key);
    REQUIRE(set.ok());
    CHECK(set->keys.size() == 1);
    CHECK(set->keys.contains("good"));
    REQUIRE(set->skipped.size() == 1);
    CHECK(static_cast<int>(set->skipped[0]) == static_cast<int>(one.why));
  }
}

TEST_CASE("each key verifies by its own algorithm and by no other", "[jwks]") {
  const json ec = Ec().Jwk("ec");
  const json ps = Rsa().Jwk("ps", "PS256");
  const json rs = ChangedKey(Rsa().Jwk("rs"), {{"key_ops", {"verify"}}, {"use", nullptr}});
  const auto set = ParseKeySet(json({{"keys", {ec, ps, rs}}}).dump());
  REQUIRE(set.ok());
  REQUIRE(set->keys.size() == 3);
  CHECK(set->skipped.empty());
  CHECK(set->keys.at("ec").algorithm == Algorithm::kEs256);
  CHECK(set->keys.at("rs").algorithm == Algorithm::kRs256);
  const std::string text = "what is signed";
  const std::vector<std::pair<std::string, std::string>> made = {
      {"ec", Ec().SignEc(text)}, {"ps", Rsa().SignPss(text)}, {"rs", Rsa().SignPkcs1(text)}};
  for (const auto& [signer, signature] : made) {
    for (const auto& [kid, key] : set->keys) {
      CAPTURE(signer, kid);
      CHECK(IsSignedBy(key, text, signature) == (signer == kid));
      CHECK_FALSE(IsSignedBy(key, text + " ", signature));
    }
  }
  CHECK_FALSE(IsSignedBy(PublicKey(), text, made[0].second));
}

TEST_CASE("a set that is not what it should be is refused as a whole", "[jwks]") {
  const std::string good = Ec().Jwk("good").dump();
  const std::string two = good + "," + ChangedKey(Ec().Jwk("good"), {{"alg", "none"}}).dump();
  std::string many;
  for (int i = 0; i < 33; ++i) many += (i > 0 ? "," : "") + Ec().Jwk(std::to_string(i)).dump();
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"nothing", ""},
      {"a page for people", "<html><body>404</body></html>"},
      {"a list", "[" + good + "]"},
      {"one key alone", good},
      {"no list of keys", R"({"keys":{}})"},
      {"no keys", R"({"keys":[]})"},
      {"no key to use", R"({"keys":[{"kid":"1","kty":"oct","k":"AAAA"}]})"},
      {"two of one kid", "{\"keys\":[" + two + "]}"},
      {"33 keys", "{\"keys\":[" + many + "]}"},
      {"a name twice", R"({"keys":[],"keys":[)" + good + "]}"},
      {"too deep", R"({"keys":[)" + good + R"(],"more":[[[[[[[[[]]]]]]]]]})"},
      {"more after it", "{\"keys\":[" + good + "]}x"},
      {"over 64 KiB", "{\"keys\":[" + good + "]}" + std::string(std::size_t{64} << 10, ' ')}};
  for (const auto& [name, text] : wrong) {
    CAPTURE(name);
    const auto set = ParseKeySet(text);
    CHECK(absl::IsInvalidArgument(set.status()));
    CHECK(set.status().message().find("good") == absl::string_view::npos);
  }
  CHECK(ParseKeySet("{\"keys\":[" + good + "]}").ok());
}

}  // namespace brobygger::access
