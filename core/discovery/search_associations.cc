#include "core/discovery/search_associations.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <google/protobuf/arena.h>

#include "core/base/status_macros.h"
#include "core/discovery/known_by.h"
#include "core/discovery/search_parts.h"
#include "core/registry/page.h"
#include "core/registry/records.h"
#include "core/scope/scoped_snapshot.h"
#include "core/search/pages.h"

namespace brobygger::discovery {
namespace {

using registry::v1::Association;
using search::Field;
using search::FieldSet;
using search::v1::SearchAssociationsRequest;
using search::v1::SearchAssociationsResponse;
using search::v1::SearchHit;

constexpr int kMostActivities = 10;

// Hits as they are now, as the caller may see them.
class Hits {
 public:
  explicit Hits(std::shared_ptr<const storage::Snapshot> snapshot)
      : snapshot_(std::move(snapshot)) {}

  // Null if it is gone, or not the caller's to see any more: a list may be older than what an
  // association took back. Lives as long as this.
  absl::StatusOr<const Association*> Find(const std::string& id) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes,
                        snapshot_->Find(storage::Kind::kAssociation, id));
    if (bytes == nullptr) return nullptr;
    auto* found = google::protobuf::Arena::CreateMessage<Association>(&arena_);
    BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, *found));
    return found->has_delete_time() ? nullptr : found;
  }

 private:
  const std::shared_ptr<const storage::Snapshot> snapshot_;
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
    if (activity.status() == registry::v1::ACTIVITY_STATUS_ENDED) continue;
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
  BB_ASSIGN_OR_RETURN(auto known_by, KnownByOf(*snapshot, query));
  search::Ask ask{.query = query,
                  .arguments = ArgumentsOf(request, asker.caller, allowed),
                  .page_token = request.page_token(),
                  .size = static_cast<std::size_t>(size),
                  .reach = ReachOf(asker.caller),
                  .facets = facets,
                  .tell_ids = facets.Has(Field::kKnownBy)};
  std::optional<KnownBy> known;
  if (!known_by.empty()) ask.keep = [&known](const std::string& id) { return known->Holds(id); };
  if (ask.keep || ask.tell_ids) {
    BB_ASSIGN_OR_RETURN(KnownBy made, KnownBy::Make(asker, std::move(known_by)));
    known.emplace(std::move(made));
  }
  BB_ASSIGN_OR_RETURN(const search::Page page, search::AskPage(shelf, ask));
  SearchAssociationsResponse response;
  Hits hits(std::move(snapshot));
  for (const search::Hit& hit : page.answer.hits) {
    BB_ASSIGN_OR_RETURN(const Association* association, hits.Find(hit.place.id));
    if (association != nullptr) Tell(*association, hit, allowed, *response.add_hits());
  }
  TellFacets(page.answer, *response.mutable_facets());
  if (ask.tell_ids && page.ids) {
    BB_ASSIGN_OR_RETURN(*response.add_facets(), known->Count(*page.ids));
  }
  response.set_next_page_token(page.next_page_token);
  if (page.total_known) response.set_total_count(static_cast<std::int64_t>(page.answer.total));
  response.set_relaxed(page.answer.relaxed);
  response.set_partial(page.answer.partial);
  response.set_catching_up(!page.complete);
  response.set_revision(page.revision);
  return response;
}

}  // namespace brobygger::discovery
