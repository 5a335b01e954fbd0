#include "plugins/grants/sql/config.h"

#include <algorithm>
#include <string_view>

namespace brobygger::sql {

const char* const kConfigSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["connection_string", "table", "key", "columns"],
  "properties": {
    "connection_string": {"type": "string", "description": "ODBC connection string without the password, which is the secret 'password'."},
    "table": {"type": "string", "description": "table or schema.table"},
    "key": {"type": "string", "description": "The column that holds the source's own stable key."},
    "columns": @COLUMNS@,
    "filter_equals": {
      "type": "object",
      "description": "Only rows whose columns hold these values.",
      "additionalProperties": {"type": ["string", "integer"]}
    },
    "change_hint": {
      "type": "object",
      "description": "Where the database says that the table has changed; it is read only then, and now and then anyway.",
      "required": ["table", "column"],
      "properties": {
        "table": {"type": "string", "description": "A table, view or sequence with one row."},
        "column": {"type": "string", "description": "Its column; another value means that the table has changed."},
        "settle_seconds": {"type": "integer", "minimum": 0, "maximum": 3600, "default": 60, "description": "How long a change may be under way after the value has changed; 0 if both are committed together."},
        "whole_hours": {"type": "integer", "minimum": 0, "maximum": 168, "default": 24, "description": "The table is read this often whatever the value is."}
      }
    },
    "write": {
      "type": "object",
      "description": "What the hub may write. Without it nothing is written.",
      "required": ["id"],
      "properties": {
        "id": {"type": "string", "description": "The column that keeps the hub's id. Put a unique index on it."},
        "columns": {"type": "array", "items": {"type": "string"}, "description": "Fields, of those in 'columns', that an update may change."},
        "insert_columns": {"type": "array", "items": {"type": "string"}, "description": "Further fields that are set only when a row is made."},
        "insert": {"type": "boolean", "default": false, "description": "Whether the hub may make rows."},
        "link_by": {"type": "string", "description": "A field: the one live row with its value, and no id yet, is taken over instead of making a row."},
        "revision": {"type": "string", "description": "A field in 'write.columns' with a growing number: a lower one than the row's changes nothing."},
        "version": {"type": "string", "description": "A column with a whole number that grows with each write, and that a write is held against."},
        "defaults": {
          "type": "object",
          "description": "Columns of a new row that must not be empty, and their values.",
          "additionalProperties": {"type": ["string", "integer"]}
        }
      }
    },
    "applications": {
      "type": "object",
      "description": "A table of grant applications, in the same database. It is only read, as the stream 'applications'.",
      "required": ["table", "key", "columns"],
      "properties": {
        "table": {"$ref": "#/properties/table"},
        "key": {"$ref": "#/properties/key"},
        "columns": {"$ref": "#/properties/columns"},
        "filter_equals": {"$ref": "#/properties/filter_equals"},
        "change_hint": {"$ref": "#/properties/change_hint"}
      }
    }
  }
})json";

namespace {

constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kMaxTableParts = 2;
constexpr int kMostSettleSeconds = 3600;
constexpr int kMostWholeHours = 24 * 7;

// A name is quoted before it is used; what could end the quotes is refused besides.
bool IsName(const std::string& name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         std::none_of(name.begin(), name.end(), [](char sign) {
           return static_cast<unsigned char>(sign) < 0x20 ||
                  std::string_view("\"`'[];\\.?").find(sign) != std::string_view::npos;
         });
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char sign) {
    return sign >= 'A' && sign <= 'Z' ? static_cast<char>(sign + 32) : sign;
  });
  return text;
}

// Whether the connection string sets `name` itself.
bool Sets(const std::string& connection_string, const std::string& name) {
  return (";" + Lower(connection_string)).find(";" + name + "=") != std::string::npos;
}

std::vector<std::string> ReadName(common::ConfigReader& reader) {
  std::string table;
  reader.Text("table", table);
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= table.size()) {
    const std::size_t end = std::min(table.find('.', begin), table.size());
    parts.push_back(table.substr(begin, end - begin));
    NeedName(reader, "table", parts.back());
    begin = end + 1;
  }
  if (parts.size() > kMaxTableParts) {
    reader.Refuse("table", "skriv tabel eller skema.tabel", "give table or schema.table");
  }
  return parts;
}

std::optional<HintConfig> ReadHint(common::ConfigReader& reader) {
  const auto found = reader.json().find("change_hint");
  if (found == reader.json().end() || found->is_null()) return std::nullopt;
  common::ConfigReader part = reader.Part("change_hint");
  HintConfig hint;
  hint.table = ReadName(part);
  part.Text("column", hint.column);
  NeedName(part, "column", hint.column);
  part.Number("settle_seconds", kMostSettleSeconds, hint.settle_seconds);
  part.Number("whole_hours", kMostWholeHours, hint.whole_hours);
  reader.Take(part.status());
  return hint;
}

TableConfig ReadTable(common::ConfigReader& reader, const std::string& part) {
  TableConfig config;
  config.part = part;
  config.table = ReadName(reader);
  config.hint = ReadHint(reader);
  reader.Text("key", config.key);
  NeedName(reader, "key", config.key);
  config.columns = reader.Columns();
  for (const Column& column : config.columns) {
    NeedName(reader, "columns." + column.source, column.source);
  }
  config.filters = ReadValues(
      reader, reader.json().value("filter_equals", nlohmann::json::object()), "filter_equals");
  return config;
}

absl::StatusOr<TableConfig> ReadApplications(const common::ConfigReader& whole) {
  common::ConfigReader reader = whole.Part("applications");
  TableConfig config = ReadTable(reader, "applications.");
  // Who writes this expects something that would not happen.
  if (reader.json().contains("write")) {
    reader.Refuse("write", "ansøgninger læses kun; fjern det",
                  "applications are only read; remove it");
  }
  if (!reader.status().ok()) return reader.status();
  return config;
}

}  // namespace

void NeedName(common::ConfigReader& reader, const std::string& key, const std::string& name) {
  if (IsName(name)) return;
  reader.Refuse(key, "'" + name + "' er ikke et navn på en tabel eller kolonne",
                "'" + name + "' is no name of a table or column");
}

std::vector<Filter> ReadValues(common::ConfigReader& reader,
                               const nlohmann::json& values,
                               const std::string& key) {
  std::vector<Filter> read;
  if (!values.is_object()) {
    reader.Refuse(key, "det skal være et objekt", "it must be an object");
    return read;
  }
  for (const auto& [column, value] : values.items()) {
    NeedName(reader, key, column);
    if (value.is_string()) {
      read.push_back({column, value.get<std::string>()});
    } else if (value.is_number_integer()) {
      read.push_back({column, std::to_string(value.get<long long>())});
    } else {
      reader.Refuse(key + "." + column, "brug tekst eller et helt tal",
                    "use text or a whole number");
    }
  }
  return read;
}

std::string TableConfig::FullName() const {
  return table.size() > 1 ? table[0] + "." + table[1] : table[0];
}

const Column* TableConfig::ColumnOf(const std::string& field) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& column) { return column.field == field; });
  return found == columns.end() ? nullptr : &*found;
}

absl::StatusOr<Config> ParseConfig(const std::string& json) {
  common::ConfigReader reader("grants.sql", json);
  Config config;
  reader.Text("connection_string", config.connection_string);
  if (config.connection_string.empty()) {
    reader.Refuse("connection_string",
                  "skriv ODBC-forbindelsen, for eksempel "
                  "Driver={PostgreSQL Unicode};Server=...;Database=...;UID=...",  // glossary: ok
                  "give the ODBC connection, for example "
                  "Driver={PostgreSQL Unicode};Server=...;Database=...;UID=...");  // glossary: ok
  }
  if (Sets(config.connection_string, "pwd") || Sets(config.connection_string, "password")) {
    reader.Refuse("connection_string", "flyt adgangskoden til hemmeligheden 'password'",
                  "move the password to the secret 'password'");
  }
  config.associations = ReadTable(reader, "");
  ReadWrite(reader, config.associations);
  if (!reader.status().ok()) return reader.status();
  const auto found = reader.json().find("applications");
  if (found == reader.json().end() || found->is_null()) return config;
  absl::StatusOr<TableConfig> applications = ReadApplications(reader);
  if (!applications.ok()) return applications.status();
  config.applications = *std::move(applications);
  return config;
}

std::string ForWriting(const std::string& connection_string) {
  std::string more;
  const std::string lower = Lower(connection_string);
  if (lower.find("postgres") != std::string::npos && !Sets(lower, "protocol")) {
    more = "Protocol=7.4-0";
  } else if (lower.find("sqlite") != std::string::npos && !Sets(lower, "timeout")) {
    more = "Timeout=3000";
  }
  if (more.empty()) return connection_string;
  return connection_string + (connection_string.back() == ';' ? "" : ";") + more;
}

std::string WithPassword(const std::string& connection_string, const std::string& password) {
  if (password.empty()) return connection_string;
  std::string value = password;
  if (value.find_first_of(";{}[](),?*=!@ ") != std::string::npos) {
    for (std::size_t at = 0; (at = value.find('}', at)) != std::string::npos; at += 2) {
      value.insert(at, 1, '}');
    }
    value = "{" + value + "}";
  }
  const bool ended = !connection_string.empty() && connection_string.back() == ';';
  return connection_string + (ended ? "" : ";") + "PWD=" + value;
}

}  // namespace brobygger::sql
