#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/sync/v1/claim.pb.h"

#include "core/storage/store.h"

namespace brobygger::registry {

// What a key in Kind::kPending waits for: its record told something new, or stands for another
// association than before.
inline constexpr char kPendingTold[] = "T";

// Stores what a source's record is linked to, where it can be found by its
// association: live links in one index, those of the past in another.
absl::Status PutLink(storage::Transaction& transaction,
                     const std::string& key,
                     const sync::v1::Link& link);

// The association's id, and those of the associations that are part of it by merges.
absl::StatusOr<std::vector<std::string>> IdsOf(const storage::Snapshot& snapshot,
                                               const std::string& association_id);

// Keys of all links, live and past, of the association and what was merged into it.
// Costs a look-up for each id and each link.
absl::StatusOr<std::vector<std::string>> LinkKeysOf(const storage::Snapshot& snapshot,
                                                    const std::string& association_id);

}  // namespace brobygger::registry
