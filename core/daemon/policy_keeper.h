#pragma once

#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "core/access/policy.h"
#include "core/access/systems.h"
#include "core/base/clock.h"
#include "core/daemon/kept_file.h"

namespace brobygger::daemon {

// The policy that holds now.
using PolicyKeeper = KeptFile<access::Policy>;

// Whose certificates are taken now.
using SystemsKeeper = KeptFile<access::Systems>;

// With "" the shipped one, for good. FAILED_PRECONDITION with line and reason if the file cannot
// be read.
absl::StatusOr<std::unique_ptr<PolicyKeeper>> OpenPolicy(const std::string& path,
                                                         const base::Clock& clock);

// The same for the file of systems; with "" there are none.
absl::StatusOr<std::unique_ptr<SystemsKeeper>> OpenSystems(const std::string& path,
                                                           const base::Clock& clock);

}  // namespace brobygger::daemon
