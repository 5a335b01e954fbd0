#pragma once

#include <set>
#include <string>

#include "brobygger/plugin/v1/record.pb.h"

namespace brobygger::calendars {

// Leaves out the fields that were not asked for; an empty selection asks for all.
void KeepSelected(const std::set<std::string>& selected, plugin::v1::Record& record);

}  // namespace brobygger::calendars
