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

// The error for a read that ended without its end.
absl::Status EndedTooSoon(const std::string& connection_id);

// The error for a conversation that is not gone on with, since another version of the plugin
// answers than before.
absl::Status ReplacedMeanwhile(const std::string& connection_id, const std::string& version);

// Waits as long as `why` asks for, before the plugin is started again. CANCELLED.
absl::Status RestAsAsked(const absl::Status& why, const supervisor::CancelToken& cancel);

}  // namespace brobygger::sync
