#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace brobygger::access {

// base64url as tokens and keys have it (RFC 4648 section 5; RFC 7515 section 2): without
// padding, line breaks or anything else around it. Pure; thread-safe.
std::string ToBase64Url(std::string_view bytes);

// The bytes that `text` stands for, or nothing if a character is outside the alphabet, a
// length no bytes give (4n + 1), or unused bits of the last character are not zero: each
// text of bytes is the only one, so a token cannot be spelled in two ways.
std::optional<std::string> FromBase64Url(std::string_view text);

}  // namespace brobygger::access
