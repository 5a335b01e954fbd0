#pragma once

#include <string>
#include <string_view>

namespace brobygger::common {

// Lower-case hex SHA-256 of `first` followed by `second`.
std::string Sha256(std::string_view first, std::string_view second = "");

// SHA-256 in base64 without padding, as OpenSSH writes a key's fingerprint.
std::string Sha256Base64(std::string_view text);

}  // namespace brobygger::common
