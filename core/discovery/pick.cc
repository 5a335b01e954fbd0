#include "core/discovery/pick.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/model/names.h"
#include "core/model/rules.h"
#include "core/registry/records.h"

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

absl::StatusOr<Picked> PickAssociations(
    const storage::Snapshot& snapshot,
    const registry::PagePlace& after,
    int size,
    absl::FunctionRef<absl::StatusOr<bool>(const Association&)> wanted) {
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
      BB_ASSIGN_OR_RETURN(const bool take, wanted(association));
      if (take) picked.associations.push_back(std::move(association));
    }
    if (places.size() < static_cast<std::size_t>(kBatch)) return picked;
    range.after = places.back();
  }
  picked.more = true;
  return picked;
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
