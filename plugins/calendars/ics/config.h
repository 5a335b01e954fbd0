#pragma once

#include <string>

#include <absl/status/statusor.h>

namespace brobygger::ics {

struct Config {
  std::string url;   // Of the feed, http or https; empty: `path` is read.
  std::string path;  // Of a file.
  std::string calendar;
  std::string user;  // With the secret `password`: HTTP basic authentication (RFC 7617).
};

// Reads the configuration; the error, CLASS_CONFIG, names the key. `webcal:` becomes `https:`.
absl::StatusOr<Config> ParseConfig(const std::string& json);

// Whether the password may go there: encrypted, or to this machine itself.
bool MayCarryPassword(const std::string& url);

// JSON Schema of the configuration.
extern const char* const kConfigSchema;

}  // namespace brobygger::ics
