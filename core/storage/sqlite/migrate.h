#pragma once

#include <vector>

#include <absl/status/status.h>

#include "core/storage/sqlite/connection.h"

namespace brobygger::storage {

// One step from one version of the tables to the next.
struct Migration {
  int number;
  const char* sql;
};

// sqlite/migrations/NNNN_what.sql in order, put into the program by the build.
const std::vector<Migration>& Migrations();

// Brings the file to the newest version, in one transaction; a fresh file is
// marked as ours. STORAGE_TOO_NEW: a newer program wrote it. STORAGE_CORRUPT: it
// belongs to another program.
absl::Status Migrate(Connection& connection, const std::vector<Migration>& migrations);

}  // namespace brobygger::storage
