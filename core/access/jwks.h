#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>
#include <openssl/types.h>

namespace brobygger::access {

// How a token may be signed (RFC 7518 section 3.1). There is none with a shared secret.
enum class Algorithm { kEs256, kPs256, kRs256 };

// As it stands in a token's header: "ES256". Lives for ever.
std::string_view NameOf(Algorithm algorithm);

// A public key, and the one algorithm it is for (RFC 8725 section 3.1). Immutable; copies
// share the key. Thread-safe.
struct PublicKey {
  Algorithm algorithm = Algorithm::kEs256;
  std::shared_ptr<EVP_PKEY> key;
};

// Why a key of a set is not used.
enum class KeySkip {
  kNotAnObject,
  // Without a kid of 1 to 255 bytes no token can name it.
  kNoKeyId,
  // It has a private part, so that whoever reads the set may sign with it.
  kPrivate,
  // Shared secrets (kty "oct") and everything else that is not RSA or EC.
  kKind,
  // `use` is not "sig", or `key_ops` has no "verify" (RFC 7517 sections 4.2, 4.3).
  kNotForSignatures,
  // `alg` is none of ours, or one that the kind of key cannot do.
  kAlgorithm,
  // Not on P-256; RSA of less than 2048 or more than 8192 bits, or with an exponent that
  // is even or outside 65537 to 2^32 (FIPS 186-5 section A.1.1 begins there, too).
  kStrength,
  // Numbers that are not base64url of their exact length, or a point not on the curve.
  kNumbers,
};

// What a provider says its tokens are signed with, by kid. Immutable once made.
struct KeySet {
  std::map<std::string, PublicKey, std::less<>> keys;
  // For the log: what was in the set and is not used.
  std::vector<KeySkip> skipped;
};

// How much of a set is read.
struct KeySetLimits {
  std::size_t most_bytes = std::size_t{64} << 10;
  std::size_t most_keys = 32;
};

// Reads a JWK Set (RFC 7517 section 5; numbers as RFC 7518 section 6 has them). A key
// that cannot be used is skipped: providers also publish keys for encryption, and a
// future kind of key must not end all logins. An RSA key that does not say its alg is for
// RS256, the one that providers use who leave it out.
//
// INVALID_ARGUMENT, which holds nothing of the text, if the set is over the limits, is
// not JSON as ParseStrictJson() takes it (depth 8), has two keys of one kid, or has no
// key left to use. Costs some 0.1 ms a key. Pure; thread-safe.
absl::StatusOr<KeySet> ParseKeySet(std::string_view text, const KeySetLimits& limits = {});

}  // namespace brobygger::access
