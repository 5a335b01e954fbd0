#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/grant/v1/pool_service.pb.h"

#include "core/grants/pool_checks.h"
#include "core/grants/rules.h"
#include "core/storage/store.h"

namespace brobygger::grants {

// The association as it applies, with its collaborations as far as the snapshot shows them.
// ASSOCIATION_NOT_FOUND, ASSOCIATION_DELETED.
absl::StatusOr<Applicant> LoadApplicant(const storage::Snapshot& snapshot,
                                        const std::string& association_id);

// How funds fit it; `today` is a day in Denmark. POOL_NOT_FOUND.
absl::StatusOr<grant::v1::FitPoolsResponse> FitPools(const storage::Snapshot& snapshot,
                                                     const Applicant& applicant,
                                                     const std::string& pool_id,
                                                     const std::string& today);

// What else there is for the association behind an application. `application` has its owner, who is
// the applicant.
absl::StatusOr<grant::v1::SuggestPoolsResponse> SuggestPools(const storage::Snapshot& snapshot,
                                                             const GrantApplication& application,
                                                             const Applicant& applicant,
                                                             const std::string& today);

}  // namespace brobygger::grants
