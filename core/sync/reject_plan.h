#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/sync_answers.pb.h"

#include "core/storage/store.h"

namespace brobygger::sync {

// A person says that the plan shall not be done. Runs that wait for it are rejected, too. As long
// as the source says the same, a reading that nobody asked for ends in the plan that is rejected
// already; a person who asks for a plan gets a new one. PLAN_NOT_FOUND, PLAN_STALE.
absl::StatusOr<v1::RejectPlanResponse> RejectPlan(storage::Transaction& transaction,
                                                  const v1::RejectPlanRequest& request,
                                                  const std::string& actor);

}  // namespace brobygger::sync
