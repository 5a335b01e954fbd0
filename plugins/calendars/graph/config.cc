#include "plugins/calendars/graph/config.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <absl/strings/ascii.h>

#include "plugins/common/columns.h"

namespace brobygger::graph {

const char* const kConfigSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["tenant", "client_id", "calendars", "must_be_refused_mailbox"],
  "properties": {
    "tenant": {"type": "string", "description": "The municipality's tenant in Entra: its id or a domain of its own."},
    "client_id": {"type": "string", "description": "The application's id in Entra, whose secret is 'client_secret'."},
    "calendars": {
      "type": "object",
      "minProperties": 1,
      "description": "The calendars by the name the hub knows them by; no other calendar is read.",
      "additionalProperties": {
        "type": "object",
        "required": ["mailbox"],
        "properties": {
          "mailbox": {"type": "string", "description": "The mailbox's address."},
          "calendar_id": {"type": "string", "description": "One calendar of the mailbox, by its id in Microsoft Graph; without it the mailbox's own."}
        }
      }
    },
    "must_be_refused_mailbox": {"type": "string", "description": "A mailbox that exists and that the application must not reach: nothing is read while it can be."},
    "graph_url": {"type": "string", "description": "For tests: a stand-in for https://graph.microsoft.com on this machine itself."},
    "login_url": {"type": "string", "description": "For tests: a stand-in for https://login.microsoftonline.com on this machine itself."},
    "unix_socket": {"type": "string", "description": "For tests: the socket at which the stand-ins listen; jail.read_paths must hold it."}
  }
})json";

namespace {

constexpr std::size_t kMostNameBytes = 60;
constexpr std::size_t kMostTextBytes = 320;
constexpr char kGraph[] = "https://graph.microsoft.com";
constexpr char kLogin[] = "https://login.microsoftonline.com";

bool IsPlain(const std::string& text, std::size_t most) {
  return !text.empty() && text.size() <= most &&
         std::none_of(text.begin(), text.end(), [](char sign) {
           const auto byte = static_cast<unsigned char>(sign);
           return byte < 0x20 || byte == 0x7f;
         });
}

bool IsCalendarName(const std::string& name) {
  return IsPlain(name, kMostNameBytes) && name.find('/') == std::string::npos;
}

bool IsAddress(const std::string& text) {
  return IsPlain(text, kMostTextBytes) && std::count(text.begin(), text.end(), '@') == 1 &&
         text.front() != '@' && text.back() != '@' && text.find_first_of(" /") == std::string::npos;
}

// "http://127.0.0.1:8080" and its like, without a path.
bool IsLoopbackOrigin(const std::string& url) {
  constexpr std::array<std::string_view, 3> kHosts = {"http://127.0.0.1", "http://localhost",
                                                      "http://[::1]"};
  return std::any_of(kHosts.begin(), kHosts.end(), [&](std::string_view host) {
    if (url.compare(0, host.size(), host) != 0) return false;
    const std::string rest = url.substr(host.size());
    if (rest.empty()) return true;
    return rest.size() > 1 && rest.size() <= 6 && rest[0] == ':' &&
           std::all_of(rest.begin() + 1, rest.end(), absl::ascii_isdigit);
  });
}

void ReadStandIns(common::ConfigReader& reader, Config& config) {
  config.graph_url = kGraph;
  config.login_url = kLogin;
  reader.Text("graph_url", config.graph_url);
  reader.Text("login_url", config.login_url);
  reader.Text("unix_socket", config.unix_socket);
  for (const auto& [key, url, own] : {std::tuple<const char*, const std::string&, const char*>{
                                          "graph_url", config.graph_url, kGraph},
                                      {"login_url", config.login_url, kLogin}}) {
    if (url == own ? config.unix_socket.empty() : IsLoopbackOrigin(url)) continue;
    reader.Refuse(key, "udelad den; kun til prøver må den pege på denne maskine selv",
                  "leave it out; only for tests may it point to this machine itself");
  }
  if (!config.unix_socket.empty() && config.unix_socket[0] != '/') {
    reader.Refuse("unix_socket", "skriv hele stien", "give the whole path");
  }
}

// A segment of the login's path.
bool IsTenant(const std::string& text) {
  return !text.empty() && text.size() <= kMostTextBytes &&
         std::all_of(
             text.begin(), text.end(),
             [](char sign) { return absl::ascii_isalnum(sign) || sign == '-' || sign == '.'; }) &&
         text.find("..") == std::string::npos;
}

void ReadApplication(common::ConfigReader& reader, Config& config) {
  reader.Text("tenant", config.tenant);
  if (!IsTenant(config.tenant)) {
    reader.Refuse("tenant", "skriv lejerens id eller domæne fra Entra",
                  "give the tenant's id or domain from Entra");
  }
  reader.Text("client_id", config.client_id);
  if (!IsPlain(config.client_id, kMostTextBytes)) {
    reader.Refuse("client_id", "skriv applikationens id fra Entra",
                  "give the application's id from Entra");
  }
}

CalendarConfig ReadCalendar(common::ConfigReader& part) {
  CalendarConfig calendar;
  part.Text("mailbox", calendar.mailbox);
  part.Text("calendar_id", calendar.calendar_id);
  calendar.mailbox = absl::AsciiStrToLower(calendar.mailbox);
  if (!IsAddress(calendar.mailbox)) {
    part.Refuse("mailbox", "skriv postkassens adresse", "give the mailbox's address");
  }
  if (!calendar.calendar_id.empty() && !IsPlain(calendar.calendar_id, 2 * kMostTextBytes)) {
    part.Refuse("calendar_id", "skriv kalenderens id fra Microsoft Graph",
                "give the calendar's id from Microsoft Graph");
  }
  return calendar;
}

void ReadCalendars(common::ConfigReader& reader, Config& config) {
  common::ConfigReader all = reader.Part("calendars");
  if (all.status().ok() && all.json().empty()) {
    reader.Refuse("calendars", "skriv mindst én kalender", "name at least one calendar");
  }
  std::set<std::pair<std::string, std::string>> known;
  for (const auto& [name, about] : all.json().items()) {
    if (!IsCalendarName(name)) {
      reader.Refuse("calendars", "et navn er 1-60 bytes uden '/' og styretegn",
                    "a name has 1-60 bytes without '/' and control characters");
      continue;
    }
    common::ConfigReader part = all.Part(name);
    CalendarConfig calendar = ReadCalendar(part);
    all.Take(part.status());
    if (!known.emplace(calendar.mailbox, calendar.calendar_id).second) {
      all.Refuse(name, "den samme kalender står der allerede",
                 "the same calendar stands there already");
    }
    config.calendars[name] = std::move(calendar);
  }
  reader.Take(all.status());
}

void ReadRefused(common::ConfigReader& reader, Config& config) {
  reader.Text("must_be_refused_mailbox", config.must_be_refused_mailbox);
  std::string& mailbox = config.must_be_refused_mailbox;
  mailbox = absl::AsciiStrToLower(mailbox);
  const bool is_read =
      std::any_of(config.calendars.begin(), config.calendars.end(),
                  [&](const auto& entry) { return entry.second.mailbox == mailbox; });
  if (IsAddress(mailbox) && !is_read) return;
  reader.Refuse("must_be_refused_mailbox",
                "skriv en postkasse, der findes, og som hub'en ikke må læse",
                "name a mailbox that exists and that the hub must not read");
}

}  // namespace

absl::StatusOr<Config> ParseConfig(const std::string& json) {
  common::ConfigReader reader(kPlugin, json);
  Config config;
  ReadApplication(reader, config);
  ReadStandIns(reader, config);
  ReadCalendars(reader, config);
  ReadRefused(reader, config);
  if (!reader.status().ok()) return reader.status();
  return config;
}

}  // namespace brobygger::graph
