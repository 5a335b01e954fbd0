#include "plugins/files/csv/config.h"

namespace brobygger::csv {

const char* const kConfigSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["path", "columns"],
  "properties": {
    "path": {"type": "string", "description": "The file, or the folder whose newest matching file is read."},
    "pattern": {"type": "string", "default": "*.csv"},
    "format": {"enum": ["auto", "csv", "xlsx"], "default": "auto", "description": "auto: an Excel workbook is known by what is in it."},
    "sheet": {"type": "string", "description": "The workbook's sheet by name; else the first that is not hidden."},
    "delimiter": {"type": "string", "default": "auto", "description": "auto, or one sign: ; , | or a tab"},
    "encoding": {"enum": ["auto", "utf-8", "windows-1252"], "default": "auto"},
    "id_column": {"type": "string", "description": "The column that holds the source's own key."},
    "id_from": {
      "type": "object",
      "description": "Without id_column: the key is the CVR number, else name and postal code.",
      "properties": {"cvr": {"type": "string"}, "name": {"type": "string"}, "postal_code": {"type": "string"}}
    },
    "columns": @COLUMNS@,
    "stable_for_ms": {"type": "integer", "minimum": 0, "maximum": 600000, "default": 2000}
  }
})json";

namespace {

constexpr int kMaxStableMs = 600000;

void ReadForm(common::ConfigReader& reader, Config& config) {
  std::string delimiter = "auto";
  std::string encoding = "auto";
  reader.Text("delimiter", delimiter);
  reader.Text("encoding", encoding);
  if (delimiter != "auto") {
    if (delimiter.size() != 1 || std::string("\"\r\n").find(delimiter) != std::string::npos) {
      reader.Refuse("delimiter", "brug auto eller ét tegn", "use auto or one sign");
    }
    config.delimiter = delimiter.empty() ? ';' : delimiter[0];
  }
  if (encoding == "utf-8") config.encoding = Encoding::kUtf8;
  if (encoding == "windows-1252") config.encoding = Encoding::kWindows1252;
  if (encoding != "auto" && !config.encoding) {
    reader.Refuse("encoding", "brug auto, utf-8 eller windows-1252",
                  "use auto, utf-8 or windows-1252");
  }
  int stable_ms = static_cast<int>(config.stable_for.count());
  reader.Number("stable_for_ms", kMaxStableMs, stable_ms);
  config.stable_for = std::chrono::milliseconds(stable_ms);
}

void ReadFormat(common::ConfigReader& reader, Config& config) {
  std::string format = "auto";
  reader.Text("format", format);
  reader.Text("sheet", config.sheet);
  if (format == "csv") config.format = Format::kCsv;
  if (format == "xlsx") config.format = Format::kXlsx;
  if (format != "auto" && config.format == Format::kAuto) {
    reader.Refuse("format", "brug auto, csv eller xlsx", "use auto, csv or xlsx");
  }
}

void ReadId(common::ConfigReader& reader, Config& config) {
  reader.Text("id_column", config.id_column);
  if (!config.id_column.empty()) return;
  const auto from = reader.json().value("id_from", nlohmann::json::object());
  if (!from.is_object())
    return reader.Refuse("id_from", "det skal være et objekt", "it must be an object");
  IdColumns& id = config.id_from;
  reader.Text(from, "cvr", id.cvr);
  reader.Text(from, "name", id.name);
  reader.Text(from, "postal_code", id.postal_code);
  if (!id.cvr.empty() || !id.name.empty()) return;
  reader.Refuse("id_column",
                "skriv kolonnen med kildens nøgle, eller id_from med kolonnerne cvr, name og "
                "postal_code",
                "name the column with the source's key, or id_from with the columns cvr, name "
                "and postal_code");
}

}  // namespace

absl::StatusOr<Config> ParseConfig(const std::string& json) {
  common::ConfigReader reader("files.csv", json);
  Config config;
  reader.Text("path", config.path);
  reader.Text("pattern", config.pattern);
  if (config.path.empty() || config.path[0] != '/') {
    reader.Refuse("path", "skriv hele stien til filen eller mappen",
                  "give the whole path of the file or folder");
  }
  ReadFormat(reader, config);
  ReadForm(reader, config);
  ReadId(reader, config);
  config.columns = reader.Columns();
  if (!reader.status().ok()) return reader.status();
  return config;
}

}  // namespace brobygger::csv
