#pragma once

#include "core/web/callers_door.h"
#include "core/web/http.h"
#include "core/web/hub_client.h"
#include "core/web/page_door.h"

namespace brobygger::web {

// Answers /healthz and /feeds/<secret>.ics, what is at and below /hsds and /v1 if there is a door
// for callers with a key, calls and the page if there is a door for them, and 404 to everything
// else. All must outlive the handler, which is thread-safe.
//
// Whatever is wrong with a secret (its form, unknown, revoked), the answer is the same
// 404, and the hub was asked: time does not tell them apart either, as far as it is ours.
Handler Routes(HubClient& hub, CallersDoor* callers = nullptr, PageDoor* page = nullptr);

}  // namespace brobygger::web
