#include "core/discovery/pick.h"

#include <algorithm>
#include <utility>

#include <absl/strings/numbers.h>

#include "core/base/status_macros.h"
#include "core/model/names.h"
#include "core/model/rules.h"
#include "core/registry/records.h"
#include "core/search/name_order.h"

namespace brobygger::discovery {
namespace {

using registry::v1::Activity;
using registry::v1::Association;
using storage::Index;
using storage::IndexEntry;
using storage::Kind;

constexpr int kMostExamined = 20'000;
constexpr int kBatch = 250;

template <typename List, typename Value>
bool Has(const List& list, Value value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool HasArea(const Association& association, const std::string& area) {
  const auto within = [&](const std::string& text) {
    return !text.empty() && model::FoldName(text).find(area) != std::string::npos;
  };
  if (within(association.coverage_area())) return true;
  return std::any_of(association.addresses().begin(), association.addresses().end(),
                     [&](const auto& address) {
                       return within(address.postal_district()) || within(address.street());
                     });
}

absl::StatusOr<Association> Load(const storage::Snapshot& snapshot, const std::string& id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kAssociation, id));
  Association association;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, association));
  return association;
}

// Values of enums that the index keeps; it knows of no other.
constexpr int kEnumsKept = 16;

search::Narrowing NarrowingOf(const Criteria& criteria) {
  search::Narrowing narrowing;
  int code = 0;
  if (absl::SimpleAtoi(criteria.municipality_code, &code)) {
    narrowing.municipality = static_cast<std::uint16_t>(code);
  }
  if (criteria.theme < kEnumsKept) narrowing.theme = static_cast<std::uint32_t>(criteria.theme);
  if (criteria.audience < kEnumsKept) {
    narrowing.audience = static_cast<std::uint32_t>(criteria.audience);
  }
  return narrowing;
}

using Placed = std::pair<IndexEntry, Association>;

// Those of the associations that are there, in the order of the index of names, after a place.
absl::StatusOr<std::vector<Placed>> InOrder(const storage::Snapshot& snapshot,
                                            const std::vector<std::string>& ids,
                                            const IndexEntry& after) {
  std::vector<Placed> placed;
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kAssociation, id));
    if (bytes == nullptr) continue;
    Association association;
    BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, association));
    IndexEntry place{model::FoldName(association.official_name()), id};
    if (association.has_delete_time() || place <= after) continue;
    placed.emplace_back(std::move(place), std::move(association));
  }
  std::sort(placed.begin(), placed.end(),
            [](const Placed& left, const Placed& right) { return left.first < right.first; });
  return placed;
}

// By what `order` gives, which begins at `after`.
absl::StatusOr<Picked> PickInOrder(const storage::Snapshot& snapshot,
                                   search::NameOrder order,
                                   const Criteria& criteria,
                                   const registry::PagePlace& after,
                                   int size) {
  Picked picked;
  picked.next = after;
  int examined = 0;
  for (auto ids = order.Next(); !ids.empty(); ids = order.Next()) {
    BB_ASSIGN_OR_RETURN(auto placed, InOrder(snapshot, ids, {after.value, after.key}));
    for (auto& [place, association] : placed) {
      picked.more =
          static_cast<int>(picked.associations.size()) == size || examined == kMostExamined;
      if (picked.more) return picked;
      ++examined;
      picked.next.value = std::move(place.value);
      picked.next.key = std::move(place.key);
      if (Matches(criteria, association)) picked.associations.push_back(std::move(association));
    }
  }
  return picked;
}

// By walking the list.
absl::StatusOr<Picked> PickByWalking(const storage::Snapshot& snapshot,
                                     const Criteria& criteria,
                                     const registry::PagePlace& after,
                                     int size) {
  Picked picked;
  picked.next = after;
  storage::IndexRange range{.prefix = "", .after = {after.value, after.key}, .limit = kBatch};
  for (int examined = 0; examined < kMostExamined;) {
    BB_ASSIGN_OR_RETURN(const auto places, snapshot.ScanIndex(Index::kAssociationByName, range));
    for (const IndexEntry& place : places) {
      picked.more = static_cast<int>(picked.associations.size()) == size;
      if (picked.more) return picked;
      ++examined;
      picked.next.value = place.value;
      picked.next.key = place.key;
      BB_ASSIGN_OR_RETURN(Association association, Load(snapshot, place.key));
      if (association.has_delete_time()) continue;
      if (Matches(criteria, association)) picked.associations.push_back(std::move(association));
    }
    if (places.size() < static_cast<std::size_t>(kBatch)) return picked;
    range.after = places.back();
  }
  picked.more = true;
  return picked;
}

}  // namespace

bool Matches(const Criteria& criteria, const Association& association) {
  if (!criteria.municipality_code.empty() &&
      association.municipality_code() != criteria.municipality_code) {
    return false;
  }
  const bool by_activity = criteria.theme != registry::v1::THEME_UNSPECIFIED ||
                           criteria.audience != registry::v1::AUDIENCE_UNSPECIFIED;
  // One activity has to fit both: a homework café for children is no sports day for them.
  const auto fits = [&](const Activity& activity) {
    const bool theme = criteria.theme == registry::v1::THEME_UNSPECIFIED ||
                       Has(activity.themes(), static_cast<int>(criteria.theme));
    return theme && (criteria.audience == registry::v1::AUDIENCE_UNSPECIFIED ||
                     Has(activity.audiences(), static_cast<int>(criteria.audience)));
  };
  const auto& activities = association.activities();
  if (by_activity && std::none_of(activities.begin(), activities.end(), fits)) return false;
  return criteria.area.empty() || HasArea(association, model::FoldName(criteria.area));
}

absl::StatusOr<Picked> PickMatching(const storage::Snapshot& snapshot,
                                    const search::Shelf* shelf,
                                    const Criteria& criteria,
                                    const registry::PagePlace& after,
                                    int size) {
  const search::Narrowing narrowing = NarrowingOf(criteria);
  const auto view = shelf == nullptr ? nullptr : shelf->Newest();
  const bool as_new = view != nullptr && view->complete && view->revision == snapshot.revision();
  if (!as_new || narrowing.empty()) return PickByWalking(snapshot, criteria, after, size);
  search::NameOrder order(*view, narrowing, search::NameKey(after.value));
  return PickInOrder(snapshot, std::move(order), criteria, after, size);
}

absl::Status ForEachAssociation(const storage::Snapshot& snapshot,
                                const std::string& municipality_code,
                                absl::FunctionRef<absl::Status(const Association&)> one) {
  storage::IndexRange range{.prefix = "", .after = {}, .limit = kBatch};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto places, snapshot.ScanIndex(Index::kAssociationByName, range));
    if (places.empty()) return absl::OkStatus();
    for (const IndexEntry& place : places) {
      BB_ASSIGN_OR_RETURN(const Association association, Load(snapshot, place.key));
      const bool here = association.municipality_code() == municipality_code;
      if (here && !association.has_delete_time()) BB_RETURN_IF_ERROR(one(association));
    }
    range.after = places.back();
  }
}

absl::Status CheckMunicipality(const std::string& municipality_code, bool required) {
  const model::Place place{nullptr, "municipality_code"};
  if (required && municipality_code.empty()) return model::BrokenRule(place, "is required");
  std::string code = municipality_code;
  return model::FixMunicipality(place, code);
}

}  // namespace brobygger::discovery
