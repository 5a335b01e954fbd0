#pragma once

#include <string>

#include "brobygger/sdk/bb_abi.h"

#include "core/host/handshake.h"

namespace brobygger::host {

// Loads the plugin at `path` for the rest of the process. First looks whether the
// file is a plugin at all, without running any of it; then loads it and compares
// the ABI. Call only inside the jail.
Verdict LoadPlugin(const std::string& path, const bb_plugin_v1*& plugin);

}  // namespace brobygger::host
