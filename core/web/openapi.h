#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/web/http.h"
#include "core/web/parameters.h"

namespace brobygger::web {

inline constexpr char kJsonType[] = "application/json";

// An address that is served to callers with a key.
struct Endpoint {
  const char* path;     // "{id}" where an id stands
  const char* summary;  // one line
  std::vector<ParameterRule> rules;
  // What is told: the published schema of a JSON object or of what a page contains, the type of
  // another text, or "" for JSON of our own.
  std::string tells;
  bool in_pages = false;  // of HSDS
  bool needs_key = true;
};

// An OpenAPI 3.1 document of them, from the very table that requests are held to. Pure.
nlohmann::ordered_json OpenApiOf(const std::string& title,
                                 const std::string& server,
                                 const std::vector<Endpoint>& endpoints);

// One line of JSON.
std::string TextOf(const nlohmann::ordered_json& json);

// 200 for everybody, with a text that stays as it is for as long as this version runs.
Response Public(const char* content_type, std::string body);

}  // namespace brobygger::web
