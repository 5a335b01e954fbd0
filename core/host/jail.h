#pragma once

#include "core/host/handshake.h"
#include "core/host/options.h"

namespace brobygger::host {

// Gives up what the plugin must not have, in the order of README.md. Call before
// there are threads and before any byte of the plugin is loaded. `program` as in
// FilterSystemCalls.
Verdict EnterJail(const Options& options, const char* program);

}  // namespace brobygger::host
