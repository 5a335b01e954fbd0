#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <nlohmann/json.hpp>

#include "brobygger/plugin/v1/schema.pb.h"

namespace brobygger::common {

// What the values of a column are.
enum class ValueType { kText, kFlag, kInt, kDecimal, kDate, kList };

// One column the hub may see. A column that is not listed is never asked for.
struct Column {
  std::string source;  // as the source names it
  std::string field;   // as the hub is told it
  ValueType type = ValueType::kText;
  char split = ',';       // between the items of a list
  bool required = false;  // nothing is read without it
  bool personal = false;  // holds personal data
};

// Reads a plugin's configuration. Errors are CLASS_CONFIG, name the key and carry
// the code "<plugin>.config".
class ConfigReader {
 public:
  ConfigReader(std::string plugin, const std::string& json);

  // Reads the object at `key`, whose keys its errors name as "<key>.<its key>". What is
  // wrong in it stands in its own status().
  ConfigReader Part(const std::string& key) const;

  // What is wrong so far.
  const absl::Status& status() const { return status_; }

  // Leaves `text` as it is if the key is not there.
  void Text(const std::string& key, std::string& text);
  void Text(const nlohmann::json& json, const std::string& key, std::string& text);
  void Number(const std::string& key, int most, int& number);
  // "columns": {"<source>": "<field>" or {"field", "type", "split", "required", "personal"}}.
  // Where nothing is said, a field whose name says that it is about a person is personal.
  std::vector<Column> Columns();

  // Notes that the value of `key` will not do, and why; the first one counts.
  void Refuse(const std::string& key, const std::string& da, const std::string& en);

  // Notes what is wrong in a part; the first one counts.
  void Take(const absl::Status& wrong) {
    if (status_.ok()) status_ = wrong;
  }

  const nlohmann::json& json() const { return json_; }

 private:
  ConfigReader(std::string plugin, nlohmann::json json, std::string prefix);
  Column OneColumn(const std::string& source, const nlohmann::json& about);

  std::string plugin_;
  nlohmann::json json_;
  std::string prefix_;  // before each key
  absl::Status status_;
};

// The JSON Schema `schema` of a plugin's configuration, with what a list of columns is in place of
// each "@COLUMNS@": the same for every plugin, as ConfigReader::Columns() reads it.
std::string WithColumns(std::string schema);

// The columns as a schema tells them.
plugin::v1::FieldSchema FieldOf(const Column& column);

}  // namespace brobygger::common
