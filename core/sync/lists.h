#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/storage/store.h"

namespace brobygger::sync {

// Pages of what sync keeps. FIELD_INVALID for a negative page size,
// PAGE_TOKEN_INVALID for a token of another request.

absl::StatusOr<v1::ListRunsResponse> ListRuns(const storage::Snapshot& snapshot,
                                              const v1::ListRunsRequest& request);
absl::StatusOr<v1::ListRejectedRecordsResponse> ListRejectedRecords(
    const storage::Snapshot& snapshot, const v1::ListRejectedRecordsRequest& request);
absl::StatusOr<v1::ListConflictsResponse> ListConflicts(const storage::Snapshot& snapshot,
                                                        const v1::ListConflictsRequest& request);
absl::StatusOr<v1::ListDeadLettersResponse> ListDeadLetters(
    const storage::Snapshot& snapshot, const v1::ListDeadLettersRequest& request);
absl::StatusOr<v1::ListOverruledValuesResponse> ListOverruledValues(
    const storage::Snapshot& snapshot, const v1::ListOverruledValuesRequest& request);
// PLAN_NOT_FOUND.
absl::StatusOr<v1::Plan> FindPlan(const storage::Snapshot& snapshot, const std::string& plan_id);
// RUN_NOT_FOUND.
absl::StatusOr<v1::ListRunActionsResponse> ListRunActions(const storage::Snapshot& snapshot,
                                                          const v1::ListRunActionsRequest& request);
absl::StatusOr<v1::ListPlannedActionsResponse> ListPlannedActions(
    const storage::Snapshot& snapshot,
    const v1::Plan& plan,
    const v1::ListPlannedActionsRequest& request);

// What the connections that the caller may hear of are called, by id.
absl::StatusOr<v1::ListSourcesResponse> ListSources(const storage::Snapshot& snapshot,
                                                    const v1::ListSourcesRequest& request);

// How many records of the kind have keys that start with `prefix`.
absl::StatusOr<std::uint64_t> Count(const storage::Snapshot& snapshot,
                                    storage::Kind kind,
                                    const std::string& prefix);

}  // namespace brobygger::sync
