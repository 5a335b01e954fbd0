#include "tests/histories/cast.h"

#include <algorithm>
#include <cctype>
#include <regex>

#include <fmt/format.h>

#include "core/model/fields.h"
#include "core/sync/mapping.h"

namespace brobygger::histories {
namespace {

using plugin::v1::Record;
using registry::v1::Association;
using Policy = sync::v1::FieldMapping;

void Map(sync::v1::Connection& connection,
         const char* source,
         const char* target,
         Policy::Policy policy) {
  auto& mapping = *connection.add_mappings();
  mapping.set_source_field(source);
  mapping.set_target(target);
  mapping.set_policy(policy);
}

}  // namespace

sync::v1::Connection ConnectionNamed(const std::string& id) {
  sync::v1::Connection connection;
  connection.set_id(id);
  connection.set_title("Kilde " + id);
  connection.set_plugin("fake");
  connection.set_family(sync::v1::Connection::FAMILY_GRANTS);
  connection.set_config_json("{}");
  connection.set_default_municipality_code("0615");
  connection.set_creates(true);
  Map(connection, "navn", "official_name", Policy::POLICY_WRITE_ONCE);
  Map(connection, "cvr", "cvr", Policy::POLICY_WRITE_ONCE);
  Map(connection, "tlf", "phone", Policy::POLICY_SHARED);
  Map(connection, "formaal", "purpose.da", Policy::POLICY_SHARED);
  Map(connection, "web", "website", Policy::POLICY_HUB);
  Map(connection, "brobygger_id", sync::kHubAssociationId, Policy::POLICY_UNSPECIFIED);
  Map(connection, "status", sync::kHubStatus, Policy::POLICY_UNSPECIFIED);
  return connection;
}

std::string CvrNumber(int number) {
  constexpr int kWeights[] = {2, 7, 6, 5, 4, 3, 2};
  for (int base = 2000000 + number * 11;; ++base) {
    const std::string digits = std::to_string(base);
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * kWeights[i];
    const int check = (11 - sum % 11) % 11;
    if (check < 10) return digits + std::to_string(check);
  }
}

std::string NameOf(int number) {
  static const char* const kWords[] = {"Havblik",  "Skovduen",  "Tordenvejr", "Bogfinken",
                                       "Kastanje", "Lanternen", "Vindrosen",  "Mosaikken",
                                       "Rugbroed", "Solhverv"};
  return fmt::format("{}{} {}", kWords[number % 10], number, kWords[(number / 10 + 3) % 10]);
}

Association NewAssociation(int number) {
  Association made;
  made.set_official_name(NameOf(number));
  made.set_municipality_code("0615");
  auto& identifier = *made.add_identifiers();
  identifier.set_scheme("DK-CVR");
  identifier.set_value(CvrNumber(number));
  return made;
}

void SetText(Record& record, const std::string& field, const std::string& text) {
  auto& value = (*record.mutable_fields())[field];
  if (text.empty()) {
    value.mutable_empty();
  } else {
    value.set_text(text);
  }
}

std::string TextOf(const Record& record, const std::string& field) {
  const auto value = record.fields().find(field);
  return value == record.fields().end() ? "" : value->second.text();
}

std::string Held(const Association& association, const std::string& path) {
  return model::FieldText(association, path).value_or("");
}

std::string SetHeld(Association& association, const std::string& path, const std::string& value) {
  const bool list = path != "purpose.da";
  const std::string text = value.empty() || !list ? value : "[\"" + value + "\"]";
  model::SetFieldText(association, path, text).IgnoreError();
  return list ? path : "purpose";
}

std::string SetSecond(Association& association, const std::string& path, const std::string& value) {
  auto& entries =
      path == "phones" ? *association.mutable_phones() : *association.mutable_websites();
  if (entries.empty()) return SetHeld(association, path, value);
  while (entries.size() > 1) entries.RemoveLast();
  *entries.Add() = value;
  return path;
}

std::set<std::string> Tokens(std::string text) {
  static const std::regex kToken(R"(2\d{7}|formaal \d{6}|hale \d{6}|f\d{6}\.example)");
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char sign) { return static_cast<char>(std::tolower(sign)); });
  std::set<std::string> tokens;
  for (std::sregex_iterator at(text.begin(), text.end(), kToken), end; at != end; ++at) {
    tokens.insert(at->str());
  }
  return tokens;
}

}  // namespace brobygger::histories
