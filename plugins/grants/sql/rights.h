#pragma once

#include <absl/status/status.h>

#include "plugins/grants/sql/database.h"

namespace brobygger::sql {

// OK, or a CLASS_AUTH with the GRANT statements to ask the database's owner for, so that
// what the configuration wants to write can be written. Tries it on no row at all and
// rolls back, so it changes nothing. `database` is open for kWrite.
absl::Status MissingRights(const TableConfig& config, Database& database);

}  // namespace brobygger::sql
