#pragma once

#include <functional>
#include <string>

#include <absl/status/statusor.h>

namespace brobygger::sync {

// The hub's own key for the digests in which calendars tell addresses. No connection may
// name it: calendar plugins are given it as `pseudonym_key`.
inline constexpr char kPseudonymKeyReference[] = "hub:pseudonym_key";

// Turns a secret's reference into its value. SECRET_UNREADABLE.
using SecretResolver = std::function<absl::StatusOr<std::string>(const std::string& reference)>;

// Reads "file:/absolute/path" (a regular file that belongs to root or to the
// hub's own user and that nobody else can read) or "credential:name" (a systemd
// credential, from $CREDENTIALS_DIRECTORY). At most 64 KiB; one newline at the
// end is not part of the secret.
absl::StatusOr<std::string> ResolveSecret(const std::string& reference);

}  // namespace brobygger::sync
