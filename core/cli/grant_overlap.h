// That two applications may be for the same activity, in words that suspect nobody.
#pragma once

#include <string>

#include "brobygger/grant/v1/money.pb.h"

#include "core/cli/session.h"

namespace brobygger::cli {

using Overlaps = google::protobuf::RepeatedPtrField<grant::v1::Overlap>;
using Applications = google::protobuf::RepeatedPtrField<grant::v1::GrantApplication>;

// Writes a line for each overlap, with "!" before it: which two, and what to do. `applications` has
// all that they name. With an application's id only those with that one.
void WriteOverlaps(Session& session,
                   const Overlaps& overlaps,
                   const Applications& applications,
                   const std::string& application_id = "");

// "Sommerlejr" (Fritidspuljen, Kultur og Fritid).
std::string NamedApplication(const grant::v1::GrantApplication& application);

}  // namespace brobygger::cli
