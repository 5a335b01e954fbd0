#pragma once

#include <memory>

#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/daemon/access_parts.h"
#include "core/daemon/config.h"
#include "core/rpc/sign_ins.h"

namespace brobygger::daemon {

// How people sign in from the web page, as the configuration says; never null. What is wrong with
// it is FAILED_PRECONDITION, in words for the person who starts the hub. `clock` and `access` must
// outlive it.
absl::StatusOr<std::unique_ptr<rpc::SignIns>> OpenSignIns(const Config& config,
                                                          const base::Clock& clock,
                                                          const AccessParts& access);

}  // namespace brobygger::daemon
