#pragma once

#include <set>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/advice.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::advice {

// Which triggers hold with the association now, for whoever is given this store: from contacts,
// invitations, applications and collaborations that are on record. Reads all collaborations.
// ASSOCIATION_NOT_FOUND.
absl::StatusOr<std::set<collab::v1::AdviceTrigger>> TriggersOf(const storage::Snapshot& snapshot,
                                                               base::Instant now,
                                                               const std::string& association_id);

}  // namespace brobygger::advice
