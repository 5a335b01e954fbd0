#pragma once

#include <set>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/sync/v1/plan.pb.h"

#include "core/storage/store.h"
#include "core/sync/keys.h"
#include "core/sync/mapping.h"

namespace brobygger::sync {

// A conflict about one record of the stream, as it opens now.
v1::Conflict NewConflict(const storage::Transaction& transaction,
                         const StreamKey& stream,
                         const std::string& external_id,
                         const std::string& association_id);

// Keeps the conflict. One that is open stays the same one; only the source's value may
// be newer. Whether it is new.
absl::StatusOr<bool> OpenConflict(storage::Transaction& transaction,
                                  const StreamKey& stream,
                                  v1::Conflict conflict);

// Opens those of a record whose fields both sides changed.
absl::StatusOr<int> OpenFieldConflicts(storage::Transaction& transaction,
                                       const StreamKey& stream,
                                       const v1::Conflict& about,
                                       const std::vector<v1::FieldChange>& changes);

// From now on the two sides count as having agreed on what the source says of the
// conflict's field: it has said nothing new, and what the registry holds is newer. So
// whatever becomes of the next write, that is written to the source in the end.
absl::Status AgreeOnTold(storage::Transaction& transaction,
                         const StreamKey& stream,
                         const v1::Conflict& conflict);

// Of which lists the record has fields for so many entries alone; nothing of one that is gone.
absl::StatusOr<Slots> SlotsOf(const storage::Snapshot& snapshot,
                              const StreamKey& stream,
                              const Mapping& mapping,
                              const std::string& external_id);

// Closes the stream's conflicts that a person has decided since: by writing
// either value, or a third one, into the registry, or by deleting the
// association. Whoever did may not have known of the conflict: a source's value in a
// field that is written, which now gives way, is logged. Costs what is open, which is little.
absl::Status CloseDecidedConflicts(storage::Store& store,
                                   const StreamKey& stream,
                                   const Mapping& mapping);

}  // namespace brobygger::sync
