#pragma once

#include <string>
#include <variant>
#include <vector>

#include <absl/status/statusor.h>

#include "plugins/common/columns.h"

namespace brobygger::sql {

using common::Column;
using common::ValueType;

// A column that must hold this value for a row to be read.
struct Filter {
  std::string column;
  std::string value;
};

struct Config {
  std::string connection_string;   // without password
  std::vector<std::string> table;  // "schema", "table"
  std::string key;
  std::vector<Column> columns;
  std::vector<Filter> filters;
};

// Reads the configuration; the error names the key.
absl::StatusOr<Config> ParseConfig(const std::string& json);

// The connection string with the password, in braces where it needs them.
std::string WithPassword(const std::string& connection_string, const std::string& password);

// JSON Schema of the configuration.
extern const char* const kConfigSchema;

}  // namespace brobygger::sql
