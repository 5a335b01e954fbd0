#include "plugins/common/columns.h"

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "brobygger/sdk/error.h"

namespace brobygger::common {
namespace {

using Json = nlohmann::json;
using plugin::v1::FieldSchema;

constexpr char kMarker[] = "@COLUMNS@";
constexpr char kColumnsSchema[] = R"json({
      "type": "object",
      "minProperties": 1,
      "description": "Column at the source to field; no other column is read.",
      "additionalProperties": {
        "anyOf": [
          {"type": "string"},
          {
            "type": "object",
            "required": ["field"],
            "properties": {
              "field": {"type": "string"},
              "type": {"enum": ["text", "bool", "int", "decimal", "date", "list"], "default": "text"},
              "split": {"type": "string", "minLength": 1, "maxLength": 1, "default": ","},
              "required": {"type": "boolean", "default": false, "description": "Nothing is read without it. A database always has all of them."},
              "personal": {"type": "boolean", "description": "Whether it holds personal data; if nothing is said, the field's name tells."}
            }
          }
        ]
      }
    })json";

struct TypeName {
  ValueType type;
  FieldSchema::Type schema;
};

const std::map<std::string, TypeName>& TypeNames() {
  static const std::map<std::string, TypeName> kNames = {
      {"text", {ValueType::kText, FieldSchema::TYPE_TEXT}},
      {"bool", {ValueType::kFlag, FieldSchema::TYPE_BOOL}},
      {"int", {ValueType::kInt, FieldSchema::TYPE_INT}},
      {"decimal", {ValueType::kDecimal, FieldSchema::TYPE_DECIMAL}},
      {"date", {ValueType::kDate, FieldSchema::TYPE_DATE}},
      {"list", {ValueType::kList, FieldSchema::TYPE_LIST}}};
  return kNames;
}

// Names of fields that are about a person, as configurations choose them.
bool IsPersonalName(const std::string& field) {
  static const std::set<std::string> kNames = {
      "email",         "phone",         "mobile",   "contact_person", "contact_name",
      "contact_email", "contact_phone", "chair",    "chair_name",     "cpr",
      "birth_date",    "home_address",  "telefon",  "mobil",          "kontaktperson",
      "kontakt",       "formand",       "kasserer", "mail",           "hjemmeadresse"};
  return kNames.count(field) > 0;
}

}  // namespace

ConfigReader::ConfigReader(std::string plugin, const std::string& json)
    : plugin_(std::move(plugin)), json_(Json::parse(json, nullptr, false)) {
  if (json_.is_object()) return;
  json_ = Json::object();
  Refuse("", "den er ikke gyldig JSON", "it is not valid JSON");
}

ConfigReader::ConfigReader(std::string plugin, Json json, std::string prefix)
    : plugin_(std::move(plugin)), json_(std::move(json)), prefix_(std::move(prefix)) {}

ConfigReader ConfigReader::Part(const std::string& key) const {
  const auto found = json_.find(key);
  const bool there = found != json_.end() && found->is_object();
  ConfigReader part(plugin_, there ? *found : Json::object(), prefix_ + key + ".");
  if (there) return part;
  part.prefix_ = prefix_;
  part.Refuse(key, "det skal være et objekt", "it must be an object");
  return part;
}

void ConfigReader::Refuse(const std::string& key, const std::string& da, const std::string& en) {
  if (!status_.ok()) return;
  const std::string path = prefix_ + key;
  status_ =
      sdk::MakeError({.kind = sdk::Diagnostic::CLASS_CONFIG,
                      .code = plugin_ + ".config",
                      .da = "Ret '" + path + "' i forbindelsens opsætning: " + da + ".",
                      .en = "Mend '" + path + "' in the connection's configuration: " + en + ".",
                      .path = path});
}

void ConfigReader::Text(const Json& json, const std::string& key, std::string& text) {
  const auto found = json.find(key);
  if (found == json.end()) return;
  if (!found->is_string()) return Refuse(key, "det skal være tekst", "it must be text");
  text = found->get<std::string>();
}

void ConfigReader::Text(const std::string& key, std::string& text) { Text(json_, key, text); }

void ConfigReader::Number(const std::string& key, int most, int& number) {
  const auto found = json_.find(key);
  if (found == json_.end()) return;
  if (!found->is_number_integer() || *found < 0 || *found > most) {
    const std::string limit = std::to_string(most);
    return Refuse(key, "brug et helt tal fra 0 til " + limit,
                  "use a whole number from 0 to " + limit);
  }
  number = found->get<int>();
}

Column ConfigReader::OneColumn(const std::string& source, const Json& about) {
  const std::string key = "columns." + source;
  Column column;
  column.source = source;
  if (about.is_string()) column.field = about.get<std::string>();
  Json personal;
  if (about.is_object()) {
    std::string type = "text";
    std::string split = ",";
    Text(about, "field", column.field);
    Text(about, "type", type);
    Text(about, "split", split);
    column.required = about.value("required", Json(false)) == Json(true);
    personal = about.value("personal", Json());
    const auto known = TypeNames().find(type);
    if (known == TypeNames().end()) {
      Refuse(key + ".type", "brug text, bool, int, decimal, date eller list",
             "use text, bool, int, decimal, date or list");
    } else {
      column.type = known->second.type;
    }
    if (split.size() != 1) Refuse(key + ".split", "det skal være ét tegn", "it must be one sign");
    column.split = split.empty() ? ',' : split[0];
  }
  if (column.field.empty()) Refuse(key, "skriv feltets navn", "give the field's name");
  if (!personal.is_null() && !personal.is_boolean()) {
    Refuse(key + ".personal", "brug true eller false", "use true or false");
  }
  column.personal = personal.is_boolean() ? personal == Json(true) : IsPersonalName(column.field);
  return column;
}

std::vector<Column> ConfigReader::Columns() {
  std::vector<Column> columns;
  const auto listed = json_.find("columns");
  if (listed == json_.end() || !listed->is_object() || listed->empty()) {
    Refuse("columns", "skriv hvilke kolonner der må læses", "list the columns to read");
    return columns;
  }
  for (const auto& [source, about] : listed->items()) columns.push_back(OneColumn(source, about));
  return columns;
}

std::string WithColumns(std::string schema) {
  for (std::size_t at = 0; (at = schema.find(kMarker, at)) != std::string::npos;) {
    schema.replace(at, std::string_view(kMarker).size(), kColumnsSchema);
    at += std::string_view(kColumnsSchema).size();
  }
  return schema;
}

FieldSchema FieldOf(const Column& column) {
  FieldSchema field;
  field.set_name(column.field);
  for (const auto& [name, type] : TypeNames()) {
    if (type.type == column.type) field.set_type(type.schema);
  }
  field.set_readable(true);
  field.set_required(column.required);
  field.set_personal_data(column.personal);
  (*field.mutable_title())["da"] = column.source;
  return field;
}

}  // namespace brobygger::common
