#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/storage/store.h"

namespace brobygger::registry {

// The keys of all records that stand at exactly this value of an index, in order.
// For values that few records have.
absl::StatusOr<std::vector<std::string>> KeysAt(const storage::Snapshot& snapshot,
                                                storage::Index index,
                                                const std::string& value);

}  // namespace brobygger::registry
