#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/identity/v1/decision.pb.h"
#include "brobygger/identity/v1/merge.pb.h"

#include "core/storage/store.h"

// The log of decisions and the records of merges as they lie in the store; for
// this module's own files.
namespace brobygger::registry {

// Adds an entry, with its id and time.
absl::StatusOr<identity::v1::Decision> AppendDecision(storage::Transaction& transaction,
                                                      identity::v1::Decision decision);

// Stores an entry that knows more than it did: what it made, or what took it back.
absl::Status StoreDecision(storage::Transaction& transaction,
                           const identity::v1::Decision& decision);

// DECISION_NOT_FOUND.
absl::StatusOr<identity::v1::Decision> GetDecision(const storage::Snapshot& snapshot,
                                                   const std::string& id);

// The entries about an association, oldest first.
absl::StatusOr<std::vector<identity::v1::Decision>> DecisionsAbout(
    const storage::Snapshot& snapshot, const std::string& association_id);

absl::Status StoreMerge(storage::Transaction& transaction, const identity::v1::StoredMerge& merge);

// Nothing if there is none.
absl::StatusOr<std::optional<identity::v1::StoredMerge>> FindMerge(
    const storage::Snapshot& snapshot, const std::string& id);

// The merges that an association took part in, as survivor or as absorbed, oldest
// first, also those taken back.
absl::StatusOr<std::vector<identity::v1::StoredMerge>> MergesOf(const storage::Snapshot& snapshot,
                                                                const std::string& association_id);

}  // namespace brobygger::registry
