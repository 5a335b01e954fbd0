#pragma once

#include <string>

#include <absl/status/statusor.h>
#include <nlohmann/json.hpp>

#include "plugins/calendars/graph/trouble.h"

namespace brobygger::graph {

// What Graph or the login answered, reduced while it is parsed to an allow-list of names: titles,
// bodies, places and people's names never become a value of ours, whatever a server sends. Errors:
// kHtml, kNotJson; what is nested deeper than any answer is left out. Pure; thread-safe.
absl::StatusOr<nlohmann::json> ParseAnswer(const std::string& body, const Place& place);

// The text at `key` of an object; "" if there is none.
std::string TextAt(const nlohmann::json& object, const char* key);

}  // namespace brobygger::graph
