#pragma once

#include "core/host/handshake.h"
#include "core/host/options.h"

namespace brobygger::host {

// Refuses (EPERM) the system calls no plugin needs: new processes and programs,
// ptrace, mounts, namespaces, kernel interfaces, signals to others, odd sockets.
// `program`, if not null, is the one path exec may be called with, by address.
// Holds for all threads.
Verdict FilterSystemCalls(const Options& options, const char* program);

// The rest, once the host itself listens: no Unix sockets (unless a path the plugin
// may use is one), nothing listens. Holds for all threads.
Verdict FilterListening(const Options& options);

// Nothing is bound and nothing listens that does not yet. Unix sockets stay, for a
// process that calls the hub. Holds for all threads.
Verdict FilterBinding();

}  // namespace brobygger::host
