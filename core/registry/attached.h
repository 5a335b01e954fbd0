#pragma once

#include <string>

#include <absl/status/status.h>

#include "brobygger/identity/v1/decision.pb.h"
#include "brobygger/identity/v1/merge.pb.h"

#include "core/storage/store.h"

// What hangs on an association and goes with it in a merge; for joining.cc.
namespace brobygger::registry {

// Moves links (with the conflicts of their records), relations and questions from
// the absorbed association to the survivor, and writes down in `merge` how they
// were. A relation between the two is taken away.
absl::Status MoveAttached(storage::Transaction& transaction, identity::v1::StoredMerge& merge);

// Moves back what is still there; what was changed since keeps the change.
absl::Status MoveAttachedBack(storage::Transaction& transaction,
                              const identity::v1::StoredMerge& merge);

// Moves the link of one record, and its conflicts, to another association.
absl::Status MoveLinkOf(storage::Transaction& transaction,
                        const identity::v1::RecordReference& record,
                        const std::string& from_association_id,
                        const std::string& to_association_id);

}  // namespace brobygger::registry
