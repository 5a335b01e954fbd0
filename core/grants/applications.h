#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/grant/v1/grant_service.pb.h"

#include "core/grants/rules.h"
#include "core/storage/store.h"

namespace brobygger::grants {

// The application with its owner set. GRANT_APPLICATION_NOT_FOUND.
absl::StatusOr<GrantApplication> GetOwnedApplication(const storage::Snapshot& snapshot,
                                                     const std::string& id);

// One page; the limits are those of the request's comments. All pages of one listing
// are true for the same revision. Without an association every application is read.
// FIELD_INVALID, PAGE_TOKEN_INVALID, ASSOCIATION_NOT_FOUND.
absl::StatusOr<grant::v1::ListGrantApplicationsResponse> ListGrantApplications(
    const storage::Store& store, const grant::v1::ListGrantApplicationsRequest& request);

// A person says whose the application is, or takes that back.
// GRANT_APPLICATION_NOT_FOUND, ASSOCIATION_NOT_FOUND, ASSOCIATION_DELETED,
// ETAG_MISMATCH.
absl::StatusOr<GrantApplication> AssignApplicant(storage::Transaction& transaction,
                                                 const grant::v1::AssignApplicantRequest& request,
                                                 const std::string& actor);

// Puts the newest first, by the day they came in.
void NewestFirst(std::vector<GrantApplication>& applications);

}  // namespace brobygger::grants
