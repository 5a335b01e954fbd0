#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace brobygger::mail {

// What the operator says of mail; deploy/brobygger.example.toml explains each.
struct Settings {
  std::string server;  // "smtp://host:25" or "smtps://host:465"; empty: nothing is mailed
  std::string from;
  std::vector<std::string> to;
  std::string tls = "required";  // or "opportunistic", "none"
  std::string user;
  std::string password;  // where it is: "file:/path" or "credential:name"
  std::string ca_file;   // empty: the authorities the machine trusts
  std::string language = "da";
  std::chrono::milliseconds every = std::chrono::hours(24);
  std::chrono::milliseconds settle = std::chrono::minutes(10);
};

// What is wrong with the settings, for the person who wrote them.
struct SettingsFault {
  std::string key;     // "from"
  std::string wanted;  // what it must be; goes after "must be "
};

// The first fault, or nothing. Settings without a server have none. Pure.
std::optional<SettingsFault> FindFault(const Settings& settings);

}  // namespace brobygger::mail
