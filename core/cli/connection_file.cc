#include "core/cli/connection_file.h"

#include <map>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <toml++/toml.h>

#include "core/base/status_macros.h"
#include "core/cli/toml_entry.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using sync::v1::Connection;
using sync::v1::FieldMapping;

nlohmann::json ToJson(const toml::node& node) {
  if (const toml::table* table = node.as_table()) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& [key, member] : *table) object[std::string(key.str())] = ToJson(member);
    return object;
  }
  if (const toml::array* array = node.as_array()) {
    nlohmann::json list = nlohmann::json::array();
    for (const toml::node& item : *array) list.push_back(ToJson(item));
    return list;
  }
  if (const auto flag = node.value_exact<bool>()) return *flag;
  if (const auto number = node.value_exact<std::int64_t>()) return *number;
  if (const auto decimal = node.value_exact<double>()) return *decimal;
  if (const auto text = node.value_exact<std::string>()) return *text;
  std::ostringstream other;  // dates and times, as ISO 8601
  node.visit([&](const auto& value) {
    if constexpr (toml::is_value<decltype(value)>) other << value.get();
  });
  return other.str();
}

absl::Status SetFamily(const Entry& entry, Connection& connection) {
  BB_ASSIGN_OR_RETURN(const auto word, Text(entry));
  const auto family = ToFamily(word);
  if (!family.ok()) return entry.Wrong(std::string(family.status().message()));
  connection.set_family(*family);
  return absl::OkStatus();
}

absl::Status SetEvery(const Entry& entry, Connection& connection) {
  BB_ASSIGN_OR_RETURN(const auto word, Text(entry));
  const auto every = ToDuration(word);
  if (!every.ok()) return entry.Wrong(std::string(every.status().message()));
  *connection.mutable_every() = *every;
  return absl::OkStatus();
}

absl::Status SetSecrets(const Entry& entry, Connection& connection) {
  return TextMembers(entry,
                     [&](const Entry& member, const std::string& key,
                         const std::string& reference) -> absl::Status {
                       const auto status = CheckSecretReference(reference);
                       if (!status.ok()) return member.Wrong(std::string(status.message()));
                       (*connection.mutable_secret_references())[key] = reference;
                       return absl::OkStatus();
                     });
}

absl::Status SetConfig(const Entry& entry, Connection& connection) {
  if (!entry.node.is_table()) return entry.Wrong("must be a table.");
  connection.set_config_json(ToJson(entry.node).dump());
  return absl::OkStatus();
}

absl::Status SetOwnedPaths(const Entry& entry, Connection& connection) {
  BB_ASSIGN_OR_RETURN(const auto paths, Texts(entry));
  for (const auto& path : paths) connection.add_owned_paths(ToFieldPath(path));
  return absl::OkStatus();
}

absl::Status SetEnabled(const Entry& entry, Connection& connection) {
  BB_ASSIGN_OR_RETURN(const bool enabled, Flag(entry));
  connection.set_disabled(!enabled);
  return absl::OkStatus();
}

absl::Status SetPorts(const Entry& entry, sync::v1::JailAllowance& jail) {
  const toml::array* array = entry.node.as_array();
  if (array == nullptr) return entry.Wrong("must be a list: [5432].");
  for (const toml::node& item : *array) {
    const auto port = item.value_exact<std::int64_t>();
    if (!port || *port < 1 || *port > 65535) return entry.Wrong("a port is 1 to 65535.");
    jail.add_tcp_ports(static_cast<std::uint32_t>(*port));
  }
  return absl::OkStatus();
}

absl::Status SetJailKey(const Entry& entry, const std::string& key, sync::v1::JailAllowance& jail) {
  if (key == "tcp_ports") return SetPorts(entry, jail);
  if (key == "resolve_names") {
    BB_ASSIGN_OR_RETURN(const bool resolve, Flag(entry));
    jail.set_resolve_names(resolve);
    return absl::OkStatus();
  }
  if (key != "read_paths" && key != "write_paths") {
    return entry.Wrong(
        "there is no such key; known: read_paths, write_paths, tcp_ports, "
        "resolve_names.");
  }
  BB_ASSIGN_OR_RETURN(const auto paths, Texts(entry));
  auto& into = key == "read_paths" ? *jail.mutable_read_paths() : *jail.mutable_write_paths();
  for (const auto& path : paths) {
    if (!path.starts_with("/")) return entry.Wrong(fmt::format("'{}' is not absolute.", path));
    *into.Add() = path;
  }
  return absl::OkStatus();
}

absl::Status SetJail(const Entry& entry, Connection& connection) {
  const toml::table* table = entry.node.as_table();
  if (table == nullptr) return entry.Wrong("must be a table.");
  for (const auto& [key, node] : *table) {
    const std::string word(key.str());
    BB_RETURN_IF_ERROR(
        SetJailKey({entry.file, "jail." + word, node}, word, *connection.mutable_jail()));
  }
  return absl::OkStatus();
}

absl::Status SetPolicy(const Entry& entry, FieldMapping& mapping) {
  static const std::map<std::string, FieldMapping::Policy> kPolicies = {
      {"local", FieldMapping::POLICY_LOCAL},
      {"shared", FieldMapping::POLICY_SHARED},
      {"hub", FieldMapping::POLICY_HUB},
      {"source", FieldMapping::POLICY_SOURCE},
      {"write_once", FieldMapping::POLICY_WRITE_ONCE}};
  BB_ASSIGN_OR_RETURN(const auto text, Text(entry));
  const auto policy = kPolicies.find(text);
  if (policy == kPolicies.end()) {
    return entry.Wrong("must be one of local, shared, hub, source and write_once.");
  }
  mapping.set_policy(policy->second);
  return absl::OkStatus();
}

absl::Status SetMappingKey(const Entry& entry, const std::string& key, FieldMapping& mapping) {
  if (key == "values") {
    return TextMembers(entry,
                       [&](const Entry&, const std::string& theirs, const std::string& ours) {
                         (*mapping.mutable_values())[theirs] = ours;
                         return absl::OkStatus();
                       });
  }
  if (key == "policy") return SetPolicy(entry, mapping);
  if (key != "source" && key != "target") {
    return entry.Wrong("there is no such key; known: source, target, values, policy.");
  }
  BB_ASSIGN_OR_RETURN(const auto text, Text(entry));
  if (key == "source") {
    mapping.set_source_field(text);
  } else {
    mapping.set_target(text);
  }
  return absl::OkStatus();
}

using Mappings = google::protobuf::RepeatedPtrField<FieldMapping>;

absl::Status SetMapping(const Entry& entry, Mappings& mappings) {
  const toml::table* table = entry.node.as_table();
  if (table == nullptr) return entry.Wrong("must be a table: { source = \"a\", target = \"b\" }.");
  FieldMapping& mapping = *mappings.Add();
  for (const auto& [key, node] : *table) {
    const std::string word(key.str());
    BB_RETURN_IF_ERROR(SetMappingKey({entry.file, "mapping." + word, node}, word, mapping));
  }
  if (!mapping.source_field().empty() && !mapping.target().empty()) return absl::OkStatus();
  return entry.Wrong("needs both source and target.");
}

absl::Status AddMappings(const Entry& entry, Mappings& mappings) {
  const toml::array* array = entry.node.as_array();
  if (array == nullptr) return entry.Wrong("write [[mapping]] above each, or a list of tables.");
  for (const toml::node& item : *array) {
    BB_RETURN_IF_ERROR(SetMapping({entry.file, entry.key, item}, mappings));
  }
  return absl::OkStatus();
}

absl::Status SetMappings(const Entry& entry, Connection& connection) {
  return AddMappings(entry, *connection.mutable_mappings());
}

absl::Status SetApplications(const Entry& entry, Connection& connection) {
  const toml::table* table = entry.node.as_table();
  if (table == nullptr) return entry.Wrong("must be a table: [[applications.mapping]] and so on.");
  auto& applications = *connection.mutable_applications();
  for (const auto& [key, node] : *table) {
    const Entry member{entry.file, "applications." + std::string(key.str()), node};
    if (key == "mapping") {
      BB_RETURN_IF_ERROR(AddMappings(member, *applications.mutable_mappings()));
    } else if (key == "stream") {
      BB_ASSIGN_OR_RETURN(*applications.mutable_stream(), Text(member));
    } else {
      return member.Wrong("there is no such key; known: mapping, stream.");
    }
  }
  return absl::OkStatus();
}

absl::Status SetCalendar(const Entry& entry, sync::v1::CalendarMapping& calendar) {
  const toml::table* table = entry.node.as_table();
  if (table == nullptr) return entry.Wrong("write [[calendars]] above each.");
  for (const auto& [key, node] : *table) {
    const Entry member{entry.file, "calendars." + std::string(key.str()), node};
    BB_ASSIGN_OR_RETURN(const auto text, Text(member));
    if (key == "name") {
      calendar.set_calendar(text);
    } else if (key == "department") {
      calendar.set_department_id(text);
    } else if (key == "match" && (text == "category" || text == "address")) {
      calendar.set_match(text == "address" ? sync::v1::CalendarMapping::MATCH_ADDRESS
                                           : sync::v1::CalendarMapping::MATCH_CATEGORY);
    } else if (key == "match") {
      return member.Wrong("must be \"category\" or \"address\".");
    } else {
      return member.Wrong("there is no such key; known: department, match, name.");
    }
  }
  return absl::OkStatus();
}

absl::Status SetCalendars(const Entry& entry, Connection& connection) {
  const toml::array* array = entry.node.as_array();
  if (array == nullptr) return entry.Wrong("write [[calendars]] above each.");
  for (const toml::node& item : *array) {
    BB_RETURN_IF_ERROR(SetCalendar({entry.file, entry.key, item},
                                   *connection.mutable_meetings()->add_calendars()));
  }
  return absl::OkStatus();
}

absl::Status SetCallsPerMinute(const Entry& entry, Connection& connection) {
  constexpr std::int64_t kMost = 60'000;
  const auto calls = entry.node.value_exact<std::int64_t>();
  if (!calls || *calls < 0 || *calls > kMost) return entry.Wrong("must be 0 to 60000.");
  connection.set_calls_per_minute(static_cast<std::uint32_t>(*calls));
  return absl::OkStatus();
}

absl::Status SetCreates(const Entry& entry, Connection& connection) {
  BB_ASSIGN_OR_RETURN(const bool creates, Flag(entry));
  connection.set_creates(creates);
  return absl::OkStatus();
}

// Keys that hold a text, and the field it goes into.
const std::map<std::string, std::string>& TextKeys() {
  static const std::map<std::string, std::string> kKeys = {
      {"id", "id"},
      {"title", "title"},
      {"plugin", "plugin"},
      {"department", "department_id"},
      {"stream", "stream"},
      {"default_municipality_code", "default_municipality_code"},
      {"canary_external_id", "canary_external_id"},
      {"responsible_email", "responsible_email"},
  };
  return kKeys;
}

using Setter = absl::Status (*)(const Entry&, Connection&);

const std::map<std::string, Setter>& OtherKeys() {
  static const std::map<std::string, Setter> kKeys = {
      {"family", SetFamily},
      {"config", SetConfig},
      {"secrets", SetSecrets},
      {"mapping", SetMappings},
      {"every", SetEvery},
      {"calls_per_minute", SetCallsPerMinute},
      {"enabled", SetEnabled},
      {"owned_paths", SetOwnedPaths},
      {"jail", SetJail},
      {"creates", SetCreates},
      {"applications", SetApplications},
      {"calendars", SetCalendars},
  };
  return kKeys;
}

std::string KnownKeys() {
  std::set<std::string> known;
  for (const auto& [key, field] : TextKeys()) known.insert(key);
  for (const auto& [key, setter] : OtherKeys()) known.insert(key);
  return fmt::format("{}", fmt::join(known, ", "));
}

absl::Status SetKey(const Entry& entry, Connection& connection) {
  if (const auto text_key = TextKeys().find(entry.key); text_key != TextKeys().end()) {
    BB_ASSIGN_OR_RETURN(const auto text, Text(entry));
    const auto* field = Connection::descriptor()->FindFieldByName(text_key->second);
    Connection::GetReflection()->SetString(&connection, field, text);
    return absl::OkStatus();
  }
  const auto other = OtherKeys().find(entry.key);
  if (other != OtherKeys().end()) return other->second(entry, connection);
  return entry.Wrong("there is no such key; known: " + KnownKeys() + ".");
}

absl::Status SetKeys(const toml::table& table, const std::string& file, Connection& connection) {
  for (const auto& [key, node] : table) {
    BB_RETURN_IF_ERROR(SetKey({file, std::string(key.str()), node}, connection));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Connection> ParseConnection(const std::string& text, const std::string& file) {
  Connection connection;
  connection.set_config_json("{}");
  try {
    BB_RETURN_IF_ERROR(SetKeys(toml::parse(text, file), file, connection));
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(fmt::format("{}:{}: {}", file, error.source().begin.line,
                                                  std::string(error.description())));
  }
  for (const char* required : {"id", "title", "plugin"}) {
    const auto* field = Connection::descriptor()->FindFieldByName(required);
    if (!Connection::GetReflection()->GetString(connection, field).empty()) continue;
    return absl::InvalidArgumentError(fmt::format("{}: the key {} is missing.", file, required));
  }
  return connection;
}

absl::StatusOr<Connection::Family> ToFamily(const std::string& word) {
  for (int i = Connection::Family_MIN + 1; i <= Connection::Family_MAX; ++i) {
    const auto family = static_cast<Connection::Family>(i);
    if (FamilyWord(family) == word) return family;
  }
  return absl::InvalidArgumentError(fmt::format(
      "'{}' is not a family; it is one of grants, centres, calendars, files, registers.", word));
}

std::string FamilyWord(Connection::Family family) {
  return ShowEnum(Connection::Family_Name(family), "FAMILY_");
}

absl::Status CheckSecretReference(const std::string& reference) {
  if (reference.starts_with("file:/") || reference.starts_with("credential:")) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "a secret is never written here; say where it is: file:/etc/brobygger/secrets/x (owned by "
      "root, mode 0600) or credential:x (systemd).");
}

}  // namespace brobygger::cli
