#include "core/web/caller.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>

#include "core/base/error.h"
#include "core/web/digest.h"

namespace brobygger::web {
namespace {

constexpr std::string_view kScheme = "Bearer ";
constexpr std::string_view kPrefix = "bb_";
// Far more than a key has; the hub says whether it is one.
constexpr std::size_t kMostKeyBytes = 256;

absl::Status NotSignedIn(const char* why, const std::string& text) {
  return base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN, text, {{"why", why}});
}

bool IsKeyCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
}

bool HasKeyForm(std::string_view text) {
  return text.starts_with(kPrefix) && text.size() <= kMostKeyBytes &&
         std::all_of(text.begin(), text.end(), IsKeyCharacter);
}

// The scheme's name may be in any case (RFC 9110, section 11.1).
std::string KeyIn(const std::string& authorization) {
  const bool bearer = absl::StartsWithIgnoreCase(authorization, {kScheme.data(), kScheme.size()});
  if (!bearer) return "";
  const std::size_t begin = authorization.find_first_not_of(' ', kScheme.size());
  return begin == std::string::npos ? "" : authorization.substr(begin);
}

}  // namespace

absl::StatusOr<Caller> CallerOf(const Request& request) {
  const std::size_t shown = request.authorizations.size() + request.api_keys.size();
  if (shown == 0) {
    return NotSignedIn("nothing_shown",
                       "show your API key: \"Authorization: Bearer bb_...\" or \"X-Api-Key: "
                       "bb_...\"; whoever runs the hub makes one");
  }
  if (shown > 1) {
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                           "show one API key, in Authorization or in X-Api-Key, and once",
                           {{"field", "Authorization"}});
  }
  const bool plain = !request.api_keys.empty();
  const std::string key = plain ? request.api_keys[0] : KeyIn(request.authorizations[0]);
  if (!HasKeyForm(key)) {
    return NotSignedIn("api_key",
                       "what was shown is no API key; one begins with bb_, and is shown as "
                       "\"Authorization: Bearer bb_...\" or \"X-Api-Key: bb_...\"");
  }
  return Caller{.key = key, .address = request.client_address, .digest = Sha256(key)};
}

}  // namespace brobygger::web
