#pragma once

#include <string_view>

#include "core/access/jwks.h"

namespace brobygger::access {

// Whether `signature` is the key's over `text`, by the key's own algorithm and no other
// (RFC 7518 sections 3.3 to 3.5). ES256 is r and s in exactly 64 bytes; PS256 has a salt of
// 32 bytes and MGF1 with SHA-256. Costs 30 to 100 microseconds. Pure; thread-safe.
bool IsSignedBy(const PublicKey& key, std::string_view text, std::string_view signature);

}  // namespace brobygger::access
