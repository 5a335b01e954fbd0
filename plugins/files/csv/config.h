#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "plugins/common/columns.h"
#include "plugins/files/csv/encoding.h"

namespace brobygger::csv {

using common::Column;
using common::ValueType;

// The columns an id is made of where the source has none of its own.
struct IdColumns {
  std::string cvr;
  std::string name;
  std::string postal_code;
};

// What the file is.
enum class Format { kAuto, kCsv, kXlsx };

struct Config {
  std::string path;                         // a file, or a folder; "": the file at `url`
  std::string url = {};                     // https:, sftp:, or http: on this machine
  std::string user = {};                    // "": no login
  std::vector<std::string> host_keys = {};  // of an SFTP server: "SHA256:..."
  std::string ca_file = {};
  std::chrono::seconds timeout{100};
  std::string pattern = "*.csv";  // with a folder: the newest file of this name
  Format format = Format::kAuto;
  std::string sheet;              // of a workbook; "": the first that is not hidden
  std::optional<char> delimiter;  // nothing: found out
  std::optional<Encoding> encoding;
  std::string id_column;  // empty: made from `id_from`
  IdColumns id_from;
  std::vector<Column> columns;
  std::chrono::milliseconds stable_for = std::chrono::seconds(2);
};

// Reads the configuration; the error names the key.
absl::StatusOr<Config> ParseConfig(const std::string& json);

// JSON Schema of the configuration; the columns stand in common::WithColumns().
extern const char* const kConfigSchema;

}  // namespace brobygger::csv
