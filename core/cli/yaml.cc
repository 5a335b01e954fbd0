#include <string>

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "core/cli/output.h"

namespace brobygger::cli {
namespace {

using Json = nlohmann::ordered_json;

// Whether plain YAML would read the text as something else than text: a number
// ("0615"), a truth value ("no"), a date, or nothing at all.
bool ReadsAsOther(const std::string& text) {
  static const std::string kWords[] = {"",   "~",  "null", "true", "false", "yes",
                                       "no", "on", "off",  "y",    "n"};
  std::string lower;
  for (const char letter : text) {
    lower += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
  }
  for (const std::string& word : kWords) {
    if (lower == word) return true;
  }
  const bool begins_as_number =
      lower[0] == '+' || lower[0] == '-' || lower[0] == '.' || (lower[0] >= '0' && lower[0] <= '9');
  return begins_as_number || lower.find_first_of("\n\r\t") != std::string::npos;
}

void Emit(YAML::Emitter& yaml, const Json& value);

void EmitMembers(YAML::Emitter& yaml, const Json& object) {
  yaml << YAML::BeginMap;
  for (const auto& [key, member] : object.items()) {
    yaml << YAML::Key;
    if (ReadsAsOther(key)) yaml << YAML::DoubleQuoted;
    yaml << key << YAML::Value;
    Emit(yaml, member);
  }
  yaml << YAML::EndMap;
}

void EmitItems(YAML::Emitter& yaml, const Json& array) {
  if (array.empty()) yaml << YAML::Flow;
  yaml << YAML::BeginSeq;
  for (const Json& item : array) Emit(yaml, item);
  yaml << YAML::EndSeq;
}

void Emit(YAML::Emitter& yaml, const Json& value) {
  if (value.is_object()) {
    if (value.empty()) yaml << YAML::Flow;
    EmitMembers(yaml, value);
  } else if (value.is_array()) {
    EmitItems(yaml, value);
  } else if (value.is_string()) {
    const auto text = value.get<std::string>();
    if (ReadsAsOther(text)) yaml << YAML::DoubleQuoted;
    yaml << text;
  } else {
    yaml << value.dump();
  }
}

}  // namespace

std::string JsonToYaml(const std::string& json) {
  YAML::Emitter yaml;
  Emit(yaml, Json::parse(json));
  return std::string(yaml.c_str()) + "\n";
}

}  // namespace brobygger::cli
