#pragma once

#include <string>

#include <absl/status/status.h>

#include "brobygger/plugin/v1/diagnostic.pb.h"

#include "core/supervisor/supervisor.h"

namespace brobygger::sync {

// The error for trouble that a plugin told of in the middle of a read:
// SOURCE_REFUSED where a person must act, else SOURCE_UNAVAILABLE.
absl::Status FromDiagnostic(const plugin::v1::Diagnostic& diagnostic,
                            const std::string& connection_id);

// Waits as long as `why` asks for, before the plugin is started again. CANCELLED.
absl::Status RestAsAsked(const absl::Status& why, const supervisor::CancelToken& cancel);

}  // namespace brobygger::sync
