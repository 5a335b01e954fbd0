// What department import says.
#pragma once

#include <string>
#include <vector>

#include "brobygger/registry/v1/municipality_service.pb.h"

#include "core/cli/directory_file.h"

namespace brobygger::cli {

// "3 created, 1 changed, 40 as before."
std::string ImportText(const registry::v1::ImportDepartmentsResponse& response, bool dry_run);

// Departments without the directory's id that are called as a unit which is new to the hub,
// with that unit's: "Kultur (00000000-...)".
std::vector<std::string> Namesakes(const std::vector<registry::v1::Department>& known,
                                   const DirectoryFile& file);

}  // namespace brobygger::cli
