#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/identity/v1/explanation.pb.h"

#include "core/registry/identity.h"
#include "core/storage/store.h"

namespace brobygger::registry {

// WHY: how two associations stand, line by line, for the two of their records that
// fit best. Ids of merged associations mean what these were before, so that a merge
// can be explained too. ASSOCIATION_NOT_FOUND.
absl::StatusOr<identity::v1::PairExplanation> ExplainPair(const storage::Snapshot& snapshot,
                                                          const Identity& identity,
                                                          const std::string& left_id,
                                                          const std::string& right_id);

// HOW: which records an association is made of, and by which steps. One that was
// merged leads to its survivor. ASSOCIATION_NOT_FOUND.
absl::StatusOr<identity::v1::AssociationExplanation> ExplainAssociation(
    const storage::Snapshot& snapshot, const std::string& association_id);

// The resolution as the API has it, with names. `standing` may know more than the
// snapshot; what the snapshot does not hold is left out.
absl::StatusOr<identity::v1::Resolution> ToResolution(const storage::Snapshot& snapshot,
                                                      const Standing& standing);

// A record as the comparison takes it.
matching::Record ToRecord(const identity::v1::IdentityRecord& record);

}  // namespace brobygger::registry
