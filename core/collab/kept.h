#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/alignment.pb.h"
#include "brobygger/collab/v1/collaboration.pb.h"

#include "core/storage/store.h"

// How collaborations and their rounds lie in the store; for this module's own files.
namespace brobygger::collab {

// The one that `typed` means: a whole id, or the beginning of just one. COLLABORATION_NOT_FOUND.
absl::StatusOr<v1::Collaboration> LoadCollaboration(const storage::Snapshot& snapshot,
                                                    const std::string& typed);

// Stores it; sets etag and update time.
absl::Status StoreCollaboration(storage::Transaction& transaction,
                                v1::Collaboration& collaboration);

// Every one there is.
absl::StatusOr<std::vector<v1::Collaboration>> LoadCollaborations(
    const storage::Snapshot& snapshot);

// The newest round of a collaboration, whole.
absl::StatusOr<std::optional<v1::AlignmentRound>> FindNewestRound(
    const storage::Snapshot& snapshot, const std::string& collaboration_id);

absl::Status StoreRound(storage::Transaction& transaction, v1::AlignmentRound& round);

}  // namespace brobygger::collab
