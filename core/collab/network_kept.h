#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/network.pb.h"

#include "core/collab/collaborations.h"
#include "core/storage/store.h"

// How networks lie in the store, and who is told what of them; for this module's own files.
namespace brobygger::collab {

// The one that `typed` means: a whole id, or the beginning of just one. With an etag only as that
// has it. NETWORK_NOT_FOUND, ETAG_MISMATCH.
absl::StatusOr<v1::Network> LoadNetwork(const storage::Snapshot& snapshot,
                                        const std::string& typed,
                                        const std::string& etag = "");

// Stores it, and gives it as `actor` may see it; sets etag and update time.
absl::StatusOr<v1::Network> StoredNetwork(storage::Transaction& transaction,
                                          v1::Network network,
                                          const Actor& actor);

// With the names of convenor and members, associations led to where they were merged. An
// association that has left is told of meetings until then.
absl::StatusOr<v1::Network> ShownNetwork(const storage::Snapshot& snapshot,
                                         v1::Network network,
                                         const Actor& actor);

// The error NETWORK_NOT_FOUND; `what` says more of why.
absl::Status NetworkNotFound(const std::string& typed, const std::string& what);

}  // namespace brobygger::collab
