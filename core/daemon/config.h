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
  int calls_per_minute = 6'000;   // of one caller; 0: no limit
  int rows_per_minute = 600'000;  // the same, records in answers
  int connections = 0;            // 0: half of the descriptors the process may have
  int sync_workers = 4;
  int sync_queue = 32;
  std::chrono::milliseconds stop_grace = std::chrono::seconds(8);
  std::chrono::milliseconds probe_interval = std::chrono::seconds(2);

  std::chrono::milliseconds sync_audit_every = std::chrono::hours(24);  // 0: never

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

  // Who may do what; see access_parts.h.
  std::string access_policy;                     // a file; empty: the shipped policy
  std::string access_socket;                     // for a proxy; empty: there is none
  std::string access_group = "brobygger-proxy";  // its members may reach that socket
  std::string access_systems;                    // a file; empty: no client certificate is taken
  std::string access_audit_outside;              // folder for a copy of the checkpoints
  std::string access_issuer;                     // of people's access tokens; empty: none is taken
  std::string access_audience = "brobygger";
  std::string access_keys_url;  // the issuer's JWKS
  std::string access_keys_ca_file;
  bool access_keys_plain = false;
  std::string access_plain_audience;
  std::string access_plain_type_claim;
  std::string access_roles_claim = "roles";
  std::string access_municipality_claim = "municipality_code";
  std::string access_departments_claim = "department_ids";
  std::string access_login_client_id;  // of the command line at the issuer; empty: none is told
  std::string access_login_scope = "openid";
  std::string access_web_client_id;  // of the web page at the issuer; empty: nobody signs in there
  std::string access_web_client_secret;  // where it is; empty: the web page is a public client
  std::string access_web_scope = "openid";
  std::string access_demo_people;  // a file; empty: this is no demo

  // What both sides are asked; see statement_files.h.
  std::string collaboration_statements;           // a file; empty: the shipped ones
  std::string collaboration_resource_statements;  // the same

  // Of `brobygger web`, which reads this file too; the hub does nothing with it.
  std::string web_listen = "127.0.0.1:8480";
  bool web_beyond_loopback = false;
  int web_connections = 2'000;
  std::string web_ui;               // a folder; empty: there is no page
  std::string web_title;            // what the page calls the municipality
  std::string web_certificate;      // a file; empty: plain HTTP
  std::string web_certificate_key;  // the same
  std::string web_public_url;       // empty: as it listens
  std::string web_address_field;    // empty: no proxy is in front
};

// Reads a configuration file. An error names file, line and key, and says what
// to do; it is for the person who starts the hub and holds nothing secret.
absl::StatusOr<Config> LoadConfig(const std::string& path);

// Every key a file may hold, such as "hub.data_dir", in order.
std::vector<std::string> ConfigKeys();

}  // namespace brobygger::daemon
