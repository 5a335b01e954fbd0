// Digests, and octets as text. Pure.
#pragma once

#include <string>

namespace brobygger::web {

// SHA-256, 32 octets.
std::string Sha256(const std::string& text);

// base64url without padding (RFC 4648, section 5).
std::string Base64Url(const std::string& octets);

// An entity tag's text for these very octets, so that equal tags mean equal octets (RFC 9110,
// section 8.8.1).
std::string TagOf(const std::string& body);

}  // namespace brobygger::web
