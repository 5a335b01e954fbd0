#pragma once

#include <chrono>
#include <string>

#include <absl/status/statusor.h>

#include "plugins/centres/hsds/terms.h"

namespace brobygger::hsds {

inline constexpr char kPlugin[] = "centres.hsds";

// What plugins/centres/hsds/README.md describes.
struct Config {
  std::string url;         // of the API, without a "/" at the end
  std::string user;        // "": no login
  std::string key_header;  // "": no API key
  std::string ca_file;
  std::string unix_socket;
  std::string language = "da";  // that the source's texts are in
  Terms terms;
  int page_size = 100;
  bool trusts_last_modified = false;
  std::chrono::seconds timeout{60};
};

extern const char* const kConfigSchema;

// Errors are CLASS_CONFIG and name the key. Without TLS only this machine itself, or a relay's
// socket, is talked with.
absl::StatusOr<Config> ParseConfig(const std::string& text);

}  // namespace brobygger::hsds
