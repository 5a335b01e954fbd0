#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/identity/v1/decision.pb.h"
#include "brobygger/identity/v1/merge.pb.h"
#include "brobygger/registry/v1/association.pb.h"

#include "core/storage/store.h"

namespace brobygger::registry {

// Merges, and takes them back, with all that hangs on an association: links to
// sources, relations, open conflicts and match questions. Each function does all
// of it in the one transaction it is given, so that a hub that is killed leaves
// either before or after.

// Merges the younger of two live associations into the older one (ids decide
// between two of the same instant). The absorbed one is deleted and leads to the
// survivor. `decision_id` is the decision behind it, by `actor`.
absl::StatusOr<identity::v1::StoredMerge> JoinAssociations(storage::Transaction& transaction,
                                                           const v1::Association& left,
                                                           const v1::Association& right,
                                                           const std::string& decision_id,
                                                           const std::string& actor);

// Takes a merge back; merges may be taken back in any order as long as the
// survivor is live. Returns what could not simply be restored. MERGE_CONFLICT: the
// survivor was itself merged since, or the merge was taken back already.
// IDENTIFIER_TAKEN: a third association has got a number of the absorbed one's.
absl::StatusOr<std::vector<identity::v1::UndoConflict>> UndoJoin(storage::Transaction& transaction,
                                                                 identity::v1::StoredMerge merge);

// Makes one of an association's records an association of its own, and returns
// that. FIELD_INVALID: it has no such record, or no other.
absl::StatusOr<v1::Association> SplitRecord(storage::Transaction& transaction,
                                            const v1::Association& association,
                                            const identity::v1::RecordReference& record);

// The association that an id leads to after merges, or nothing if there is none.
absl::StatusOr<std::optional<v1::Association>> FollowMerges(const storage::Snapshot& snapshot,
                                                            const std::string& id);

// What FollowMerges() finds, if it is live. ASSOCIATION_NOT_FOUND,
// ASSOCIATION_DELETED.
absl::StatusOr<v1::Association> GetLive(const storage::Snapshot& snapshot, const std::string& id);

}  // namespace brobygger::registry
