#pragma once

#include <optional>
#include <string>
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

// What may be written. Without it nothing is.
struct WriteConfig {
  std::string id;                           // the column that keeps our id
  std::vector<std::string> columns;         // fields that an update may change
  std::vector<std::string> insert_columns;  // fields set only when a row is made
  bool insert = false;
  std::string link_by;           // field; "" is none
  std::string revision;          // field; "" is none
  std::string version;           // column; "" is none
  std::vector<Filter> defaults;  // columns of a new row
};

// A value somewhere in the database that differs when the table has changed.
struct HintConfig {
  std::vector<std::string> table;  // with one row
  std::string column;
  int settle_seconds = 60;
  int whole_hours = 24;
};

// One table or view, and what of it the hub may see.
struct TableConfig {
  std::string part;                // what comes before its keys: "", or "applications."
  std::vector<std::string> table;  // "schema", "table"
  std::string key;
  std::vector<Column> columns;
  std::vector<Filter> filters;
  std::optional<WriteConfig> write;
  std::optional<HintConfig> hint;

  // "schema.table", for messages.
  std::string FullName() const;

  // The column of a field; nullptr if there is none.
  const Column* ColumnOf(const std::string& field) const;
};

struct Config {
  std::string connection_string;  // without password
  TableConfig associations;
  std::optional<TableConfig> applications;  // only read
};

// Reads the configuration; the error names the key.
absl::StatusOr<Config> ParseConfig(const std::string& json);

// Reads its part "write" into `config`, whose other parts are there already.
void ReadWrite(common::ConfigReader& reader, TableConfig& config);

// Refuses what cannot be the name of a table or column.
void NeedName(common::ConfigReader& reader, const std::string& key, const std::string& name);

// Reads an object of columns and the values they hold, at `key`.
std::vector<Filter> ReadValues(common::ConfigReader& reader,
                               const nlohmann::json& values,
                               const std::string& key);

// The connection string with the password, in braces where it needs them.
std::string WithPassword(const std::string& connection_string, const std::string& password);

// The connection string for writing, unless it says otherwise itself: PostgreSQL over ODBC
// sets no savepoint before each statement, since the whole transaction is rolled back
// anyway, and SQLite over ODBC waits seconds and not minutes for a lock.
std::string ForWriting(const std::string& connection_string);

// JSON Schema of the configuration; the columns stand in common::WithColumns().
extern const char* const kConfigSchema;

}  // namespace brobygger::sql
