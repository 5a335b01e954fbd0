#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>

#include "core/access/access.h"
#include "core/access/policy.h"

namespace brobygger::access {

// Whether `giver` may give somebody these roles, by a key: nobody gives more than they have
// themselves, or whoever may make keys could make one for everything. The operator at the machine
// has all. NOT_ALLOWED. Pure; thread-safe.
absl::Status MayGive(const Policy& policy,
                     const Caller& giver,
                     const std::vector<std::string>& roles);

}  // namespace brobygger::access
