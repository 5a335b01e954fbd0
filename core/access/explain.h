#pragma once

#include <absl/status/statusor.h>

#include "brobygger/access/v1/access_service.pb.h"

#include "core/access/policy.h"

namespace brobygger::access {

// Whether somebody with these roles may make a call, and by which lines of the policy: what the
// hub itself would decide, in words. FIELD_INVALID if there is no such method. Pure.
absl::StatusOr<v1::ExplainAccessResponse> Explain(const Policy& policy,
                                                  const v1::ExplainAccessRequest& request);

}  // namespace brobygger::access
