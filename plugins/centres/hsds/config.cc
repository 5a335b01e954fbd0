#include "plugins/centres/hsds/config.h"

#include <algorithm>

#include "plugins/common/columns.h"
#include "plugins/common/transfer.h"

namespace brobygger::hsds {

const char* const kConfigSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["url"],
  "properties": {
    "url": {"type": "string", "description": "The API, which has /organizations below it: https://frivillig.example/hsds. http only on this machine itself."},
    "user": {"type": "string", "description": "Where the server asks for a login; with the secret 'password'."},
    "key_header": {"type": "string", "description": "The header that the secret 'api_key' is sent in: X-API-Key."},
    "language": {"type": "string", "default": "da", "description": "The language that the source's texts are in, as a BCP 47 tag."},
    "terms": {"type": "object", "additionalProperties": {"type": "string"}, "description": "What the directory's taxonomy terms mean, by their code, id or name: {\"Lektiehjælp\": \"theme:school-and-homework\"}. Values: theme:, audience: and age-band: with a value of the registry's lists."},
    "page_size": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
    "trust_last_modified": {"type": "boolean", "default": false, "description": "Nothing is read anew while no organization and no service has another last_modified; once a week all of it is."},
    "ca_file": {"type": "string", "description": "Certificates of the server's own authority (PEM); jail.read_paths must hold the file."},
    "unix_socket": {"type": "string", "description": "The socket of a relay on this machine through which the server is reached; jail.read_paths must hold it."},
    "timeout_seconds": {"type": "integer", "minimum": 1, "maximum": 100, "default": 60, "description": "For one request and its answer."}
  }
})json";

namespace {

constexpr int kMostPageSize = 1000;
constexpr std::size_t kMostTerms = 1000;
// The hub gives up a read that brings nothing for two minutes.
constexpr int kMostTimeout = 100;
constexpr char kTokenSigns[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

bool IsToken(const std::string& text) {
  return !text.empty() && text.find_first_not_of(kTokenSigns) == std::string::npos;
}

void ReadUrl(common::ConfigReader& reader, Config& config) {
  reader.Text("url", config.url);
  reader.Text("unix_socket", config.unix_socket);
  const auto parts = common::ParseUrl(config.url);
  const bool known = parts && (parts->scheme == "https" || parts->scheme == "http");
  if (!known || config.url.find_first_of("?# ") != std::string::npos) {
    return reader.Refuse("url", "skriv API'ets adresse, https://..., uden '?' og '#'",
                         "give the API's address, https://..., without '?' and '#'");
  }
  // It would be shown wherever the configuration is.
  if (!parts->user.empty() || !parts->password.empty()) {
    reader.Refuse("url", "brugernavnet hører til i 'user', adgangskoden i hemmeligheden 'password'",
                  "the user's name belongs in 'user', the password in the secret 'password'");
  }
  if (parts->scheme == "http" && config.unix_socket.empty() && !parts->IsLoopback()) {
    reader.Refuse("url", "brug https: ellers kan andre læse og ændre svarene undervejs",
                  "use https: otherwise others can read and change the answers on their way");
  }
  while (!config.url.empty() && config.url.back() == '/') config.url.pop_back();
}

void ReadLogin(common::ConfigReader& reader, Config& config) {
  reader.Text("user", config.user);
  reader.Text("key_header", config.key_header);
  if (config.user.find(':') != std::string::npos) {
    reader.Refuse("user", "skriv brugernavnet uden kolon", "give the user's name without a colon");
  }
  if (!config.key_header.empty() && !IsToken(config.key_header)) {
    reader.Refuse("key_header", "skriv navnet alene, for eksempel X-API-Key",
                  "give the name alone, for example X-API-Key");
  }
}

void ReadTerms(common::ConfigReader& reader, Config& config) {
  const auto terms = reader.json().find("terms");
  if (terms == reader.json().end()) return;
  if (!terms->is_object() || terms->size() > kMostTerms) {
    return reader.Refuse("terms",
                         "brug en tabel med højst 1000 emneord: {\"emneord\": \"theme:...\"}",
                         "use a table of at most 1000 terms: {\"term\": \"theme:...\"}");
  }
  for (const auto& [term, word] : terms->items()) {
    const auto value = word.is_string() ? ToTermValue(word.get<std::string>()) : std::nullopt;
    if (!value) {
      return reader.Refuse("terms." + term,
                           "brug en værdi fra registrets lister, for eksempel theme:culture, "
                           "audience:children eller age-band:13-18",
                           "use a value of the registry's lists, such as theme:culture, "
                           "audience:children or age-band:13-18");
    }
    config.terms[term] = *value;
  }
}

void ReadRest(common::ConfigReader& reader, Config& config) {
  reader.Text("ca_file", config.ca_file);
  reader.Text("language", config.language);
  if (!config.ca_file.empty() && config.ca_file[0] != '/') {
    reader.Refuse("ca_file", "skriv hele stien", "give the whole path");
  }
  if (!config.unix_socket.empty() && config.unix_socket[0] != '/') {
    reader.Refuse("unix_socket", "skriv hele stien", "give the whole path");
  }
  if (!IsToken(config.language)) {
    reader.Refuse("language", "skriv en sprogkode, for eksempel da",
                  "give a language tag, for example da");
  }
  reader.Number("page_size", kMostPageSize, config.page_size);
  config.page_size = std::max(config.page_size, 1);
  int timeout = static_cast<int>(config.timeout.count());
  reader.Number("timeout_seconds", kMostTimeout, timeout);
  config.timeout = std::chrono::seconds(std::max(timeout, 1));
  const auto trust = reader.json().find("trust_last_modified");
  if (trust == reader.json().end()) return;
  if (!trust->is_boolean()) {
    return reader.Refuse("trust_last_modified", "brug true eller false", "use true or false");
  }
  config.trusts_last_modified = trust->get<bool>();
}

}  // namespace

absl::StatusOr<Config> ParseConfig(const std::string& text) {
  common::ConfigReader reader(kPlugin, text);
  Config config;
  ReadUrl(reader, config);
  ReadLogin(reader, config);
  ReadTerms(reader, config);
  ReadRest(reader, config);
  if (!reader.status().ok()) return reader.status();
  return config;
}

}  // namespace brobygger::hsds
