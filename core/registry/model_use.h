#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/identity/v1/identity_service.pb.h"

#include "core/registry/identity.h"
#include "core/storage/store.h"

namespace brobygger::registry {

// Which model the hub decides by.

// Reads everything the identity knows from the store, with the model that was put
// to use last. A stored model that this program cannot read is said in the log, and
// the shipped one is used: the hub must start. About 50 us an association.
absl::Status LoadIdentity(const storage::Snapshot& snapshot, Identity& identity);

absl::StatusOr<identity::v1::ModelInfo> GetModelInfo(const storage::Snapshot& snapshot,
                                                     const Identity& identity);

// What another model would change among the live associations. Takes long: some
// 200 us an association, without holding anybody up. MODEL_INVALID.
absl::StatusOr<identity::v1::PreviewModelResponse> PreviewModel(
    const storage::Snapshot& snapshot,
    const Identity& identity,
    const identity::v1::PreviewModelRequest& request);

// Puts another model to use: stores it, then looks at every association anew, which
// writes wait for. A hub that is killed between the two does the second when it
// starts. MODEL_INVALID, and then the old one stays.
absl::StatusOr<identity::v1::UseModelResponse> UseModel(
    storage::Store& store,
    Identity& identity,
    const identity::v1::UseModelRequest& request,
    const std::string& actor);

}  // namespace brobygger::registry
