#include "plugins/files/csv/config.h"

#include <algorithm>

#include "plugins/common/transfer.h"

namespace brobygger::csv {

const char* const kConfigSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["columns"],
  "anyOf": [{"required": ["path"]}, {"required": ["url"]}],
  "properties": {
    "path": {"type": "string", "description": "The file, or the folder whose newest matching file is read."},
    "url": {"type": "string", "description": "Instead of path: where the file is fetched, https:// or sftp://. http only on this machine itself."},
    "user": {"type": "string", "description": "Where the server asks for a login; with the secret 'password', or 'private_key' for sftp."},
    "host_keys": {"type": "array", "items": {"type": "string"}, "description": "The SFTP server's keys as ssh-keygen -lf shows them: SHA256:..."},
    "ca_file": {"type": "string", "description": "Certificates of the server's own authority (PEM); jail.read_paths must hold the file."},
    "timeout_seconds": {"type": "integer", "minimum": 1, "maximum": 600, "default": 100, "description": "To fetch the file in."},
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

constexpr std::size_t kFingerprintSigns = 7 + 43;  // "SHA256:" and 32 bytes in base64

void ReadHostKeys(common::ConfigReader& reader, Config& config) {
  const auto keys = reader.json().value("host_keys", nlohmann::json::array());
  for (const auto& key : keys) {
    const std::string text = key.is_string() ? key.get<std::string>() : "";
    if (text.rfind("SHA256:", 0) != 0 || text.size() != kFingerprintSigns) {
      return reader.Refuse("host_keys",
                           "skriv hver nøgle, som ssh-keygen -lf viser den: SHA256:...",
                           "write each key as ssh-keygen -lf shows it: SHA256:...");
    }
    config.host_keys.push_back(text);
  }
}

void JudgeUrl(common::ConfigReader& reader, const Config& config) {
  const auto url = common::ParseUrl(config.url);
  const bool sftp = url && url->scheme == "sftp";
  const bool plain = url && url->scheme == "http";
  if (!url || (url->scheme != "https" && !sftp && !plain)) {
    return reader.Refuse("url", "skriv hele adressen, som begynder med https:// eller sftp://",
                         "give the whole address, which begins with https:// or sftp://");
  }
  // It would be shown wherever the configuration is.
  if (!url->user.empty() || !url->password.empty()) {
    reader.Refuse("url", "brugernavnet hører til i 'user', adgangskoden i hemmeligheden 'password'",
                  "the user's name belongs in 'user', the password in the secret 'password'");
  }
  if (plain && !url->IsLoopback()) {
    reader.Refuse("url", "brug https: ellers kan andre læse og ændre filen undervejs",
                  "use https: otherwise others can read and change the file on its way");
  }
  if (sftp && config.user.empty()) {
    reader.Refuse("user", "skriv, hvem der logger ind på SFTP-serveren",
                  "name who logs in at the SFTP server");
  }
  if (sftp && config.host_keys.empty()) {
    reader.Refuse("host_keys",
                  "skriv serverens nøgle, som dem, der står for den, oplyser: SHA256:...",
                  "write the server's key as those who run it tell it: SHA256:...");
  }
}

void ReadUrl(common::ConfigReader& reader, Config& config) {
  constexpr int kMostSeconds = 600;
  reader.Text("url", config.url);
  reader.Text("user", config.user);
  reader.Text("ca_file", config.ca_file);
  ReadHostKeys(reader, config);
  int seconds = static_cast<int>(config.timeout.count());
  reader.Number("timeout_seconds", kMostSeconds, seconds);
  config.timeout = std::chrono::seconds(std::max(seconds, 1));
  if (config.path.empty() == config.url.empty()) {
    return reader.Refuse("path", "skriv enten 'path' eller 'url'", "give either 'path' or 'url'");
  }
  if (!config.ca_file.empty() && config.ca_file[0] != '/') {
    reader.Refuse("ca_file", "skriv hele stien", "give the whole path");
  }
  if (!config.url.empty()) JudgeUrl(reader, config);
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
  ReadUrl(reader, config);
  if (!config.path.empty() && config.path[0] != '/') {
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
