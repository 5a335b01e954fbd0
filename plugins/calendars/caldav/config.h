#pragma once

#include <chrono>
#include <map>
#include <string>

#include <absl/status/statusor.h>

#include "plugins/calendars/caldav/url.h"

namespace brobygger::caldav {

inline constexpr char kPlugin[] = "calendars.caldav";
inline constexpr std::size_t kMostNameBytes = 60;  // of a calendar's name

struct CalendarConfig {
  std::string path;      // canonical, ends with "/"
  bool publish = false;  // whether events are written to it
};

// What plugins/calendars/caldav/README.md describes.
struct Config {
  Url url;
  std::string user;
  std::string ca_file;
  std::string unix_socket;
  std::chrono::seconds timeout{60};
  std::map<std::string, CalendarConfig> calendars;  // by the name the hub knows
};

extern const char* const kConfigSchema;

// Errors are CLASS_CONFIG and name the key. Without TLS only this machine itself, or a relay's
// socket, is talked with.
absl::StatusOr<Config> ParseConfig(const std::string& json);

}  // namespace brobygger::caldav
