#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "core/sync/secrets.h"

namespace brobygger::daemon {

// The key of the digests in which calendars tell addresses: 32 random bytes, as hex, in
// `pseudonym.key` of the data folder, which only the hub's user can read. Made when it is
// first asked for. It belongs to the backup: with another key every meeting is new.
absl::StatusOr<std::string> PseudonymKey(const std::string& data_dir);

// What resolves references to secrets for a hub with this data folder.
sync::SecretResolver Secrets(const std::string& data_dir);

}  // namespace brobygger::daemon
