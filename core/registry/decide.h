#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/identity/v1/identity_service.pb.h"

#include "core/registry/identity.h"
#include "core/storage/store.h"

namespace brobygger::registry {

// What persons decide about who is who. Each function reads and writes in the one
// transaction it is given; `identity` must be told of that transaction's writes
// (indexing_store.h). The response comes without its revision.

// Writes the decision down and does what follows from it. The older of two that
// are the same goes on. FIELD_INVALID, CPR_REFUSED, ASSOCIATION_NOT_FOUND,
// ASSOCIATION_DELETED, QUESTION_NOT_FOUND, CONTRADICTS_DECISION; and what
// UndoJoin() answers, if "not the same" parts two that are merged.
absl::StatusOr<identity::v1::DecideResponse> Decide(storage::Transaction& transaction,
                                                    const Identity& identity,
                                                    const identity::v1::DecideRequest& request,
                                                    const std::string& actor);

// Takes a decision back, with the merge, the split-off or the relation that it
// made. "The same" taken back becomes "not the same", so that neither the model
// nor the next sync makes it again. DECISION_NOT_FOUND, DECISION_UNDONE,
// FIELD_INVALID (there is nothing to take back), and what UndoJoin() answers.
absl::StatusOr<identity::v1::UndoDecisionResponse> UndoDecision(
    storage::Transaction& transaction,
    const Identity& identity,
    const identity::v1::UndoDecisionRequest& request,
    const std::string& actor);

// One page of the log, newest first. FIELD_INVALID, PAGE_TOKEN_INVALID.
absl::StatusOr<identity::v1::ListDecisionsResponse> ListDecisions(
    const storage::Snapshot& snapshot, const identity::v1::ListDecisionsRequest& request);

}  // namespace brobygger::registry
