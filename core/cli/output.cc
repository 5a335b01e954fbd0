#include "core/cli/output.h"

#include <utility>

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

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

ListWriter::ListWriter(Session& session, std::string key, std::vector<Column> columns)
    : session_(session), key_(std::move(key)), columns_(std::move(columns)), table_(columns_) {
  if (session_.format() != Format::kCsv) return;
  std::vector<std::string> headers;
  for (const Column& column : columns_) {
    headers.push_back(column.key);
    if (column.marked) headers.push_back(column.key + ".said_by");
  }
  session_.Write(CsvLine(headers, false));
}

void ListWriter::Add(const google::protobuf::Message& record, std::vector<Cell> cells) {
  switch (session_.format()) {
    case Format::kTable:
      table_.Add(std::move(cells));
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
