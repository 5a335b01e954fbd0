// Associations to search, and what is found of them.
#pragma once

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/search/evaluate.h"
#include "core/search/part_list.h"

namespace brobygger::search {

using registry::v1::Association;

inline Association Named(const std::string& id, const std::string& official_name) {
  Association association;
  association.set_id(id);
  association.set_official_name(official_name);
  association.set_municipality_code("0615");
  return association;
}

inline void SetPurpose(Association& association, const std::string& text) {
  (*association.mutable_purpose()->mutable_by_language())["da"] = text;
}

inline registry::v1::Activity& AddActivity(Association& association, const std::string& title) {
  auto& activity = *association.add_activities();
  activity.set_id("a" + std::to_string(association.activities_size()));
  activity.set_title(title);
  return activity;
}

inline View ViewOf(const PartList& parts) {
  View view;
  view.serial = 1;
  view.complete = true;
  view.parts = parts.parts();
  view.live = parts.live();
  return view;
}

// Each association in a segment of its own, or all in one.
inline View ViewOf(const std::vector<Association>& associations, bool apart = false) {
  PartList parts(1000);
  std::vector<Update> updates;
  for (const Association& each : associations) {
    updates.push_back({each.id(), ToDocument(each)});
    if (!apart) continue;
    parts.Put(updates);
    updates.clear();
  }
  parts.Put(updates);
  return ViewOf(parts);
}

inline Query Parsed(const std::string& text, const QueryOptions& options = {}) {
  auto query = ParseQuery(text, options);
  INFO(text << ": " << query.status());
  REQUIRE(query.ok());
  return *std::move(query);
}

inline std::vector<std::string> IdsOf(const Answer& answer) {
  std::vector<std::string> ids;
  for (const Hit& hit : answer.hits) ids.push_back(hit.place.id);
  return ids;
}

// The ids of what is found, in order.
inline std::vector<std::string> Find(const View& view,
                                     const std::string& text,
                                     const QueryOptions& options = {}) {
  const Query query = Parsed(text, options);
  return IdsOf(Evaluate(view, {.query = query}));
}

using Ids = std::vector<std::string>;

}  // namespace brobygger::search
