#pragma once

#include "core/host/handshake.h"
#include "core/host/options.h"

namespace brobygger::host {

// Takes away the calling thread's right to files, TCP ports, signals and abstract
// sockets beyond what `options` and the base system need. What this kernel cannot
// enforce is told on stderr and not a refusal. Call before there are threads.
Verdict RestrictFilesAndPorts(const Options& options);

}  // namespace brobygger::host
