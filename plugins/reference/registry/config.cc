#include "plugins/reference/registry/config.h"

#include "plugins/common/columns.h"

namespace brobygger::reference {

// No "additionalProperties": false: a configuration may be older or newer than we are.
const char* const kConfigSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["file"],
  "properties": {
    "file": {"type": "string", "description": "JSON lines in a folder of jail.write_paths; \"\" keeps all in memory."},
    "access_key_sha256": {"type": "string", "description": "Digest of the secret; without it none is asked for."},
    "faults": {"type": "array", "items": {"type": "string"}, "description": "See faults.h."}
  }
})json";

absl::StatusOr<Config> ParseConfig(const std::string& json) {
  common::ConfigReader reader("reference.registry", json);
  Config config;
  if (!reader.json().contains("file")) {
    reader.Refuse("file", "skriv stien til filen, eller \"\"",
                  "give the path of the file, or \"\"");
  }
  reader.Text("file", config.file);
  if (!config.file.empty() && config.file[0] != '/') {
    reader.Refuse("file", "skriv hele stien", "give the whole path");
  }
  reader.Text("access_key_sha256", config.access_key_sha256);
  const auto faults = reader.json().value("faults", nlohmann::json::array());
  for (const auto& fault : faults) {
    if (!fault.is_string() || !config.faults.Add(fault.get<std::string>())) {
      reader.Refuse("faults", "brug navne fra faults.h", "use names from faults.h");
    }
  }
  if (!reader.status().ok()) return reader.status();
  return config;
}

}  // namespace brobygger::reference
