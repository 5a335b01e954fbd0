#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "plugins/reference/registry/faults.h"

namespace brobygger::reference {

struct Config {
  std::string file;               // where the source is kept; empty: in memory only
  std::string access_key_sha256;  // the secret's digest; empty: no secret is needed
  Faults faults;
};

// Reads the configuration; the error names the key.
absl::StatusOr<Config> ParseConfig(const std::string& json);

// JSON Schema of the configuration.
extern const char* const kConfigSchema;

// The one secret.
inline constexpr char kAccessKey[] = "access_key";

}  // namespace brobygger::reference
