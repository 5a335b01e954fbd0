#pragma once

#include <cstdint>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/sync/v1/connection.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"
#include "core/sync/keys.h"

namespace brobygger::sync {

// Marks the associations that somebody else than the connection has changed since the
// last time, if the connection writes to its source. Its cost follows the changes; only
// the first time, and after the connection's mappings have changed, it looks at every
// association.
absl::Status FollowRegistry(storage::Store& store, const v1::Connection& connection);

// Whether a marked association is to be planned now: no write for it is under way, it
// is not put off, and it is another than the source has refused. `mark` is the stored
// v1::DirtyMark.
absl::StatusOr<bool> IsDue(const storage::Snapshot& snapshot,
                           const StreamKey& stream,
                           const std::string& association_id,
                           const std::string& mark,
                           base::Instant now);

// Whether any marked association is due.
absl::StatusOr<bool> AnyDue(const storage::Snapshot& snapshot,
                            const StreamKey& stream,
                            base::Instant now);

// Stands for the marks that have a time and are due: those that were put off, and those about which
// a person has decided. No change of the registry tells of them. 0 if there are none; another
// number if others are due, or the same anew.
absl::StatusOr<std::uint64_t> SumOfTimedAndDue(const storage::Snapshot& snapshot,
                                               const StreamKey& stream,
                                               base::Instant now);

}  // namespace brobygger::sync
