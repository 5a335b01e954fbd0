#pragma once

#include <optional>
#include <string>

#include <absl/status/statusor.h>
#include <nlohmann/json.hpp>

namespace brobygger::hsds {

using nlohmann::json;

// An answer, which must be an object. Only what the plugin tells is kept: all other names are
// dropped before they become a value. Of a contact's name only that there is one remains (true),
// so that no person's name is ever a value here. `place` is for the words.
absl::StatusOr<json> ParseAnswer(const std::string& body, const std::string& place);

// What stands at `key`, trimmed; numbers as text. "" if there is none, or no text.
std::string TextAt(const json& object, const char* key);

// The whole number at `key`; also if it is written as text.
std::optional<long long> NumberAt(const json& object, const char* key);

// The list at `key`; an empty one if there is none.
const json& ListAt(const json& object, const char* key);

// The object at `key`; an empty one if there is none.
const json& ObjectAt(const json& object, const char* key);

}  // namespace brobygger::hsds
