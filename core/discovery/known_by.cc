#include "core/discovery/known_by.h"

#include <algorithm>
#include <cstdint>
#include <tuple>

#include "core/base/status_macros.h"
#include "core/model/names.h"
#include "core/registry/each_record.h"
#include "core/registry/records.h"

namespace brobygger::discovery {
namespace {

using registry::v1::Association;
using registry::v1::Department;
using search::v1::SearchFacet;
using search::v1::SearchFacetCount;

constexpr std::size_t kMostNamed = 50;  // departments in an error
constexpr int kMostValues = 100;        // as of other fields

bool Means(const std::string& asked, const Department& department) {
  return asked == department.id() ||
         model::FoldName(asked) == model::FoldName(department.official_name());
}

// Adds the departments that are meant. QUERY_INVALID if none is.
absl::Status AddDepartments(const storage::Snapshot& snapshot,
                            const std::string& asked,
                            std::vector<std::string>& department_ids) {
  std::vector<std::string> names;
  const std::size_t before = department_ids.size();
  const auto look = [&](const Department& department) {
    if (Means(asked, department)) department_ids.push_back(department.id());
    if (names.size() < kMostNamed) names.push_back(department.official_name());
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<Department>(snapshot, storage::Kind::kDepartment, "", look)));
  if (department_ids.size() > before) return absl::OkStatus();
  return search::QueryInvalid(1, "known-by: names no department by its id or its name", names);
}

bool HasDepartment(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool Before(const SearchFacetCount& left, const SearchFacetCount& right) {
  return std::forward_as_tuple(right.count(), left.value()) <
         std::forward_as_tuple(left.count(), right.value());
}

}  // namespace

absl::StatusOr<std::vector<KnownByFilter>> KnownByOf(const storage::Snapshot& seen,
                                                     const search::Query& query) {
  std::vector<KnownByFilter> filters;
  for (const search::Filter& filter : query.filters) {
    if (filter.field != search::Field::kKnownBy) continue;
    KnownByFilter& known = filters.emplace_back();
    known.excluded = filter.excluded;
    for (const std::string& asked : filter.texts) {
      BB_RETURN_IF_ERROR(AddDepartments(seen, asked, known.department_ids));
    }
  }
  return filters;
}

absl::StatusOr<KnownBy> KnownBy::Make(const Asker& asker, std::vector<KnownByFilter> filters) {
  BB_ASSIGN_OR_RETURN(Overview overview, OverviewFor(asker));
  return KnownBy(std::move(overview), std::move(filters));
}

absl::StatusOr<const KnownBy::Known*> KnownBy::Of(const std::string& association_id) {
  auto& kept = known_[association_id];
  if (kept != nullptr) return kept.get();
  Known known;
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes,
                      overview_.snapshot().Find(storage::Kind::kAssociation, association_id));
  if (bytes != nullptr) {
    Association association;
    BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, association));
    known.there = !association.has_delete_time();
    if (known.there) {
      BB_ASSIGN_OR_RETURN(known.department_ids, overview_.KnownBy(association));
    }
  }
  kept = std::make_unique<const Known>(std::move(known));
  return kept.get();
}

absl::StatusOr<bool> KnownBy::Holds(const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const Known* known, Of(association_id));
  return known->there &&
         std::all_of(filters_.begin(), filters_.end(), [known](const KnownByFilter& filter) {
           const bool holds = std::any_of(
               known->department_ids.begin(), known->department_ids.end(),
               [&](const std::string& each) { return HasDepartment(filter.department_ids, each); });
           return holds != filter.excluded;
         });
}

absl::StatusOr<SearchFacet> KnownBy::Count(const std::vector<std::string>& association_ids) {
  absl::flat_hash_map<std::string, std::int64_t> counts;
  for (const std::string& id : association_ids) {
    BB_ASSIGN_OR_RETURN(const Known* known, Of(id));
    for (const std::string& department : known->department_ids) ++counts[department];
  }
  SearchFacet facet;
  facet.set_field(search::WordOf(search::Field::kKnownBy));
  for (const auto& [department_id, count] : counts) {
    SearchFacetCount& each = *facet.add_counts();
    each.set_value(department_id);
    each.set_count(count);
  }
  std::sort(facet.mutable_counts()->begin(), facet.mutable_counts()->end(), Before);
  if (facet.counts_size() > kMostValues) {
    facet.mutable_counts()->DeleteSubrange(kMostValues, facet.counts_size() - kMostValues);
  }
  return facet;
}

}  // namespace brobygger::discovery
