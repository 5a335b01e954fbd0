// That two applications may be for the same activity, in words that suspect nobody.
#pragma once

#include <string>
#include <vector>

#include "brobygger/grant/v1/money.pb.h"

#include "core/cli/session.h"

namespace brobygger::cli {

// A sentence for each overlap, or only for those with this application: which two, and what to do.
std::vector<std::string> OverlapTexts(const grant::v1::AssociationMoney& money,
                                      const std::string& application_id,
                                      const std::string& language);

// Writes them under a record that a person reads, with "!" before each; what the caller may not
// know of is left out. `association_id` empty: nobody knows whose it is, so nothing.
void WriteOverlaps(Session& session,
                   const std::string& association_id,
                   const std::string& application_id);

// "Sommerlejr" (Fritidspuljen, Kultur og Fritid).
std::string NamedApplication(const grant::v1::GrantApplication& application);

}  // namespace brobygger::cli
