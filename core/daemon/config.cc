#include "core/daemon/config.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <variant>

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/time.h>
#include <toml++/toml.h>

#include "core/base/status_macros.h"
#include "core/daemon/mail_config.h"

namespace brobygger::daemon {
namespace {

using Milliseconds = std::chrono::milliseconds;
using Texts = std::vector<std::string>;

constexpr std::int64_t kDay = 24 * 3'600'000;  // in milliseconds

// Where a key's value goes; the type says what the file must hold.
using Field = std::variant<std::string Config::*,
                           Texts Config::*,
                           bool Config::*,
                           int Config::*,
                           std::size_t Config::*,
                           Milliseconds Config::*>;

struct Key {
  const char* table;
  const char* key;
  Field field;
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<int>::max();
};

// Every key there is. deploy/brobygger.example.toml explains each; a test
// compares the two.
const std::array kKeys = {
    Key{"hub", "store", &Config::store},
    Key{"hub", "data_dir", &Config::data_dir},
    Key{"hub", "socket", &Config::socket},
    Key{"hub", "group", &Config::group},
    Key{"hub", "door_group", &Config::door_group},
    Key{"hub", "run_dir", &Config::run_dir},
    Key{"hub", "plugin_roots", &Config::plugin_roots},
    Key{"hub", "host_program", &Config::host_program},
    Key{"hub", "log_level", &Config::log_level},
    Key{"limits", "calls_in_flight", &Config::calls_in_flight, 1, 100'000},
    Key{"limits", "request_bytes", &Config::request_bytes, 1024, 4 << 20},
    Key{"limits", "calls_per_minute", &Config::calls_per_minute, 0, 10'000'000},
    Key{"limits", "rows_per_minute", &Config::rows_per_minute, 0, 100'000'000},
    Key{"limits", "connections", &Config::connections, 0, 1'000'000},
    Key{"limits", "sync_workers", &Config::sync_workers, 1, 64},
    Key{"limits", "sync_queue", &Config::sync_queue, 1, 10'000},
    Key{"limits", "stop_grace", &Config::stop_grace, 100, 8'000},
    Key{"limits", "probe_interval", &Config::probe_interval, 100, 60'000},
    Key{"sync", "audit_every", &Config::sync_audit_every, 0, kDay * 31},
    Key{"mail", "server", &Config::mail_server},
    Key{"mail", "from", &Config::mail_from},
    Key{"mail", "to", &Config::mail_to},
    Key{"mail", "tls", &Config::mail_tls},
    Key{"mail", "user", &Config::mail_user},
    Key{"mail", "password", &Config::mail_password},
    Key{"mail", "ca_file", &Config::mail_ca_file},
    Key{"mail", "language", &Config::mail_language},
    Key{"mail", "every", &Config::mail_every, 1'000, kDay * 31},
    Key{"mail", "settle", &Config::mail_settle, 0, kDay},
    Key{"access", "policy", &Config::access_policy},
    Key{"access", "socket", &Config::access_socket},
    Key{"access", "group", &Config::access_group},
    Key{"access", "systems", &Config::access_systems},
    Key{"access", "audit_outside", &Config::access_audit_outside},
    Key{"access", "issuer", &Config::access_issuer},
    Key{"access", "audience", &Config::access_audience},
    Key{"access", "keys_url", &Config::access_keys_url},
    Key{"access", "keys_ca_file", &Config::access_keys_ca_file},
    Key{"access", "keys_plain", &Config::access_keys_plain},
    Key{"access", "plain_audience", &Config::access_plain_audience},
    Key{"access", "plain_type_claim", &Config::access_plain_type_claim},
    Key{"access", "roles_claim", &Config::access_roles_claim},
    Key{"access", "municipality_claim", &Config::access_municipality_claim},
    Key{"access", "departments_claim", &Config::access_departments_claim},
    Key{"access", "login_client_id", &Config::access_login_client_id},
    Key{"access", "login_scope", &Config::access_login_scope},
    Key{"access", "web_client_id", &Config::access_web_client_id},
    Key{"access", "web_client_secret", &Config::access_web_client_secret},
    Key{"access", "web_scope", &Config::access_web_scope},
    Key{"access", "demo_people", &Config::access_demo_people},
    Key{"collaboration", "statements", &Config::collaboration_statements},
    Key{"collaboration", "resource_statements", &Config::collaboration_resource_statements},
    Key{"web", "listen", &Config::web_listen},
    Key{"web", "beyond_loopback", &Config::web_beyond_loopback},
    Key{"web", "connections", &Config::web_connections, 1, 10'000},
    Key{"web", "ui", &Config::web_ui},
    Key{"web", "title", &Config::web_title},
    Key{"web", "certificate", &Config::web_certificate},
    Key{"web", "certificate_key", &Config::web_certificate_key},
    Key{"web", "public_url", &Config::web_public_url},
    Key{"web", "address_field", &Config::web_address_field},
};

const Key* FindKey(const std::string& table, const std::string& key) {
  for (const Key& known : kKeys) {
    if (known.table == table && known.key == key) return &known;
  }
  return nullptr;
}

// "hub.toml:3: ": where in the file somebody must look.
std::string Place(const std::string& path, const toml::source_region& region) {
  return absl::StrCat(path, ":", region.begin.line, ": ");
}

absl::Status Wrong(const std::string& place, const Key& key, const std::string& wanted) {
  return absl::InvalidArgumentError(
      absl::StrCat(place, "the key '", key.table, ".", key.key, "' must be ", wanted));
}

// One value on its way from the file into the configuration.
struct Reading {
  const Key& key;
  const toml::node& node;
  std::string place;
  Config& config;

  absl::Status operator()(std::string Config::*field) const {
    const auto text = node.value_exact<std::string>();
    if (!text.has_value()) return Wrong(place, key, "text in quotes, such as \"info\"");
    config.*field = *text;
    return absl::OkStatus();
  }

  absl::Status operator()(Texts Config::*field) const {
    constexpr char kWanted[] = "a list of texts, such as [\"/usr/lib/brobygger/plugins\"]";
    const toml::array* list = node.as_array();
    if (list == nullptr) return Wrong(place, key, kWanted);
    Texts texts;
    for (const toml::node& item : *list) {
      const auto text = item.value_exact<std::string>();
      if (!text.has_value()) return Wrong(place, key, kWanted);
      texts.push_back(*text);
    }
    config.*field = std::move(texts);
    return absl::OkStatus();
  }

  absl::Status operator()(bool Config::*field) const {
    const auto choice = node.value_exact<bool>();
    if (!choice.has_value()) return Wrong(place, key, "true or false");
    config.*field = *choice;
    return absl::OkStatus();
  }

  absl::Status operator()(int Config::*field) const { return Number(field); }
  absl::Status operator()(std::size_t Config::*field) const { return Number(field); }

  absl::Status operator()(Milliseconds Config::*field) const {
    const std::string wanted =
        absl::StrCat("a time in quotes, such as \"2s\" or \"500ms\", from ",
                     absl::FormatDuration(absl::Milliseconds(key.least)), " to ",
                     absl::FormatDuration(absl::Milliseconds(key.most)));
    const auto text = node.value_exact<std::string>();
    absl::Duration duration;
    if (!text.has_value() || !absl::ParseDuration(*text, &duration)) {
      return Wrong(place, key, wanted);
    }
    if (duration < absl::Milliseconds(key.least) || duration > absl::Milliseconds(key.most)) {
      return Wrong(place, key, wanted);
    }
    config.*field = absl::ToChronoMilliseconds(duration);
    return absl::OkStatus();
  }

 private:
  template <typename T>
  absl::Status Number(T Config::*field) const {
    const auto number = node.value_exact<std::int64_t>();
    if (!number.has_value() || *number < key.least || *number > key.most) {
      return Wrong(place, key, absl::StrCat("a whole number from ", key.least, " to ", key.most));
    }
    config.*field = static_cast<T>(*number);
    return absl::OkStatus();
  }
};

absl::Status ReadTable(const std::string& path,
                       const toml::key& name,
                       const toml::table& table,
                       Config& config) {
  for (const auto& [word, node] : table) {
    const std::string place = Place(path, word.source());
    const Key* key = FindKey(std::string(name.str()), std::string(word.str()));
    if (key == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          place, "there is no key '", std::string(name.str()), ".", std::string(word.str()),
          "'; take the line out, or see brobygger.example.toml for the keys there "
          "are"));
    }
    BB_RETURN_IF_ERROR(std::visit(Reading{*key, node, place, config}, key->field));
  }
  return absl::OkStatus();
}

absl::Status ReadAll(const std::string& path, const toml::table& root, Config& config) {
  for (const auto& [word, node] : root) {
    const bool known = std::any_of(kKeys.begin(), kKeys.end(), [&table = word](const Key& key) {
      return table.str() == key.table;
    });
    if (!known || !node.is_table()) {
      return absl::InvalidArgumentError(absl::StrCat(
          Place(path, word.source()), "there is no '", std::string(word.str()),
          "' here; the file has the tables [hub], [limits], [mail], [web] and [access], and "
          "every key stands in one of them"));
    }
    BB_RETURN_IF_ERROR(ReadTable(path, word, *node.as_table(), config));
  }
  return absl::OkStatus();
}

// What no key by itself can tell: how those of [mail] fit together.
absl::Status CheckMail(const std::string& path, const toml::table& root, const Config& config) {
  const auto fault = mail::FindFault(MailSettings(config));
  if (!fault.has_value()) return absl::OkStatus();
  // A key that is missing is missed where its table begins.
  const auto table = root["mail"];
  const toml::node* node = table[fault->key].node();
  if (node == nullptr) node = table.node();
  return absl::InvalidArgumentError(absl::StrCat(Place(path, node->source()), "the key 'mail.",
                                                 fault->key, "' must be ", fault->wanted));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError(
        absl::StrCat("cannot read the configuration file ", path,
                     "; give another with --config, or start from deploy/brobygger.example.toml"));
  }
  return text.str();
}

}  // namespace

absl::StatusOr<Config> LoadConfig(const std::string& path) {
  BB_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  Config config;
  try {
    const toml::table root = toml::parse(text, path);
    BB_RETURN_IF_ERROR(ReadAll(path, root, config));
    BB_RETURN_IF_ERROR(CheckMail(path, root, config));
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(Place(path, error.source()), std::string(error.description())));
  }
  return config;
}

std::vector<std::string> ConfigKeys() {
  std::vector<std::string> keys;
  for (const Key& key : kKeys) keys.push_back(absl::StrCat(key.table, ".", key.key));
  return keys;
}

}  // namespace brobygger::daemon
