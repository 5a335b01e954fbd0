#pragma once

#include <absl/status/statusor.h>

#include "brobygger/discovery/v1/discovery_service.pb.h"
#include "brobygger/registry/v1/association_profile.pb.h"

#include "core/storage/store.h"

namespace brobygger::discovery {

// An association's way in: which departments have to do with a theme or a KLE number, or with any
// theme if none is asked for, and where to turn. The responsible department stands first. Public:
// it says nothing of any association. MUNICIPALITY_NOT_FOUND, FIELD_INVALID.
absl::StatusOr<v1::FindWayResponse> FindWay(const storage::Snapshot& snapshot,
                                            const v1::FindWayRequest& request,
                                            base::Instant now);

}  // namespace brobygger::discovery
