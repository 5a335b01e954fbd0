#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/collaboration_calls.pb.h"

#include "core/storage/store.h"

namespace brobygger::collab {

// What a volunteer centre proposes to others. It takes part in what it proposed under its name, and
// is told where that stands and no more: what the others write there is theirs. A municipality's
// centres are one: whoever works at a centre there sees what was proposed. The store that is given
// decides which associations there are for the centre (core/scope): those that agreed to be seen.

// NOT_ALLOWED without a municipality; FIELD_INVALID, CPR_REFUSED, ASSOCIATION_NOT_FOUND,
// DEPARTMENT_NOT_FOUND.
absl::StatusOr<v1::CollaborationProposal> ProposeCollaboration(
    storage::Transaction& transaction,
    const v1::ProposeCollaborationRequest& wanted,
    const std::string& municipality_code);

// The newest first; with "" those of every municipality.
absl::StatusOr<v1::ListProposalsResponse> ListProposals(const storage::Snapshot& snapshot,
                                                        const std::string& municipality_code);

}  // namespace brobygger::collab
