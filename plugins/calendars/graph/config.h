#pragma once

#include <map>
#include <string>

#include <absl/status/statusor.h>

namespace brobygger::graph {

inline constexpr char kPlugin[] = "calendars.graph";

struct CalendarConfig {
  std::string mailbox;
  std::string calendar_id = {};  // "": the mailbox's own calendar
};

// What plugins/calendars/graph/README.md describes.
struct Config {
  std::string tenant;
  std::string client_id;
  std::string must_be_refused_mailbox;
  std::string graph_url;    // "https://graph.microsoft.com", without a path
  std::string login_url;    // "https://login.microsoftonline.com", without a path
  std::string unix_socket;  // of a stand-in on this machine; "": TCP
  std::map<std::string, CalendarConfig> calendars;  // by the name the hub knows
};

extern const char* const kConfigSchema;

// Errors are CLASS_CONFIG and name the key. Only this machine itself can stand in for Microsoft.
absl::StatusOr<Config> ParseConfig(const std::string& json);

}  // namespace brobygger::graph
