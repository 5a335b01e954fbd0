#include "plugins/files/csv/config.h"

#include <map>

#include <nlohmann/json.hpp>

#include "brobygger/sdk/error.h"

namespace brobygger::csv {

using Json = nlohmann::json;

const char* const kConfigSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["path", "columns"],
  "properties": {
    "path": {"type": "string", "description": "The file, or the folder whose newest matching file is read."},
    "pattern": {"type": "string", "default": "*.csv"},
    "delimiter": {"type": "string", "default": "auto", "description": "auto, or one sign: ; , | or a tab"},
    "encoding": {"enum": ["auto", "utf-8", "windows-1252"], "default": "auto"},
    "id_column": {"type": "string", "description": "The column that holds the source's own key."},
    "id_from": {
      "type": "object",
      "description": "Without id_column: the key is the CVR number, else name and postal code.",
      "properties": {"cvr": {"type": "string"}, "name": {"type": "string"}, "postal_code": {"type": "string"}}
    },
    "columns": {
      "type": "object",
      "minProperties": 1,
      "description": "Column in the file to field; no other column is read.",
      "additionalProperties": {
        "anyOf": [
          {"type": "string"},
          {
            "type": "object",
            "required": ["field"],
            "properties": {
              "field": {"type": "string"},
              "type": {"enum": ["text", "date", "decimal", "int", "list"], "default": "text"},
              "split": {"type": "string", "minLength": 1, "maxLength": 1, "default": ","},
              "required": {"type": "boolean", "default": false}
            }
          }
        ]
      }
    },
    "stable_for_ms": {"type": "integer", "minimum": 0, "maximum": 600000, "default": 2000}
  }
})json";

namespace {

constexpr int kMaxStableMs = 600000;

absl::Status Wrong(const std::string& key, const std::string& da, const std::string& en) {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_CONFIG,
                         .code = "files.csv.config",
                         .da = "Ret '" + key + "' i forbindelsens opsætning: " + da + ".",
                         .en = "Mend '" + key + "' in the connection's configuration: " + en + ".",
                         .path = key});
}

absl::Status ReadText(const Json& json, const std::string& key, std::string& text) {
  const auto found = json.find(key);
  if (found == json.end()) return absl::OkStatus();
  if (!found->is_string()) return Wrong(key, "det skal være tekst", "it must be text");
  text = found->get<std::string>();
  return absl::OkStatus();
}

absl::Status ReadType(const std::string& key, const std::string& word, CellType& type) {
  static const std::map<std::string, CellType> kTypes = {{"text", CellType::kText},
                                                         {"date", CellType::kDate},
                                                         {"decimal", CellType::kDecimal},
                                                         {"int", CellType::kInt},
                                                         {"list", CellType::kList}};
  const auto found = kTypes.find(word);
  if (found == kTypes.end()) {
    return Wrong(key + ".type", "brug text, date, decimal, int eller list",
                 "use text, date, decimal, int or list");
  }
  type = found->second;
  return absl::OkStatus();
}

absl::Status ReadColumn(const std::string& header, const Json& json, Column& column) {
  const std::string key = "columns." + header;
  column.header = header;
  if (json.is_string()) {
    column.field = json.get<std::string>();
  } else if (json.is_object()) {
    std::string type = "text";
    std::string split = ",";
    for (const auto& [name, text] : {std::pair("field", &column.field), std::pair("type", &type),
                                     std::pair("split", &split)}) {
      if (absl::Status wrong = ReadText(json, name, *text); !wrong.ok()) return wrong;
    }
    if (absl::Status wrong = ReadType(key, type, column.type); !wrong.ok()) return wrong;
    if (split.size() != 1)
      return Wrong(key + ".split", "det skal være ét tegn", "it must be one sign");
    column.split = split[0];
    column.required = json.value("required", Json(false)) == Json(true);
  }
  if (column.field.empty()) {
    return Wrong(key, "skriv feltets navn", "give the field's name");
  }
  return absl::OkStatus();
}

absl::Status ReadColumns(const Json& json, Config& config) {
  const auto columns = json.find("columns");
  if (columns == json.end() || !columns->is_object() || columns->empty()) {
    return Wrong("columns", "skriv hvilke kolonner der må læses", "list the columns to read");
  }
  for (const auto& [header, about] : columns->items()) {
    if (absl::Status wrong = ReadColumn(header, about, config.columns.emplace_back());
        !wrong.ok()) {
      return wrong;
    }
  }
  return absl::OkStatus();
}

absl::Status ReadForm(const Json& json, Config& config) {
  std::string delimiter = "auto";
  std::string encoding = "auto";
  if (absl::Status wrong = ReadText(json, "delimiter", delimiter); !wrong.ok()) return wrong;
  if (absl::Status wrong = ReadText(json, "encoding", encoding); !wrong.ok()) return wrong;
  if (delimiter != "auto") {
    if (delimiter.size() != 1 || std::string("\"\r\n").find(delimiter) != std::string::npos) {
      return Wrong("delimiter", "brug auto eller ét tegn", "use auto or one sign");
    }
    config.delimiter = delimiter[0];
  }
  if (encoding == "utf-8") config.encoding = Encoding::kUtf8;
  if (encoding == "windows-1252") config.encoding = Encoding::kWindows1252;
  if (encoding != "auto" && !config.encoding) {
    return Wrong("encoding", "brug auto, utf-8 eller windows-1252",
                 "use auto, utf-8 or windows-1252");
  }
  const Json stable = json.value("stable_for_ms", Json(config.stable_for.count()));
  if (!stable.is_number_integer() || stable < 0 || stable > kMaxStableMs) {
    return Wrong("stable_for_ms", "brug 0 til 600000", "use 0 to 600000");
  }
  config.stable_for = std::chrono::milliseconds(stable.get<int>());
  return absl::OkStatus();
}

absl::Status ReadId(const Json& json, Config& config) {
  if (absl::Status wrong = ReadText(json, "id_column", config.id_column); !wrong.ok()) return wrong;
  if (!config.id_column.empty()) return absl::OkStatus();
  const Json from = json.value("id_from", Json::object());
  if (!from.is_object()) return Wrong("id_from", "det skal være et objekt", "it must be an object");
  IdColumns& id = config.id_from;
  for (const auto& [name, text] : {std::pair("cvr", &id.cvr), std::pair("name", &id.name),
                                   std::pair("postal_code", &id.postal_code)}) {
    if (absl::Status wrong = ReadText(from, name, *text); !wrong.ok()) return wrong;
  }
  if (id.cvr.empty() && id.name.empty()) {
    return Wrong("id_column",
                 "skriv kolonnen med kildens nøgle, eller id_from med kolonnerne cvr, name og "
                 "postal_code",
                 "name the column with the source's key, or id_from with the columns cvr, name "
                 "and postal_code");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Config> ParseConfig(const std::string& json_text) {
  const Json json = Json::parse(json_text, nullptr, false);
  if (!json.is_object()) return Wrong("", "den er ikke gyldig JSON", "it is not valid JSON");
  Config config;
  if (absl::Status wrong = ReadText(json, "path", config.path); !wrong.ok()) return wrong;
  if (absl::Status wrong = ReadText(json, "pattern", config.pattern); !wrong.ok()) return wrong;
  if (config.path.empty() || config.path[0] != '/') {
    return Wrong("path", "skriv hele stien til filen eller mappen",
                 "give the whole path of the file or folder");
  }
  for (const auto part : {ReadForm, ReadId, ReadColumns}) {
    if (absl::Status wrong = part(json, config); !wrong.ok()) return wrong;
  }
  return config;
}

}  // namespace brobygger::csv
