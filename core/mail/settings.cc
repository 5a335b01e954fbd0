#include "core/mail/settings.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>

#include "core/model/contact.h"

namespace brobygger::mail {
namespace {

bool IsHostSign(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == ':' ||
         c == '[' || c == ']';
}

// "host", "host:25" or "[::1]:25". No user, no path: what stands here is logged.
bool IsHostAndPort(const std::string& text) {
  if (!std::all_of(text.begin(), text.end(), IsHostSign)) return false;
  const std::size_t bracket = text.find(']');
  const std::size_t colon = text.find(':', bracket == std::string::npos ? 0 : bracket);
  if (text.empty() || colon == 0) return false;
  if (colon == std::string::npos) return true;
  int port = 0;
  return absl::SimpleAtoi(text.substr(colon + 1), &port) && port > 0 && port <= 65535;
}

bool IsServer(const std::string& text) {
  for (const std::string scheme : {"smtp://", "smtps://"}) {
    if (text.starts_with(scheme)) return IsHostAndPort(text.substr(scheme.size()));
  }
  return false;
}

bool IsSecretReference(const std::string& text) {
  return text.starts_with("file:/") || text.starts_with("credential:");
}

bool IsLine(const std::string& text) {
  return std::all_of(text.begin(), text.end(), absl::ascii_isprint);
}

std::optional<SettingsFault> FindLoginFault(const Settings& settings) {
  if (settings.user.empty() && settings.password.empty()) return std::nullopt;
  if (settings.user.empty()) {
    return SettingsFault{"user", "there too, since 'mail.password' is"};
  }
  if (!IsLine(settings.user)) return SettingsFault{"user", "one line of plain text"};
  if (!IsSecretReference(settings.password)) {
    return SettingsFault{"password",
                         "where the password is, never the password: \"file:/etc/brobygger/"
                         "secrets/mail\" or \"credential:mail\""};
  }
  // Whoever sits between could otherwise read the password.
  if (settings.tls != "required") {
    return SettingsFault{"tls", "\"required\" where there is a 'mail.user'"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<SettingsFault> FindFault(const Settings& settings) {
  if (settings.server.empty()) return std::nullopt;
  if (!IsServer(settings.server)) {
    return SettingsFault{"server",
                         "\"smtp://host:25\" or \"smtps://host:465\", without user and path"};
  }
  if (!model::IsMailbox(settings.from)) {
    return SettingsFault{"from", "one plain address, such as \"brobygger@municipality.example\""};
  }
  if (settings.to.empty() ||
      !std::all_of(settings.to.begin(), settings.to.end(), model::IsMailbox)) {
    return SettingsFault{"to", "a list of plain addresses, such as [\"it@municipality.example\"]"};
  }
  if (settings.tls != "required" && settings.tls != "opportunistic" && settings.tls != "none") {
    return SettingsFault{"tls", "\"required\", \"opportunistic\" or \"none\""};
  }
  if (!settings.ca_file.empty() && settings.ca_file.front() != '/') {
    return SettingsFault{"ca_file", "an absolute path"};
  }
  if (settings.language != "da" && settings.language != "en") {
    return SettingsFault{"language", "\"da\" or \"en\""};
  }
  return FindLoginFault(settings);
}

}  // namespace brobygger::mail
