#pragma once

#include <array>
#include <string>

#include <absl/status/statusor.h>

namespace brobygger::people {

// 256 bits, for one person.
using SealKey = std::array<unsigned char, 32>;

// AES-256-GCM: a random nonce (12 bytes), the sealed text, and the tag (16 bytes). `about` is
// not in the result, but must be the same when it is opened: it says whose it is, so that one
// person's text cannot be laid in another's place. Thread-safe.
absl::StatusOr<std::string> Seal(const SealKey& key,
                                 const std::string& about,
                                 const std::string& text);

// What was sealed. STORAGE_CORRUPT: another key, another `about`, or any byte changed or cut.
absl::StatusOr<std::string> Unseal(const SealKey& key,
                                   const std::string& about,
                                   const std::string& sealed);

}  // namespace brobygger::people
