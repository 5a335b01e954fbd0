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
    "columns": {
      "type": "object",
      "minProperties": 1,
      "description": "Column in the table to field; no other column is asked for.",
      "additionalProperties": {
        "anyOf": [
          {"type": "string"},
          {
            "type": "object",
            "required": ["field"],
            "properties": {
              "field": {"type": "string"},
              "type": {"enum": ["text", "bool", "int", "decimal", "date", "list"], "default": "text"},
              "split": {"type": "string", "minLength": 1, "maxLength": 1, "default": ","}
            }
          }
        ]
      }
    },
    "filter_equals": {
      "type": "object",
      "description": "Only rows whose columns hold these values.",
      "additionalProperties": {"type": ["string", "integer"]}
    }
  }
})json";

namespace {

constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kMaxTableParts = 2;

// A name is quoted before it is used; what could end the quotes is refused besides.
bool IsName(const std::string& name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         std::none_of(name.begin(), name.end(), [](char sign) {
           return static_cast<unsigned char>(sign) < 0x20 ||
                  std::string_view("\"`'[];\\.?").find(sign) != std::string_view::npos;
         });
}

void NeedName(common::ConfigReader& reader, const std::string& key, const std::string& name) {
  if (IsName(name)) return;
  reader.Refuse(key, "'" + name + "' er ikke et navn på en tabel eller kolonne",
                "'" + name + "' is no name of a table or column");
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

void ReadTable(common::ConfigReader& reader, Config& config) {
  std::string table;
  reader.Text("table", table);
  std::size_t begin = 0;
  while (begin <= table.size()) {
    const std::size_t end = std::min(table.find('.', begin), table.size());
    config.table.push_back(table.substr(begin, end - begin));
    NeedName(reader, "table", config.table.back());
    begin = end + 1;
  }
  if (config.table.size() > kMaxTableParts) {
    reader.Refuse("table", "skriv tabel eller skema.tabel", "give table or schema.table");
  }
}

void ReadFilters(common::ConfigReader& reader, Config& config) {
  const auto filters = reader.json().value("filter_equals", nlohmann::json::object());
  if (!filters.is_object()) {
    return reader.Refuse("filter_equals", "det skal være et objekt", "it must be an object");
  }
  for (const auto& [column, value] : filters.items()) {
    NeedName(reader, "filter_equals", column);
    if (value.is_string()) {
      config.filters.push_back({column, value.get<std::string>()});
    } else if (value.is_number_integer()) {
      config.filters.push_back({column, std::to_string(value.get<long long>())});
    } else {
      reader.Refuse("filter_equals." + column, "brug tekst eller et helt tal",
                    "use text or a whole number");
    }
  }
}

}  // namespace

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
  ReadTable(reader, config);
  reader.Text("key", config.key);
  NeedName(reader, "key", config.key);
  config.columns = reader.Columns();
  for (const Column& column : config.columns) {
    NeedName(reader, "columns." + column.source, column.source);
  }
  ReadFilters(reader, config);
  if (!reader.status().ok()) return reader.status();
  return config;
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
