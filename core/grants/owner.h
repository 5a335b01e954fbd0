#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/grants/rules.h"
#include "core/storage/store.h"

namespace brobygger::grants {

// Says whose the application is, in its output-only fields. In this order: a person
// said so; the applicant's record in the same connection is, or was, linked to an
// association; the CVR number written on it is a live association's. Else nobody
// knows, and nothing is guessed from a name.
//
// It is looked up at each reading and kept nowhere, so that merges, splits and
// corrected numbers are followed by themselves.
absl::Status SetOwner(const storage::Snapshot& snapshot, GrantApplication& application);

// All applications that are the association's, in no order, each with its owner set.
// Costs follow their number. ASSOCIATION_NOT_FOUND.
absl::StatusOr<std::vector<GrantApplication>> ApplicationsOf(const storage::Snapshot& snapshot,
                                                             const std::string& association_id);

}  // namespace brobygger::grants
