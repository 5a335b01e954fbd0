#include "core/discovery/search_associations.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/arena.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/discovery/pick.h"
#include "core/discovery/search_parts.h"
#include "core/model/names.h"
#include "core/registry/each_record.h"
#include "core/registry/page.h"
#include "core/registry/records.h"
#include "core/scope/scoped_snapshot.h"
#include "core/search/pages.h"

namespace brobygger::discovery {
namespace {

using registry::v1::Association;
using registry::v1::Department;
using search::Field;
using search::FieldSet;
using search::v1::SearchAssociationsRequest;
using search::v1::SearchAssociationsResponse;
using search::v1::SearchHit;

constexpr int kMostActivities = 10;
constexpr std::size_t kMostNamed = 50;  // departments in an error

// A filter on who knows an association, by departments' ids.
struct KnownBy {
  std::vector<std::string> department_ids;
  bool excluded = false;
};

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

absl::StatusOr<std::vector<KnownBy>> KnownByOf(const storage::Snapshot& snapshot,
                                               const search::Query& query) {
  std::vector<KnownBy> filters;
  for (const search::Filter& filter : query.filters) {
    if (filter.field != Field::kKnownBy) continue;
    KnownBy& known =
        filters.emplace_back(KnownBy{.department_ids = {}, .excluded = filter.excluded});
    for (const std::string& asked : filter.texts) {
      BB_RETURN_IF_ERROR(AddDepartments(snapshot, asked, known.department_ids));
    }
  }
  return filters;
}

bool Has(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// What the index does not know of a hit: how it is now, and who knows it.
class Hits {
 public:
  Hits(const Asker& asker, std::shared_ptr<const storage::Snapshot> snapshot)
      : asker_(asker), snapshot_(std::move(snapshot)) {}

  // Makes ready for Known(). OVERLOADED until contacts are read.
  absl::Status AskForContacts(std::vector<KnownBy> filters) {
    filters_ = std::move(filters);
    if (filters_.empty()) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(Overview overview, OverviewFor(asker_));
    overview_.emplace(std::move(overview));
    return absl::OkStatus();
  }

  // The association as it is now, as the caller may see it; null if it is gone, or not theirs to
  // see any more: a list may be older than what an association took back. Lives as long as this.
  absl::StatusOr<const Association*> Find(const std::string& id) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes,
                        snapshot_->Find(storage::Kind::kAssociation, id));
    if (bytes == nullptr) return nullptr;
    auto* found = google::protobuf::Arena::CreateMessage<Association>(&arena_);
    BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, *found));
    return found->has_delete_time() ? nullptr : found;
  }

  // Whether what is asked of who knows it holds, as far as the caller may hear.
  absl::StatusOr<bool> Known(const std::string& id) {
    BB_ASSIGN_OR_RETURN(const Association* association, Find(id));
    if (association == nullptr) return false;
    BB_ASSIGN_OR_RETURN(const auto known, overview_->AcquaintancesOf(*association));
    return std::all_of(filters_.begin(), filters_.end(), [&](const KnownBy& filter) {
      const bool holds = std::any_of(known.begin(), known.end(), [&](const auto& each) {
        return Has(filter.department_ids, each.department_id());
      });
      return holds != filter.excluded;
    });
  }

 private:
  const Asker& asker_;
  const std::shared_ptr<const storage::Snapshot> snapshot_;
  std::vector<KnownBy> filters_;
  std::optional<Overview> overview_;
  // A hit is parsed into memory that is given back at once with that of all others.
  google::protobuf::Arena arena_;
};

std::string AreaOf(const Association& association) {
  if (!association.coverage_area().empty()) return association.coverage_area();
  return association.addresses().empty() ? "" : association.addresses(0).postal_district();
}

template <typename List, typename Value>
void AddOnce(Value value, List& list) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.Add(value);
}

void TellActivities(const Association& association, FieldSet allowed, SearchHit& hit) {
  for (const auto& activity : association.activities()) {
    if (allowed.Has(Field::kTheme)) {
      for (const int theme : activity.themes()) AddOnce(theme, *hit.mutable_themes());
    }
    if (allowed.Has(Field::kAudience)) {
      for (const int audience : activity.audiences()) AddOnce(audience, *hit.mutable_audiences());
    }
    if (allowed.Has(Field::kActivity) && hit.activities_size() < kMostActivities) {
      hit.add_activities(activity.title());
    }
  }
}

// Built from nothing, by what is allowed.
void Tell(const Association& association,
          const search::Hit& found,
          FieldSet allowed,
          SearchHit& hit) {
  hit.set_association_id(association.id());
  hit.set_official_name(association.official_name());
  if (allowed.Has(Field::kMunicipality)) hit.set_municipality_code(association.municipality_code());
  if (allowed.Has(Field::kStatus)) hit.set_status(association.status());
  if (allowed.Has(Field::kArea)) hit.set_area(AreaOf(association));
  if (allowed.Has(Field::kLanguage)) {
    *hit.mutable_language_codes() = association.language_codes();
  }
  TellActivities(association, allowed, hit);
  TellReasons(found, *hit.mutable_reasons());
}

std::string ArgumentsOf(const SearchAssociationsRequest& request,
                        const access::Caller& caller,
                        FieldSet allowed) {
  return registry::PageArguments({"search", request.query(), request.as_you_type() ? "typing" : "",
                                  caller.actor, absl::StrCat(allowed.bits())});
}

}  // namespace

absl::StatusOr<SearchAssociationsResponse> SearchAssociations(
    const Asker& asker,
    search::Shelf& shelf,
    const SearchAssociationsRequest& request,
    FieldSet allowed) {
  BB_ASSIGN_OR_RETURN(const int size, registry::PageSize(request.page_size()));
  const search::QueryOptions options{.allowed = allowed, .as_you_type = request.as_you_type()};
  BB_ASSIGN_OR_RETURN(const search::Query query, search::ParseQuery(request.query(), options));
  BB_ASSIGN_OR_RETURN(const FieldSet facets, FacetsOf(request.facets(), allowed));
  BB_ASSIGN_OR_RETURN(auto latest, asker.store.Latest());
  auto snapshot = scope::Seen(asker.caller, std::move(latest));
  BB_ASSIGN_OR_RETURN(std::vector<KnownBy> known_by, KnownByOf(*snapshot, query));
  search::Ask ask{.query = query,
                  .arguments = ArgumentsOf(request, asker.caller, allowed),
                  .page_token = request.page_token(),
                  .size = static_cast<std::size_t>(size),
                  .reach = ReachOf(asker.caller),
                  .facets = facets};
  Hits hits(asker, std::move(snapshot));
  if (!known_by.empty()) {
    BB_RETURN_IF_ERROR(hits.AskForContacts(std::move(known_by)));
    ask.keep = [&hits](const std::string& id) { return hits.Known(id); };
  }
  BB_ASSIGN_OR_RETURN(const search::Page page, search::AskPage(shelf, ask));
  SearchAssociationsResponse response;
  for (const search::Hit& hit : page.answer.hits) {
    BB_ASSIGN_OR_RETURN(const Association* association, hits.Find(hit.place.id));
    if (association != nullptr) Tell(*association, hit, allowed, *response.add_hits());
  }
  TellFacets(page.answer, *response.mutable_facets());
  response.set_next_page_token(page.next_page_token);
  if (page.total_known) response.set_total_count(static_cast<std::int64_t>(page.answer.total));
  response.set_relaxed(page.answer.relaxed);
  response.set_partial(page.answer.partial);
  response.set_catching_up(!page.complete);
  response.set_revision(page.revision);
  return response;
}

}  // namespace brobygger::discovery
