#pragma once

#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/access/v1/association_field.pb.h"

#include "core/base/clock.h"

namespace brobygger::access {

// API keys, with which a volunteer centre's system or an association's board calls:
// "bb_<id>_<secret>". The id is 16 hexadecimal digits, in lower case, and finds the record. The
// secret is 256 random bits as 43 characters of base64url, so that guessing is hopeless and a plain
// SHA-256 is all that need be stored: a slow password hash is for secrets of less than 112 bits
// (OWASP ASVS 5.0, 6.5.2), and would let strangers use up the hub's processor.

// Keys are made new at least this often.
inline constexpr std::chrono::hours kLongestApiKeyLife = std::chrono::hours(24 * 366);
// So that the next key can be rolled out while the last one still works.
inline constexpr std::size_t kMostLiveApiKeys = 2;
// Of one association, whoever has them: a board of seven, its helpers, and keys that somebody lost.
// Not two by title, since two who both write "formand" must not lock each other out; each came by
// a code that an employee made, so this only keeps the list one that people read.
inline constexpr std::size_t kMostLiveAssociationKeys = 20;

// What is stored of a key; how, is not for this module. It cannot be used to call.
struct ApiKeyRecord {
  std::string id;
  // SHA-256 of the whole key, 64 hexadecimal digits.
  std::string digest;
  // What the key is bound to: one municipality, and these scopes there.
  std::string municipality_code;
  std::vector<std::string> scopes;
  base::Instant created_at;
  base::Instant expires_at;
  bool revoked = false;
  // How many calls a minute it may make; 0: what the hub gives everybody.
  int calls_per_minute = 0;
  // What of an association it may see beside id and name; empty: all that its scopes may.
  std::set<v1::AssociationField> fields = {};
  // To the hour; the epoch: never.
  base::Instant used_at = {};
  // For which it speaks; empty: for none.
  std::string association_id = {};
};

// A key as a caller showed it: what finds its record, and what to hold against that.
struct ShownApiKey {
  std::string id;
  // As ApiKeyRecord::digest.
  std::string digest;
};

// A key just made. `text` is shown to whoever asked for it once, and never kept.
struct NewApiKey {
  std::string text;
  std::string id;
  std::string digest;
};

// Why a key was refused; for logs only.
enum class ApiKeyRefusal {
  // Not a refused key: another error, or none.
  kNone,
  kNotAKey,
  // No record has the id, or another secret.
  kUnknown,
  kRevoked,
  kExpired,
};

// The name without its k: "Expired". Lives for ever.
const char* NameOf(ApiKeyRefusal refusal);

// The reason that ReadApiKey() or CheckApiKey() put into `status`.
ApiKeyRefusal ApiKeyRefusalOf(const absl::Status& status);

// Makes a new key of OpenSSL's random bytes. INTERNAL if there are none to be had.
// Thread-safe.
absl::StatusOr<NewApiKey> MakeApiKey();

// Reads a key that a caller showed. UNAUTHENTICATED, kNotAKey, unless it has exactly the
// form above. Pure; thread-safe.
absl::StatusOr<ShownApiKey> ReadApiKey(std::string_view text);

// Whether the caller with the key `shown` is the one of `record` at `now`. `record` is
// what was stored under the id, or nullptr if nothing was, which takes as long to refuse
// as a wrong secret does: digests are compared in constant time. UNAUTHENTICATED with one
// message for all reasons. Pure; thread-safe.
absl::Status CheckApiKey(const ShownApiKey& shown, const ApiKeyRecord* record, base::Instant now);

// INVALID_ARGUMENT, naming the field, if a record may not be stored: wrong form of id,
// digest or municipality, no scope, or a life of no time or of more than
// kLongestApiKeyLife. Pure; thread-safe.
absl::Status ValidateApiKeyRecord(const ApiKeyRecord& record);

}  // namespace brobygger::access
