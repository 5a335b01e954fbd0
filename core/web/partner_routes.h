#pragma once

#include "core/web/callers_door.h"
#include "core/web/http.h"

namespace brobygger::web {

// Answers what is below /v1/: "partners" and "partners.csv", "partners/<id>", and "openapi.json",
// which needs no key. `door` must outlive the answers. Thread-safe.
void AnswerPartners(CallersDoor& door, const Request& request, Respond respond);

}  // namespace brobygger::web
