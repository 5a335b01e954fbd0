#include "core/registry/index_scan.h"

#include "core/base/status_macros.h"

namespace brobygger::registry {

absl::StatusOr<std::vector<std::string>> KeysAt(const storage::Snapshot& snapshot,
                                                storage::Index index,
                                                const std::string& value) {
  std::vector<std::string> keys;
  storage::IndexRange range{.prefix = value, .after = {}, .limit = 500};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto places, snapshot.ScanIndex(index, range));
    for (const storage::IndexEntry& place : places) {
      // A longer value that begins alike comes after the value itself.
      if (place.value != value) return keys;
      keys.push_back(place.key);
    }
    if (places.empty()) return keys;
    range.after = places.back();
  }
}

}  // namespace brobygger::registry
