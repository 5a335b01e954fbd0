#pragma once

#include <string>
#include <vector>

#include "core/cli/command.h"

namespace brobygger::cli {

// What may stand in the place of the last of `words`, one a line. Asks the hub
// for ids, and does without them if it does not answer within 300 ms.
std::string OfferWords(const CommandLine& line, const std::vector<std::string>& words);

}  // namespace brobygger::cli
