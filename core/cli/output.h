// The forms in which data is written: a table for people; JSON (the protobuf JSON
// of the API), YAML (the same) and CSV (RFC 4180) for programs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <google/protobuf/message.h>

#include "core/cli/session.h"
#include "core/cli/table.h"

namespace brobygger::cli {

// Protobuf JSON, indented.
std::string ToJson(const google::protobuf::Message& message);
// On one line.
std::string ToJsonLine(const google::protobuf::Message& message);
// `json` as YAML; texts that would read as something else are quoted.
std::string JsonToYaml(const std::string& json);

// One field of a CSV line. With `excel_safe`, one that a spreadsheet would run as
// a formula gets a leading "'".
std::string CsvField(const std::string& text, bool excel_safe);

// Writes the records of a list in the asked form, as they come; a table waits for
// the last one, since its columns depend on it.
class ListWriter {
 public:
  // `key` is the list's name in the API's JSON: "associations".
  ListWriter(Session& session, std::string key, const std::vector<Column>& columns);

  // With only the columns that --columns names; INVALID_ARGUMENT if it names
  // another one.
  static absl::StatusOr<ListWriter> Make(Session& session,
                                         const std::string& key,
                                         const std::vector<Column>& columns);

  void Add(const google::protobuf::Message& record, const std::vector<Cell>& all_cells);

  // `rest` holds the answer's other fields; its own list must be empty.
  void Finish(const google::protobuf::Message* rest = nullptr);

 private:
  ListWriter(Session& session,
             std::string key,
             const std::vector<Column>& columns,
             std::vector<size_t> selected);
  void AddCsv(const std::vector<Cell>& cells);

  Session& session_;
  std::string key_;
  std::vector<size_t> selected_;  // of the columns that cells come in
  std::vector<Column> columns_;   // those selected
  Table table_;
  std::string yaml_json_;  // YAML is made from the whole JSON text
  bool first_ = true;
};

// Columns and lines of something that is one record, or no record of the API.
struct Rows {
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> cells;
};

// Writes one record; `rows` is how a table and CSV show it.
void WriteRecord(Session& session,
                 const google::protobuf::Message& record,
                 const std::function<Rows()>& rows);

}  // namespace brobygger::cli
