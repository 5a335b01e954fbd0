#pragma once

#include <cstdint>

#include "core/host/handshake.h"
#include "core/host/options.h"

namespace brobygger::host {

// Gives up what the plugin must not have, in the order of README.md. Call before
// there are threads and before any byte of the plugin is loaded. `program` as in
// FilterSystemCalls.
Verdict EnterJail(const Options& options, const char* program);

// The parts of it that a process without a plugin wants too.

// Gives up every capability, and to gain any right by a program it runs. Root without
// capabilities still owns root's files.
Verdict DropPrivileges();

// No core dump, and at most so many descriptors.
Verdict LimitDumpsAndDescriptors(std::uint64_t descriptors);

}  // namespace brobygger::host
