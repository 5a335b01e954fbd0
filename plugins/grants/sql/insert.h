#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include "plugins/grants/sql/cell.h"

namespace brobygger::sql {

// What a new row holds, by column.
using NewRow = std::map<std::string, Cell>;

// Makes `rows` in few statements; those with the same columns go in together.
absl::Status InsertRows(const TableConfig& config,
                        Database& database,
                        const std::vector<const NewRow*>& rows);

}  // namespace brobygger::sql
