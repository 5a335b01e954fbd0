#include "plugins/calendars/ics/config.h"

#include <memory>

#include <curl/curl.h>

#include "plugins/common/columns.h"

namespace brobygger::ics {

const char* const kConfigSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["calendar"],
  "anyOf": [{"required": ["url"]}, {"required": ["path"]}],
  "properties": {
    "url": {"type": "string", "description": "The published calendar, https (webcal is the same) or http."},
    "path": {"type": "string", "description": "Instead of url: the whole path of a file."},
    "calendar": {"type": "string", "minLength": 1, "description": "What the hub calls it."},
    "user": {"type": "string", "description": "Where the source asks for a login; with the secret password."}
  }
})json";

namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string PartOf(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, curl_free);
  return text;
}

std::unique_ptr<CURLU, FreeUrl> Parse(const std::string& text) {
  std::unique_ptr<CURLU, FreeUrl> url(curl_url());
  if (url && curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) url.reset();
  return url;
}

void JudgeUrl(common::ConfigReader& reader, const Config& config) {
  const auto url = Parse(config.url);
  const std::string scheme = url ? PartOf(url.get(), CURLUPART_SCHEME) : "";
  if (scheme != "https" && scheme != "http") {
    return reader.Refuse("url", "skriv hele adressen, som begynder med https://",
                         "give the whole address, which begins with https://");
  }
  // It would be shown wherever the configuration is.
  if (!PartOf(url.get(), CURLUPART_PASSWORD).empty()) {
    return reader.Refuse("url", "adgangskoden hører til i forbindelsens hemmelighed 'password'",
                         "the password belongs in the connection's secret 'password'");
  }
  if (!config.user.empty() && !MayCarryPassword(config.url)) {
    reader.Refuse("url", "brug https: en adgangskode sendes ikke ukrypteret",
                  "use https: no password is sent unencrypted");
  }
}

}  // namespace

bool MayCarryPassword(const std::string& url) {
  const auto parsed = Parse(url);
  if (!parsed) return false;
  const std::string host = PartOf(parsed.get(), CURLUPART_HOST);
  return PartOf(parsed.get(), CURLUPART_SCHEME) == "https" || host == "127.0.0.1" ||
         host == "localhost" || host == "[::1]";
}

absl::StatusOr<Config> ParseConfig(const std::string& json) {
  constexpr std::string_view kWebcal = "webcal:";
  common::ConfigReader reader("calendars.ics", json);
  Config config;
  reader.Text("calendar", config.calendar);
  reader.Text("url", config.url);
  reader.Text("path", config.path);
  reader.Text("user", config.user);
  if (config.calendar.empty()) {
    reader.Refuse("calendar", "skriv kalenderens navn", "give the calendar's name");
  }
  if (config.url.empty() == config.path.empty()) {
    reader.Refuse("url", "skriv enten 'url' eller 'path'", "give either 'url' or 'path'");
  }
  if (config.url.starts_with(kWebcal)) config.url.replace(0, kWebcal.size(), "https:");
  if (!config.url.empty()) JudgeUrl(reader, config);
  if (!config.path.empty() && config.path[0] != '/') {
    reader.Refuse("path", "skriv hele stien til filen", "give the whole path of the file");
  }
  if (!reader.status().ok()) return reader.status();
  return config;
}

}  // namespace brobygger::ics
