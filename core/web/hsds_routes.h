#pragma once

#include <memory>
#include <string>

#include "core/web/callers_door.h"
#include "core/web/http.h"
#include "core/web/parameters.h"
#include "core/web/visit.h"

namespace brobygger::web {

// Answers what is at and below /hsds: a read-only profile of the Open Referral HSDS 3.0 API. What
// it is and which lists it uses is told to everybody; organizations and services to callers with a
// key. `door` must outlive the answers. Thread-safe.
void AnswerHsds(CallersDoor& door, const Request& request, Respond respond);

// The parts of it that are about services (hsds_services.cc).
void AnswerHsdsServices(CallersDoor& door,
                        const Parameters& asked,
                        const std::shared_ptr<Visit>& visit);
void AnswerHsdsService(CallersDoor& door,
                       const std::string& id,
                       const std::shared_ptr<Visit>& visit);

// The parts that need no key (hsds_about.cc). False if `path` is none of them.
bool AnswerHsdsAbout(const CallersDoor& door, const Request& request, const Respond& respond);

}  // namespace brobygger::web
