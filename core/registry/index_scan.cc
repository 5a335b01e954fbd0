#include "core/registry/index_scan.h"

namespace brobygger::registry {

absl::StatusOr<std::vector<std::string>> KeysAt(const storage::Snapshot& snapshot,
                                                storage::Index index,
                                                const std::string& value) {
  return snapshot.KeysAt(index, value);
}

}  // namespace brobygger::registry
