#pragma once

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"

#include "core/storage/store.h"
#include "core/sync/decide.h"

namespace brobygger::sync {

// The new association that a record makes: it stands behind all that it tells. One
// that applies under its parent's CVR number (kBranch) does not get that number: it
// stays what its source says, and goes on naming the parent.
registry::v1::Association NewAssociation(const Decision& decision,
                                         const registry::v1::Provenance& who);

// Whoever read the plan expects to be asked: a doubt that this run's own new
// associations have made a little smaller since is asked about all the same.
void KeepPlannedDoubt(const v1::PlannedAction& planned, Decision& decision);

// Keeps what follows from how a record without a link stood to the associations
// there were: an entry in the log where it joined one, a relation where it is a
// branch, match questions where a person must say. Returns how many were asked.
absl::StatusOr<int> KeepStanding(storage::Transaction& transaction,
                                 const DecisionContext& context,
                                 const Decision& decision,
                                 const registry::v1::Association& stored);

}  // namespace brobygger::sync
