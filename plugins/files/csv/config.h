#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "plugins/files/csv/encoding.h"
#include "plugins/files/csv/values.h"

namespace brobygger::csv {

// One column the hub may see. A column that is not listed is never sent.
struct Column {
  std::string header;  // as the file names it
  std::string field;   // as the hub is told it
  CellType type = CellType::kText;
  char split = ',';       // between the items of a list
  bool required = false;  // the file is refused without it
};

// The columns an id is made of where the source has none of its own.
struct IdColumns {
  std::string cvr;
  std::string name;
  std::string postal_code;
};

struct Config {
  std::string path;               // a file, or a folder
  std::string pattern = "*.csv";  // with a folder: the newest file of this name
  std::optional<char> delimiter;  // nothing: found out
  std::optional<Encoding> encoding;
  std::string id_column;  // empty: made from `id_from`
  IdColumns id_from;
  std::vector<Column> columns;
  std::chrono::milliseconds stable_for = std::chrono::seconds(2);
};

// Reads the configuration; the error names the key.
absl::StatusOr<Config> ParseConfig(const std::string& json);

// JSON Schema of the configuration.
extern const char* const kConfigSchema;

}  // namespace brobygger::csv
