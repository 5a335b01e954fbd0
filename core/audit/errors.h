#pragma once

#include <chrono>
#include <string>

#include <absl/status/status.h>
#include <absl/time/time.h>

#include "core/base/error.h"

namespace brobygger::audit {

// Until when a caller waits. Of the steady clock, since the other one jumps.
using Deadline = std::chrono::steady_clock::time_point;

inline absl::Duration TimeLeft(Deadline deadline) {
  return absl::FromChrono(deadline - std::chrono::steady_clock::now());
}

// AUDIT_UNAVAILABLE, with what a person would look at.
inline absl::Status AuditUnavailable(const std::string& cause) {
  return base::MakeError(errors::v1::ERROR_REASON_AUDIT_UNAVAILABLE,
                         "the call cannot be put into the audit log, so it is not answered (" +
                             cause + "); try again later",
                         {{"cause", cause}});
}

}  // namespace brobygger::audit
