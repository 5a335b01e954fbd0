#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/people/v1/people_service.pb.h"

#include "core/storage/store.h"

namespace brobygger::people {

// What associations want corrected about themselves. They hold no person, so they lie open in
// the store, as working state: what was answered can be taken away.

// Writes down what an association says, by itself or to an employee. ASSOCIATION_NOT_FOUND,
// ASSOCIATION_DELETED, FIELD_INVALID, CPR_REFUSED.
absl::StatusOr<v1::Correction> RequestCorrection(storage::Transaction& transaction,
                                                 const v1::Correction& wanted,
                                                 registry::v1::Perspective written_by);

// The oldest first, at most 500; looks at all there are. ASSOCIATION_NOT_FOUND.
absl::StatusOr<v1::ListCorrectionsResponse> ListCorrections(
    const storage::Snapshot& snapshot, const v1::ListCorrectionsRequest& request);

// Answers one; answering again changes the answer. CORRECTION_NOT_FOUND, also where the
// beginning of an id says several; FIELD_INVALID, CPR_REFUSED.
absl::StatusOr<v1::Correction> CloseCorrection(storage::Transaction& transaction,
                                               const v1::CloseCorrectionRequest& request);

}  // namespace brobygger::people
