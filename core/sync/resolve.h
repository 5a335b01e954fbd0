#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/storage/store.h"

namespace brobygger::sync {

// A person's answers to what a sync could not decide. Each reads and writes in the one
// transaction it is given; what follows flows out like any other edit.

// CONFLICT_NOT_FOUND; and what the registry says to a value that breaks a rule.
absl::StatusOr<v1::ResolveConflictResponse> ResolveConflict(
    storage::Transaction& transaction,
    const v1::ResolveConflictRequest& request,
    const std::string& actor);

// CONNECTION_NOT_FOUND.
absl::StatusOr<v1::ReplayDeadLettersResponse> ReplayDeadLetters(
    storage::Transaction& transaction, const v1::ReplayDeadLettersRequest& request);

}  // namespace brobygger::sync
