#pragma once

#include <string>
#include <utility>

#include <absl/status/status.h>

#include "core/base/status_macros.h"
#include "core/registry/records.h"
#include "core/storage/store.h"

namespace brobygger::registry {

// Calls `one(Record)` for each record of a kind whose key begins with `prefix`, in the
// order of the keys. Ends with the first error of `one`, or STORAGE_CORRUPT.
template <typename Record, typename One>
absl::Status ForEachRecord(const storage::Snapshot& snapshot,
                           storage::Kind kind,
                           const std::string& prefix,
                           const One& one) {
  constexpr int kAtOnce = 1000;
  storage::KeyRange range{.prefix = prefix, .after = "", .limit = kAtOnce};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(kind, range));
    if (entries.empty()) return absl::OkStatus();
    for (const storage::Entry& entry : entries) {
      Record record;
      BB_RETURN_IF_ERROR(ParseRecord(entry.bytes, record));
      BB_RETURN_IF_ERROR(one(std::move(record)));
    }
    range.after = entries.back().key;
  }
}

}  // namespace brobygger::registry
