#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <absl/status/statusor.h>
#include <openssl/types.h>

#include "core/access/claims.h"
#include "core/base/clock.h"
#include "core/daemon/demo_people.h"

namespace brobygger::daemon {

// How long an access token of a demo lives.
inline constexpr std::chrono::seconds kDemoTokenLife = std::chrono::minutes(30);

// Who signs the access tokens of a demo's persons: a key that is made when the hub starts, is in
// its memory alone, and ends with it. What it signs is taken as a login provider's tokens are, by
// the very same path. Immutable; thread-safe.
class DemoIssuer {
 public:
  // INTERNAL if OpenSSL cannot make a key.
  static absl::StatusOr<std::unique_ptr<DemoIssuer>> Make(const std::string& audience);

  // What its tokens are verified against.
  const access::Issuer& issuer() const { return issuer_; }
  // Its public key, as a JWK Set.
  const std::string& keys() const { return keys_; }

  // An access token (RFC 9068) that says who the person is, and no more, from `now` for
  // kDemoTokenLife. INTERNAL if OpenSSL cannot sign.
  absl::StatusOr<std::string> TokenFor(const DemoPerson& person, base::Instant now) const;

 private:
  DemoIssuer(std::shared_ptr<EVP_PKEY> key, std::string key_id, access::Issuer issuer);

  const std::shared_ptr<EVP_PKEY> key_;
  const std::string key_id_;
  const access::Issuer issuer_;
  std::string keys_;
};

// Random bytes as base64url, which nobody can guess from 16 bytes on.
std::string RandomText(std::size_t bytes);

}  // namespace brobygger::daemon
