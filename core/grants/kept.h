#pragma once

#include <optional>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/grants/rules.h"
#include "core/storage/store.h"

// How applications and follow-ups lie in the store; for this module's own files.
namespace brobygger::grants {

// The application as it is stored, or nothing: whose it is is not in it.
absl::StatusOr<std::optional<GrantApplication>> FindApplication(const storage::Snapshot& snapshot,
                                                                const std::string& id);
// The same by what a person means (MeantId()). GRANT_APPLICATION_NOT_FOUND.
absl::StatusOr<GrantApplication> GetApplication(const storage::Snapshot& snapshot,
                                                const std::string& id);

// Stores it with its places in the indexes; sets etag and update time.
absl::Status StoreApplication(storage::Transaction& transaction, GrantApplication& application);

// The follow-up of the application, or nothing.
absl::StatusOr<std::optional<FollowUp>> FindFollowUp(const storage::Snapshot& snapshot,
                                                     const std::string& application_id);

// Stores it; sets its etag.
absl::Status StoreFollowUp(storage::Transaction& transaction, FollowUp& follow_up);

// The key of the applicant's own record among the links, or "".
std::string ApplicantKey(const GrantApplication& application);

}  // namespace brobygger::grants
