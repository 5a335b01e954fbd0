#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

namespace brobygger::daemon {

// What the operator may set. The defaults are those of an installed hub; every
// key is explained in deploy/brobygger.example.toml.
struct Config {
  std::string store = "sqlite";  // a name in stores.cc
  std::string data_dir = "/var/lib/brobygger";
  std::string socket = "/run/brobygger/hub.sock";
  std::string group = "brobygger";  // its members may call; empty: root and the hub's user only
  std::string door_group = "brobygger-door";  // its members may call only what everybody may
  std::string run_dir = "/run/brobygger/plugins";
  std::vector<std::string> plugin_roots = {"/usr/lib/brobygger/plugins"};
  std::string host_program = "/usr/lib/brobygger/brobygger-plugin-host";
  std::string log_level = "info";

  int calls_in_flight = 512;
  std::size_t request_bytes = 1 << 20;
  int connections = 0;  // 0: half of the descriptors the process may have
  int sync_workers = 4;
  int sync_queue = 32;
  std::chrono::milliseconds stop_grace = std::chrono::seconds(8);
  std::chrono::milliseconds probe_interval = std::chrono::seconds(2);

  // See mail::Settings, and MailSettings() in mail_config.h.
  std::string mail_server;  // empty: nothing is mailed
  std::string mail_from;
  std::vector<std::string> mail_to;
  std::string mail_tls = "required";
  std::string mail_user;
  std::string mail_password;  // where it is
  std::string mail_ca_file;
  std::string mail_language = "da";
  std::chrono::milliseconds mail_every = std::chrono::hours(24);
  std::chrono::milliseconds mail_settle = std::chrono::minutes(10);

  // Of `brobygger web`, which reads this file too; the hub does nothing with it.
  std::string web_listen = "127.0.0.1:8480";
  bool web_beyond_loopback = false;
  int web_connections = 256;
};

// Reads a configuration file. An error names file, line and key, and says what
// to do; it is for the person who starts the hub and holds nothing secret.
absl::StatusOr<Config> LoadConfig(const std::string& path);

// Every key a file may hold, such as "hub.data_dir", in order.
std::vector<std::string> ConfigKeys();

}  // namespace brobygger::daemon
