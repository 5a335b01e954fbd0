#pragma once

#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/grant/v1/grant_service.pb.h"

#include "core/grants/rules.h"
#include "core/storage/store.h"

namespace brobygger::grants {

// The application's follow-up, if it has one that somebody still has to do. The
// application is in it as it is given.
absl::StatusOr<std::optional<FollowUp>> OpenFollowUpOf(const storage::Snapshot& snapshot,
                                                       const GrantApplication& application);

// One page; the limits are those of the request's comments. FIELD_INVALID,
// PAGE_TOKEN_INVALID, ASSOCIATION_NOT_FOUND.
absl::StatusOr<grant::v1::ListFollowUpsResponse> ListFollowUps(
    const storage::Store& store, const grant::v1::ListFollowUpsRequest& request);

// Somebody has done it; doing it again changes the note. FOLLOW_UP_NOT_FOUND,
// FIELD_INVALID, CPR_REFUSED.
absl::StatusOr<FollowUp> CompleteFollowUp(storage::Transaction& transaction,
                                          const grant::v1::CompleteFollowUpRequest& request,
                                          const std::string& actor);

}  // namespace brobygger::grants
