// Files of funds: TOML with [[pool]] and [[pool.criterion]], or CSV with a line a fund.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/cli/pool_fields.h"

namespace brobygger::cli {

struct PoolFile {
  std::string path;
  std::vector<PoolRow> rows;
};

// Reads a file that ends in .toml or .csv. INVALID_ARGUMENT with the first line that is wrong.
absl::StatusOr<PoolFile> ReadPoolFile(const std::string& path);

// The text of a TOML file; `path` is what errors call it.
absl::StatusOr<PoolFile> ParsePools(const std::string& text, const std::string& path);

// The hub's error about "pools[3].title" as one about that fund's line in the file.
absl::Status AtPoolLine(const PoolFile& file, const absl::Status& status);

}  // namespace brobygger::cli
