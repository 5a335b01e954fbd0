#pragma once

#include <absl/status/status.h>

#include "plugins/calendars/graph/client.h"
#include "plugins/calendars/graph/config.h"

namespace brobygger::graph {

// Client credentials open every mailbox of a tenant unless Exchange restricts the application. OK
// only if the mailbox that must be refused is refused; kOpenMailbox if it can be read, kNoRefusal
// if it is not there, else what went wrong. `today` only bounds what is asked for.
absl::Status CheckRefusal(Client& client, const Config& config, absl::CivilDay today);

}  // namespace brobygger::graph
