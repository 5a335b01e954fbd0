#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/claim.pb.h"

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/storage/store.h"
#include "core/sync/keys.h"

namespace brobygger::sync {

// A stored message of type T, or nothing if there is none. STORAGE_CORRUPT if
// the bytes cannot be read.
template <typename T>
absl::StatusOr<std::optional<T>> Load(const storage::Snapshot& snapshot,
                                      storage::Kind kind,
                                      const std::string& key) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(kind, key));
  if (bytes == nullptr) return std::optional<T>();
  T message;
  if (!message.ParseFromString(*bytes)) {
    return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                           "a stored record cannot be read; restore the store from its backup",
                           {{"kind", std::to_string(static_cast<int>(kind))}});
  }
  return std::optional<T>(std::move(message));
}

// Calls `visit(key, bytes)` for every record whose key starts with `prefix`.
template <typename Visit>
absl::Status ForEach(const storage::Snapshot& snapshot,
                     storage::Kind kind,
                     const std::string& prefix,
                     Visit visit) {
  storage::KeyRange range{.prefix = prefix, .after = "", .limit = 1000};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(kind, range));
    for (const storage::Entry& entry : entries) BB_RETURN_IF_ERROR(visit(entry.key, *entry.bytes));
    if (entries.empty()) return absl::OkStatus();
    range.after = entries.back().key;
  }
}

// So many more records of the stream are linked and live; fewer if negative.
absl::Status CountLive(storage::Transaction& transaction,
                       const StreamKey& stream,
                       std::int64_t more);

// Where the source says that the claim's record stands, or "".
absl::StatusOr<std::string> PlaceOf(const storage::Snapshot& snapshot, const std::string& key);

}  // namespace brobygger::sync
