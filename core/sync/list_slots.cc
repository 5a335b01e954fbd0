#include "core/sync/list_slots.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace brobygger::sync {
namespace {

using nlohmann::json;

json ListEntries(const std::string& list) {
  json entries = json::parse(list, nullptr, false);
  return entries.is_array() ? entries : json::array();
}

// An empty list is no text at all, as in model::FieldText().
std::string ToText(const json& entries) {
  return entries.empty() ? "" : entries.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string FirstEntries(const std::string& list, std::size_t slots) {
  json entries = ListEntries(list);
  if (entries.size() <= slots) return list;
  entries.erase(entries.begin() + static_cast<json::difference_type>(slots), entries.end());
  return ToText(entries);
}

std::string WithToldEntries(const std::string& list, std::size_t slots, const std::string& told) {
  const json entries = ListEntries(list);
  if (entries.size() <= slots) return told;
  json joined = ListEntries(told);
  for (std::size_t i = slots; i < entries.size(); ++i) {
    if (std::find(joined.begin(), joined.end(), entries[i]) == joined.end()) {
      joined.push_back(entries[i]);
    }
  }
  return ToText(joined);
}

}  // namespace brobygger::sync
