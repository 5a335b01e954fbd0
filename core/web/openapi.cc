#include "core/web/openapi.h"

#include <string_view>
#include <utility>

namespace brobygger::web {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSchemas = "https://";

Json SchemaOf(const ParameterRule& rule) {
  switch (rule.kind) {
    case ParameterKind::kTexts:
      return {{"type", "array"}, {"items", {{"type", "string"}}}};
    case ParameterKind::kNumber:
      return {{"type", "integer"}, {"minimum", rule.least}, {"maximum", rule.most}};
    case ParameterKind::kFlag:
      return {{"type", "boolean"}};
    case ParameterKind::kInstant:
      return {{"type", "string"}, {"format", "date-time"}};
    case ParameterKind::kDay:
      return {{"type", "string"}, {"format", "date"}};
    case ParameterKind::kId:
      return {{"type", "string"}, {"format", "uuid"}};
    case ParameterKind::kJson:
      return {{"type", "string"}, {"enum", Json::array({"json"})}};
    default:
      return {{"type", "string"}};
  }
}

Json ToParameter(const ParameterRule& rule) {
  Json parameter = {{"name", rule.name},
                    {"in", "query"},
                    {"required", false},
                    {"description", rule.about},
                    {"schema", SchemaOf(rule)}};
  if (rule.kind == ParameterKind::kTexts) {
    parameter["style"] = "form";
    parameter["explode"] = false;
  }
  return parameter;
}

Json PageOf(const Json& item) {
  return {{"type", "object"},
          {"properties",
           {{"total_items", {{"type", "integer"}}},
            {"total_pages", {{"type", "integer"}}},
            {"page_number", {{"type", "integer"}}},
            {"size", {{"type", "integer"}}},
            {"first_page", {{"type", "boolean"}}},
            {"last_page", {{"type", "boolean"}}},
            {"empty", {{"type", "boolean"}}},
            {"contents", {{"type", "array"}, {"items", item}}}}}};
}

Json ContentOf(const Endpoint& endpoint) {
  const bool published = endpoint.tells.starts_with(kSchemas);
  if (!published && !endpoint.tells.empty()) {
    return {{endpoint.tells, {{"schema", {{"type", "string"}}}}}};
  }
  Json schema = {{"type", "object"}};
  if (published) schema = {{"$ref", endpoint.tells}};
  return {{kJsonType, {{"schema", endpoint.in_pages ? PageOf(schema) : schema}}}};
}

Json Problems(bool needs_key) {
  const Json problem = {{"application/problem+json", {{"schema", {{"type", "object"}}}}}};
  Json answers = Json::object();
  const auto add = [&](const char* status, const char* about) {
    answers[status] = {{"description", about}, {"content", problem}};
  };
  add("400", "The request is wrong; \"facts\" names the parameter and what is allowed.");
  if (!needs_key) return answers;
  add("401", "No API key was shown, or one that is not good (any more).");
  add("403", "The key may not do that.");
  add("404", "There is no such thing, or none that the key may see.");
  add("429", "Too much at once or in a minute; Retry-After says when to come again.");
  add("503", "The hub cannot answer just now; Retry-After says when to come again.");
  return answers;
}

Json ToOperation(const Endpoint& endpoint) {
  Json parameters = Json::array();
  if (std::string_view(endpoint.path).find("{id}") != std::string_view::npos) {
    parameters.push_back({{"name", "id"},
                          {"in", "path"},
                          {"required", true},
                          {"schema", {{"type", "string"}, {"format", "uuid"}}}});
  }
  for (const ParameterRule& rule : endpoint.rules) parameters.push_back(ToParameter(rule));
  Json answers = {{"200", {{"description", endpoint.summary}, {"content", ContentOf(endpoint)}}}};
  if (endpoint.needs_key) answers["304"] = {{"description", "As If-None-Match says."}};
  answers.update(Problems(endpoint.needs_key));
  Json operation = {{"summary", endpoint.summary},
                    {"parameters", std::move(parameters)},
                    {"responses", std::move(answers)}};
  if (!endpoint.needs_key) operation["security"] = Json::array();
  return operation;
}

}  // namespace

nlohmann::ordered_json OpenApiOf(const std::string& title,
                                 const std::string& server,
                                 const std::vector<Endpoint>& endpoints) {
  Json paths = Json::object();
  for (const Endpoint& endpoint : endpoints) {
    paths[endpoint.path] = {{"get", ToOperation(endpoint)}};
  }
  const Json bearer = {{"type", "http"}, {"scheme", "bearer"}};
  const Json field = {{"type", "apiKey"}, {"in", "header"}, {"name", "X-Api-Key"}};
  return {{"openapi", "3.1.0"},
          {"info", {{"title", title}, {"version", "1"}, {"license", {{"name", "MPL-2.0"}}}}},
          {"servers", Json::array({{{"url", server}}})},
          {"paths", std::move(paths)},
          {"components", {{"securitySchemes", {{"bearer", bearer}, {"field", field}}}}},
          {"security", Json::array({{{"bearer", Json::array()}}, {{"field", Json::array()}}})}};
}

std::string TextOf(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Response Public(const char* content_type, std::string body) {
  return {.fields = {{"Content-Type", content_type}, {"Cache-Control", "public, max-age=3600"}},
          .body = std::move(body)};
}

}  // namespace brobygger::web
