#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/grant/v1/premises_service.pb.h"

#include "core/grants/premises_rules.h"
#include "core/storage/store.h"

namespace brobygger::grants {

// Whose records are the caller's decides the store that is given (core/scope). Common errors:
// FIELD_INVALID, CPR_REFUSED, ASSOCIATION_NOT_FOUND, ASSOCIATION_DELETED, ETAG_MISMATCH,
// PREMISES_NOT_FOUND.

// A new need, or what replaces the one with its id. `by` says whose word it is.
absl::StatusOr<PremisesNeed> StateNeed(storage::Transaction& transaction,
                                       const PremisesNeed& wanted,
                                       registry::v1::Perspective by);

absl::StatusOr<PremisesNeed> SettleNeed(storage::Transaction& transaction,
                                        const grant::v1::SettlePremisesNeedRequest& request);

// DEPARTMENT_NOT_FOUND. ALREADY_EXISTS: somebody has the place then; who is told if the store
// shows it.
absl::StatusOr<PremisesAllocation> Allocate(storage::Transaction& transaction,
                                            const PremisesAllocation& wanted);

// Ends the season on a day within it. What is over already cannot be given back.
absl::StatusOr<PremisesAllocation> Release(storage::Transaction& transaction,
                                           const grant::v1::ReleasePremisesRequest& request);

// One page each; the limits are those of the requests' comments. All records are read, or those
// of the association. PAGE_TOKEN_INVALID.
absl::StatusOr<grant::v1::ListPremisesNeedsResponse> ListNeeds(
    const storage::Store& store, const grant::v1::ListPremisesNeedsRequest& request);
absl::StatusOr<grant::v1::ListPremisesResponse> ListPremises(
    const storage::Store& store,
    const grant::v1::ListPremisesRequest& request,
    const std::string& today);

// With the names of the association, where it went after merges, and of the department.
absl::StatusOr<PremisesNeed> Shown(const storage::Snapshot& snapshot, PremisesNeed need);
absl::StatusOr<PremisesAllocation> Shown(const storage::Snapshot& snapshot,
                                         PremisesAllocation premises);

}  // namespace brobygger::grants
