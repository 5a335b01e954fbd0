#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/contact/v1/touchpoint.pb.h"

#include "core/storage/store.h"

// How touchpoints lie in the store; for this module's own files.
namespace brobygger::contact {

// The id of what a meeting tells: the same for the same meeting, department and
// association, whichever calendar tells it.
std::string MeetingTouchpointId(const std::string& meeting_key,
                                const std::string& department_id,
                                const std::string& association_id);

absl::StatusOr<std::optional<v1::StoredTouchpoint>> FindTouchpoint(
    const storage::Snapshot& snapshot, const std::string& id);

// TOUCHPOINT_NOT_FOUND, telling what was typed.
absl::Status TouchpointNotFound(const std::string& typed);

// The one that `typed` means: a whole id, or the beginning of just one. TOUCHPOINT_NOT_FOUND.
absl::StatusOr<v1::StoredTouchpoint> FindMeant(const storage::Snapshot& snapshot,
                                               const std::string& typed);

// Stores it with its places in the indexes; sets etag, create time and the
// department's name as it is, and sorts its records.
absl::Status StoreTouchpoint(storage::Transaction& transaction, v1::StoredTouchpoint& stored);

absl::Status RemoveTouchpoint(storage::Transaction& transaction, const std::string& id);

// Those that a record ("connection/stream/external id") tells.
absl::StatusOr<std::vector<v1::StoredTouchpoint>> TouchpointsOfRecord(
    const storage::Snapshot& snapshot, const std::string& record);

// Those at a place of an index.
absl::StatusOr<std::vector<v1::StoredTouchpoint>> TouchpointsAt(const storage::Snapshot& snapshot,
                                                                storage::Index index,
                                                                const std::string& value);

// The ids that lead to the association, its own first. ASSOCIATION_NOT_FOUND.
absl::StatusOr<std::vector<std::string>> IdsOfAssociation(const storage::Snapshot& snapshot,
                                                          const std::string& association_id);

// "association/department/2024-Q3".
std::string CountKey(const v1::TouchpointCount& count);

}  // namespace brobygger::contact
