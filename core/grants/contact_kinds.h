#pragma once

#include <map>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/grant/v1/money.pb.h"
#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/sync/v1/connection.pb.h"

#include "core/storage/store.h"

namespace brobygger::grants {

using Connections = std::map<std::string, sync::v1::Connection>;

// All connections, by id.
absl::StatusOr<Connections> LoadConnections(const storage::Snapshot& snapshot);

// The ways in which the association is known, by its live links.
absl::StatusOr<grant::v1::ContactKinds> ContactKindsOf(
    const storage::Snapshot& snapshot,
    const Connections& connections,
    const registry::v1::Association& association);

// Whether a person has written anything about it, or a department had contact with it.
absl::StatusOr<bool> IsKnownByPeople(const storage::Snapshot& snapshot,
                                     const registry::v1::Association& association);

}  // namespace brobygger::grants
