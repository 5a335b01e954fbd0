// How touchpoints are shown.
#pragma once

#include <string>
#include <vector>

#include "brobygger/contact/v1/touchpoint.pb.h"

#include "core/cli/output.h"

namespace brobygger::cli {

std::vector<Column> TouchpointColumns();
std::vector<Cell> TouchpointCells(const contact::v1::Touchpoint& touchpoint,
                                  const std::string& language);

}  // namespace brobygger::cli
