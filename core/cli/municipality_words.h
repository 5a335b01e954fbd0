// How tasks, policies and coordination groups are shown.
#pragma once

#include <string>
#include <vector>

#include "brobygger/registry/v1/municipality_service.pb.h"
#include "brobygger/registry/v1/municipality_work.pb.h"

#include "core/cli/table.h"

namespace brobygger::cli {

std::vector<Column> TaskColumns();
std::vector<Cell> TaskCells(const registry::v1::KleAssignment& assignment,
                            const std::string& language);

std::vector<Column> PolicyColumns();
std::vector<Cell> PolicyCells(const registry::v1::Policy& policy, const std::string& language);

std::vector<Column> GroupColumns();
std::vector<Cell> GroupCells(const registry::v1::CoordinationGroup& group);

}  // namespace brobygger::cli
