#pragma once

#include <string>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/registry/v1/municipality.pb.h"

#include "core/access/access.h"

// How much of a department's contacts a caller is told. One rule for who-knows, lists and writes.
// Pure functions.
namespace brobygger::access {

// Whether the caller works in the department.
bool WorksIn(const Caller& caller, const std::string& department_id);

// How much the caller is told of what a department had to do with an association that agreed to
// this:
//
//   its own department                     Disclosure::own
//   another of the same municipality       Disclosure::municipality
//   one elsewhere                          Disclosure::elsewhere, if the association agreed
//
// A volunteer centre is told of its own municipality too only where the association agreed. Which
// associations there are for the caller at all is not said here: scope.h.
Disclosure::Level LevelFor(const Caller& caller,
                           const registry::v1::Department& department,
                           const registry::v1::VisibilityConsent& consent);

// Whether it matters to LevelFor() what the association agreed to: who asks about many need not
// look it up where it does not.
bool AsksConsent(const Caller& caller, const registry::v1::Department& department);

}  // namespace brobygger::access
