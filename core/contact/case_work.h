#pragma once

#include "brobygger/registry/v1/municipality.pb.h"

namespace brobygger::contact {

// Whether the department decides in single citizens' cases, so that its calendars tell of
// an association only by category. Where nobody said, its name tells, and rather too
// often than too seldom.
bool DoesCaseWork(const registry::v1::Department& department);

}  // namespace brobygger::contact
