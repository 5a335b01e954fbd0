#pragma once

#include <string>
#include <string_view>

namespace brobygger::calendars {

// Turns what may not be told into keyed digests that only the hub can recognise
// (plugins/calendars/README.md says which kinds there are). Thread-safe.
class Pseudonyms {
 public:
  // `key` is the connection's secret `pseudonym_key`, any bytes.
  explicit Pseudonyms(std::string key) : key_(std::move(key)) {}

  // HMAC-SHA256 (RFC 2104) of `kind`, a colon and `text`: its first 16 bytes, lower-case hex.
  std::string Of(std::string_view kind, std::string_view text) const;

 private:
  std::string key_;
};

}  // namespace brobygger::calendars
