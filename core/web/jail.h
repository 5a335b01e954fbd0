#pragma once

#include <absl/status/status.h>

namespace brobygger::web {

// Gives up what a web door does not need, since strangers speak to it: every capability,
// new privileges, core dumps, files but system libraries and time zones, other programs,
// signals to others, new listeners, and sockets that are not Unix streams (the hub's).
// `descriptors` is how many it may have open.
//
// Call it when the address is bound, and before there are threads. What this kernel
// cannot enforce is a warning in the log; FAILED_PRECONDITION if the rest cannot be.
//
// Landlock does not watch connect() to Unix sockets: it can reach every socket that its
// user may, of which only the hub's should be there.
absl::Status EnterWebJail(int descriptors);

}  // namespace brobygger::web
