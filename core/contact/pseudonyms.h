#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace brobygger::contact {

// The hub's side of the digests in which calendar plugins tell addresses: the rule is in
// plugins/calendars/README.md. Thread-safe.
class Pseudonyms {
 public:
  // `key`: any bytes; the secret `pseudonym_key` that the plugins are given.
  explicit Pseudonyms(std::string key) : key_(std::move(key)) {}

  // HMAC-SHA256 (RFC 2104) of `kind`, a colon and `text`: its first 16 bytes in hex.
  std::string Of(std::string_view kind, std::string_view text) const;

 private:
  std::string key_;
};

}  // namespace brobygger::contact
