#pragma once

#include <string>
#include <vector>

#include "brobygger/collab/v1/advice.pb.h"

#include "core/cli/session.h"

namespace brobygger::cli {

// Says, to a person who reads a table, the first pieces of advice for these moments; with an
// association, only where they apply to it now. Advice stops nobody: where the hub gives none, or
// refuses, nothing is said.
void SayAdvice(Session& session,
               const std::vector<collab::v1::AdviceTrigger>& moments,
               const std::string& association_id = "");

}  // namespace brobygger::cli
