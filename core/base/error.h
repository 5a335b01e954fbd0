#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>

#include "brobygger/errors/v1/error_reason.pb.h"

namespace brobygger::base {

using errors::v1::ErrorReason;

// One fact about an error that a program may read: {"association_id", id}.
using ErrorField = std::pair<std::string, std::string>;

// Makes the Status for `reason`. The code comes from the one table in error.cc,
// so the same reason never travels under two codes. `message` says what, where
// and what to do, in English, and holds no personal data.
absl::Status MakeError(ErrorReason reason,
                       const std::string& message,
                       const std::vector<ErrorField>& fields = {});

// The same for a call that may be made again after `delay`: the message ends with that, and it
// travels as google.rpc.RetryInfo, too, and as the fact "retry_after_seconds".
absl::Status MakeRetryError(ErrorReason reason,
                            const std::string& message,
                            std::chrono::seconds delay,
                            std::vector<ErrorField> fields = {});

// The one code that `reason` travels under.
absl::StatusCode CodeOf(ErrorReason reason);

// Returns the reason MakeError() put into `status`, or ERROR_REASON_UNSPECIFIED
// if the status came from elsewhere.
ErrorReason ReasonOf(const absl::Status& status);

// Returns the fact MakeError() put into `status` under `key`, or "".
std::string ErrorMetadata(const absl::Status& status, const std::string& key);

}  // namespace brobygger::base
