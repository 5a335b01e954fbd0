#pragma once

#include "core/web/http.h"
#include "core/web/hub_client.h"

namespace brobygger::web {

// Answers /healthz and /feeds/<secret>.ics, and 404 to everything else. `hub` must
// outlive the handler. The handler is thread-safe.
//
// Whatever is wrong with a secret (its form, unknown, revoked), the answer is the same
// 404, and the hub was asked: time does not tell them apart either, as far as it is ours.
Handler Routes(HubClient& hub);

}  // namespace brobygger::web
