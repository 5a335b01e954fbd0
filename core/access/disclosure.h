#pragma once

#include <string>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/registry/v1/municipality.pb.h"

#include "core/access/access.h"

// How much of a department's contacts a caller is told, and whose they write: one rule for
// who-knows, for lists and for writes. Pure functions.
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

// Whether the caller writes the department's contacts: who works in it does, and whoever may change
// what the registry says of its municipality itself, which is what those who coordinate across
// departments may. That they may write contacts at all is the method's right.
bool WritesFor(const Caller& caller, const registry::v1::Department& department);

}  // namespace brobygger::access
