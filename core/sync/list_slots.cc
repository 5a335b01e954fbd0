#include "core/sync/list_slots.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/model/fields.h"
#include "core/model/provenance.h"

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

bool HasAllEntries(const std::string& list, const std::string& wanted) {
  const json entries = ListEntries(list);
  const json all = ListEntries(wanted);
  return std::all_of(all.begin(), all.end(), [&](const json& one) {
    return std::find(entries.begin(), entries.end(), one) != entries.end();
  });
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

void StandBehindRest(const registry::v1::Association& before,
                     const registry::v1::Provenance& source,
                     const std::string& path,
                     registry::v1::Association& next) {
  const std::string held = model::FieldText(before, path).value_or("");
  const std::string rest = model::FieldText(next, path).value_or("");
  const auto* own = model::FindStatement(before, source);
  for (const auto& statement : before.provenance()) {
    const auto& paths = statement.paths();
    const auto beside = statement.other_values().find(path);
    std::string said = beside == statement.other_values().end() ? "" : beside->second;
    if (std::find(paths.begin(), paths.end(), path) != paths.end()) said = held;
    if (&statement == own || !HasAllEntries(said, rest)) continue;
    model::RecordStatement(next, statement, {path});
  }
}

}  // namespace brobygger::sync
