#include "core/cli/output.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <absl/strings/str_split.h>
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

std::string Json(const google::protobuf::Message& message, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = pretty;
  std::string json;
  // Every message of ours can be written; only a broken Any could not.
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) return "{}";
  while (!json.empty() && json.back() == '\n') json.pop_back();
  return json;
}

std::string Indented(const std::string& text, const std::string& by) {
  std::string indented = by;
  for (const char letter : text) {
    indented += letter;
    if (letter == '\n') indented += by;
  }
  return indented;
}

// The inside of a JSON object as it stands after other members: ",\n x: 1".
std::string MoreMembers(const google::protobuf::Message& message) {
  std::string json = Json(message, true);
  const size_t open = json.find('{');
  const size_t close = json.rfind('}');
  if (json.find(':') == std::string::npos) return "";
  return "," + json.substr(open + 1, json.find_last_not_of("\n", close - 1) - open);
}

std::string CsvLine(const std::vector<std::string>& fields, bool excel_safe) {
  std::string line;
  for (size_t i = 0; i < fields.size(); ++i) {
    line += (i == 0 ? "" : ",") + CsvField(fields[i], excel_safe);
  }
  return line + "\r\n";
}

std::vector<size_t> Everything(size_t count) {
  std::vector<size_t> indices(count);
  std::iota(indices.begin(), indices.end(), size_t{0});
  return indices;
}

// The items at the indices, in their order; a line may end early.
template <typename T>
std::vector<T> Select(const std::vector<T>& items, const std::vector<size_t>& indices) {
  std::vector<T> selected;
  for (const size_t index : indices) {
    selected.push_back(index < items.size() ? items[index] : T{});
  }
  return selected;
}

std::string Keys(const std::vector<Column>& columns) {
  std::vector<std::string> keys;
  for (const Column& column : columns) keys.push_back(column.key);
  return fmt::format("{}", fmt::join(keys, ", "));
}

}  // namespace

std::string ToJson(const google::protobuf::Message& message) { return Json(message, true); }

std::string ToJsonLine(const google::protobuf::Message& message) { return Json(message, false); }

std::string CsvField(const std::string& text, bool excel_safe) {
  std::string field = text;
  if (excel_safe && !field.empty() && std::string("=+-@\t\r").find(field[0]) != std::string::npos) {
    field = "'" + field;
  }
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char letter : field) {
    if (letter == '"') quoted += '"';
    quoted += letter;
  }
  return quoted + "\"";
}

absl::StatusOr<ListWriter> ListWriter::Make(Session& session,
                                            const std::string& key,
                                            const std::vector<Column>& columns) {
  std::vector<size_t> selected;
  const std::string& wanted = session.options().columns;
  for (const auto word : absl::StrSplit(wanted, ',', absl::SkipWhitespace())) {
    const std::string path = ToFieldPath(std::string(word));
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const Column& column) { return column.key == path; });
    if (found == columns.end()) {
      return absl::InvalidArgumentError(
          fmt::format("There is no column '{}'; there are {}.", path, Keys(columns)));
    }
    selected.push_back(static_cast<size_t>(found - columns.begin()));
  }
  return selected.empty() ? ListWriter(session, key, columns)
                          : ListWriter(session, key, columns, std::move(selected));
}

ListWriter::ListWriter(Session& session, std::string key, const std::vector<Column>& columns)
    : ListWriter(session, std::move(key), columns, Everything(columns.size())) {}

ListWriter::ListWriter(Session& session,
                       std::string key,
                       const std::vector<Column>& columns,
                       std::vector<size_t> selected)
    : session_(session),
      key_(std::move(key)),
      selected_(std::move(selected)),
      columns_(Select(columns, selected_)),
      table_(columns_) {
  if (session_.format() != Format::kCsv) return;
  std::vector<std::string> headers;
  for (const Column& column : columns_) {
    headers.push_back(column.key);
    if (column.marked) headers.push_back(column.key + ".said_by");
  }
  session_.Write(CsvLine(headers, false));
}

void ListWriter::Add(const google::protobuf::Message& record, const std::vector<Cell>& all_cells) {
  const std::vector<Cell> cells = Select(all_cells, selected_);
  switch (session_.format()) {
    case Format::kTable:
      table_.Add(cells);
      break;
    case Format::kCsv:
      AddCsv(cells);
      break;
    case Format::kJson:
      session_.Write(fmt::format("{}\n{}", first_ ? fmt::format("{{\n \"{}\": [", key_) : ",",
                                 Indented(Json(record, true), "  ")));
      break;
    case Format::kYaml:
      yaml_json_ += (first_ ? "" : ",") + Json(record, false);
      break;
  }
  first_ = false;
}

void ListWriter::AddCsv(const std::vector<Cell>& cells) {
  std::vector<std::string> fields;
  for (size_t i = 0; i < cells.size() && i < columns_.size(); ++i) {
    fields.push_back(cells[i].value);
    if (columns_[i].marked) fields.push_back(cells[i].mark);
  }
  session_.Write(CsvLine(fields, session_.options().excel_safe));
}

void ListWriter::Finish(const google::protobuf::Message* rest) {
  const std::string more = rest == nullptr ? "" : MoreMembers(*rest);
  switch (session_.format()) {
    case Format::kTable:
      if (!table_.empty()) session_.Write(table_.Render(session_.terminal()));
      break;
    case Format::kCsv:
      break;
    case Format::kJson:
      session_.Write(
          fmt::format("{}{}\n}}\n", first_ ? fmt::format("{{\n \"{}\": []", key_) : "\n ]", more));
      break;
    case Format::kYaml:
      session_.Write(JsonToYaml(fmt::format("{{\"{}\":[{}]{}}}", key_, yaml_json_, more)));
      break;
  }
}

void WriteRecord(Session& session,
                 const google::protobuf::Message& record,
                 const std::function<Rows()>& rows) {
  if (session.format() == Format::kJson) {
    session.Write(ToJson(record) + "\n");
  } else if (session.format() == Format::kYaml) {
    session.Write(JsonToYaml(ToJson(record)));
  } else {
    const Rows made = rows();
    ListWriter writer(session, "", made.columns);
    for (const auto& cells : made.cells) writer.Add(record, cells);
    writer.Finish();
  }
}

}  // namespace brobygger::cli
