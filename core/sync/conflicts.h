#pragma once

#include <string>

#include <absl/status/status.h>

#include "core/storage/store.h"

namespace brobygger::sync {

// Closes the connection's conflicts that a person has decided since: by writing
// either value, or a third one, into the registry, or by deleting the
// association. Costs what is open, which is little.
absl::Status CloseDecidedConflicts(storage::Store& store, const std::string& connection_id);

}  // namespace brobygger::sync
