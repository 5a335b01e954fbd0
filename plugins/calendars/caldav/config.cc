#include "plugins/calendars/caldav/config.h"

#include <algorithm>
#include <set>
#include <utility>

#include "plugins/common/columns.h"

namespace brobygger::caldav {

const char* const kConfigSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["url", "user", "calendars"],
  "properties": {
    "url": {"type": "string", "description": "The CalDAV server: https://cal.example/. http only on this machine itself."},
    "user": {"type": "string", "description": "The user whose secret is 'password'."},
    "calendars": {
      "type": "object",
      "minProperties": 1,
      "description": "The calendars by the name the hub knows them by; no other calendar is read.",
      "additionalProperties": {
        "type": "object",
        "required": ["path"],
        "properties": {
          "path": {"type": "string", "description": "Its path at the server: /user/calendar/"},
          "publish": {"type": "boolean", "default": false, "description": "Whether the hub's events are written to it."}
        }
      }
    },
    "ca_file": {"type": "string", "description": "Certificates of your own authority (PEM); jail.read_paths must hold the file."},
    "unix_socket": {"type": "string", "description": "The socket of a relay on this machine (stunnel and its like) through which the server is reached; jail.read_paths must hold it."},
    "timeout_seconds": {"type": "integer", "minimum": 1, "maximum": 100, "default": 60, "description": "For one request and its answer."}
  }
})json";

namespace {

// The hub gives up a read that brings nothing for two minutes.
constexpr int kMostTimeout = 100;

bool IsCalendarName(const std::string& name) {
  return !name.empty() && name.size() <= kMostNameBytes &&
         std::none_of(name.begin(), name.end(), [](char sign) {
           const auto byte = static_cast<unsigned char>(sign);
           return byte < 0x20 || byte == 0x7f || sign == '/';
         });
}

void ReadServer(common::ConfigReader& reader, Config& config) {
  std::string url;
  reader.Text("url", url);
  reader.Text("user", config.user);
  reader.Text("ca_file", config.ca_file);
  reader.Text("unix_socket", config.unix_socket);
  const auto parsed = ParseUrl(url);
  if (!parsed) {
    return reader.Refuse("url", "skriv serverens adresse, https://..., uden brugernavn",
                         "give the server's address, https://..., without a user name");
  }
  config.url = *parsed;
  const bool plain = config.url.origin.rfind("http:", 0) == 0;
  if (plain && config.unix_socket.empty() && !IsLoopback(config.url)) {
    reader.Refuse("url", "brug https: ellers kan andre læse adgangskoden undervejs",
                  "use https: otherwise others can read the password on its way");
  }
  // A colon would end the user's name in what is sent (RFC 7617 section 2).
  if (config.user.empty() || config.user.find(':') != std::string::npos) {
    reader.Refuse("user", "skriv brugernavnet, uden kolon",
                  "give the user's name, without a colon");
  }
  for (const auto& [key, path] :
       {std::pair<const char*, const std::string&>{"ca_file", config.ca_file},
        {"unix_socket", config.unix_socket}}) {
    if (path.empty() || path[0] == '/') continue;
    reader.Refuse(key, "skriv hele stien", "give the whole path");
  }
  int seconds = static_cast<int>(config.timeout.count());
  reader.Number("timeout_seconds", kMostTimeout, seconds);
  config.timeout = std::chrono::seconds(std::max(seconds, 1));
}

CalendarConfig ReadCalendar(common::ConfigReader& part) {
  CalendarConfig calendar;
  std::string path;
  part.Text("path", path);
  const auto canonical = CanonicalPath(path);
  if (path.empty() || path[0] != '/' || !canonical) {
    part.Refuse("path", "skriv kalenderens sti på serveren, /bruger/kalender/",
                "give the calendar's path at the server, /user/calendar/");
    return calendar;
  }
  calendar.path = *canonical;
  if (calendar.path.back() != '/') calendar.path += '/';
  const auto publish = part.json().find("publish");
  if (publish == part.json().end()) return calendar;
  if (!publish->is_boolean()) {
    part.Refuse("publish", "brug true eller false", "use true or false");
    return calendar;
  }
  calendar.publish = publish->get<bool>();
  return calendar;
}

void ReadCalendars(common::ConfigReader& reader, Config& config) {
  common::ConfigReader all = reader.Part("calendars");
  if (all.status().ok() && all.json().empty()) {
    reader.Refuse("calendars", "skriv mindst én kalender", "name at least one calendar");
  }
  std::set<std::string> paths;
  for (const auto& [name, about] : all.json().items()) {
    if (!IsCalendarName(name)) {
      reader.Refuse("calendars", "et navn er 1-60 bytes uden '/' og styretegn",
                    "a name has 1-60 bytes without '/' and control characters");
      continue;
    }
    common::ConfigReader part = all.Part(name);
    CalendarConfig calendar = ReadCalendar(part);
    all.Take(part.status());
    if (!paths.insert(calendar.path).second) {
      all.Refuse(name, "en anden kalender har samme sti", "another calendar has the same path");
    }
    config.calendars[name] = std::move(calendar);
  }
  reader.Take(all.status());
}

}  // namespace

absl::StatusOr<Config> ParseConfig(const std::string& json) {
  common::ConfigReader reader(kPlugin, json);
  Config config;
  ReadServer(reader, config);
  ReadCalendars(reader, config);
  if (!reader.status().ok()) return reader.status();
  return config;
}

}  // namespace brobygger::caldav
