#pragma once

#include <string>

#include <absl/status/status.h>

#include "brobygger/plugin/v1/diagnostic.pb.h"

namespace brobygger::sync {

// The error for trouble that a plugin told of in the middle of a read:
// SOURCE_REFUSED where a person must act, else SOURCE_UNAVAILABLE.
absl::Status FromDiagnostic(const plugin::v1::Diagnostic& diagnostic,
                            const std::string& connection_id);

}  // namespace brobygger::sync
