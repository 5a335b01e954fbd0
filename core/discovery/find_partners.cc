#include "core/discovery/find_partners.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <absl/strings/str_cat.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/discovery/granted_fields.h"
#include "core/discovery/partner.h"
#include "core/discovery/partner_criteria.h"
#include "core/discovery/search_parts.h"
#include "core/model/rules.h"
#include "core/registry/joining.h"
#include "core/registry/page.h"
#include "core/registry/query.h"
#include "core/registry/records.h"
#include "core/scope/scoped_snapshot.h"
#include "core/search/pages.h"

namespace brobygger::discovery {
namespace {

using registry::v1::Association;
using search::Field;
using search::FieldSet;
using v1::FindPartnersRequest;
using v1::FindPartnersResponse;

FieldSet AllowedFor(const access::Caller& caller) {
  FieldSet allowed = SearchableBy(caller);
  // Who knows whom is told by WhoKnows alone.
  allowed.Remove(Field::kKnownBy);
  // No partner is told with its address, so none is found by it: who asks for one beginning after
  // the other would have it in the end.
  allowed.Remove(Field::kAddress);
  return allowed;
}

// The association as it is now, if it is still the caller's to see: a list may be older than what
// an association took back.
absl::StatusOr<std::optional<Association>> Now(const storage::Snapshot& snapshot,
                                               const std::string& id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(storage::Kind::kAssociation, id));
  if (bytes == nullptr) return std::optional<Association>();
  Association association;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, association));
  if (!IsPartner(association)) return std::optional<Association>();
  return std::optional<Association>(std::move(association));
}

// By its id, or by the beginning of it if one partner's alone begins so: lists show only that.
absl::StatusOr<std::optional<Association>> ByIdOrStart(const storage::Snapshot& seen,
                                                       const std::string& id) {
  constexpr std::size_t kShortestStart = 8;
  if (base::IsUuid(id)) return registry::FollowMerges(seen, id);
  std::optional<Association> found;
  if (id.size() < kShortestStart) return found;
  BB_ASSIGN_OR_RETURN(const auto entries,
                      seen.Scan(storage::Kind::kAssociation, {.prefix = id, .limit = 100}));
  for (const storage::Entry& entry : entries) {
    BB_ASSIGN_OR_RETURN(auto association, Now(seen, entry.key));
    if (!association) continue;
    if (found) return std::optional<Association>();
    found = std::move(association);
  }
  return found;
}

}  // namespace

absl::StatusOr<search::Query> PartnerQuery(const access::Caller& caller,
                                           const v1::PartnerCriteria& criteria,
                                           bool as_you_type) {
  BB_ASSIGN_OR_RETURN(search::Query query, ParseCriteria(criteria, {.allowed = AllowedFor(caller),
                                                                    .as_you_type = as_you_type}));
  query.filters.push_back({.field = Field::kStatus,
                           .numbers = {registry::v1::ASSOCIATION_STATUS_ENDED},
                           .texts = {},
                           .excluded = true});
  return query;
}

absl::StatusOr<FindPartnersResponse> FindPartners(const Asker& asker,
                                                  search::Shelf& shelf,
                                                  const FindPartnersRequest& request) {
  BB_ASSIGN_OR_RETURN(const int size, registry::PageSize(request.page_size()));
  BB_ASSIGN_OR_RETURN(search::Query query,
                      PartnerQuery(asker.caller, request.criteria(), request.as_you_type()));
  query.may_relax = !request.all_must_hold();
  const FieldSet allowed = AllowedFor(asker.caller);
  BB_ASSIGN_OR_RETURN(const FieldSet facets, FacetsOf(request.facets(), allowed));
  BB_ASSIGN_OR_RETURN(auto latest, asker.store.Latest());
  const auto snapshot = scope::Seen(asker.caller, std::move(latest));
  const search::Ask ask{
      .query = query,
      .arguments = registry::PageArguments({"partners", request.criteria().SerializeAsString(),
                                            request.as_you_type() ? "typing" : "",
                                            request.all_must_hold() ? "all" : "",
                                            asker.caller.actor, absl::StrCat(allowed.bits())}),
      .page_token = request.page_token(),
      .size = static_cast<std::size_t>(size),
      .reach = ReachOf(asker.caller),
      .facets = facets};
  BB_ASSIGN_OR_RETURN(const search::Page page, search::AskPage(shelf, ask));
  FindPartnersResponse response;
  for (const search::Hit& hit : page.answer.hits) {
    BB_ASSIGN_OR_RETURN(const auto association, Now(*snapshot, hit.place.id));
    if (!association) continue;
    v1::Partner& partner = *response.add_partners();
    partner = ToPartner(*association, asker.caller, query);
    TellReasons(hit, *partner.mutable_reasons());
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

absl::StatusOr<v1::GetPartnerResponse> GetPartner(const Asker& asker,
                                                  const v1::GetPartnerRequest& request) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(request, {}));
  BB_ASSIGN_OR_RETURN(auto latest, asker.store.Latest());
  const auto snapshot = scope::Seen(asker.caller, std::move(latest));
  BB_ASSIGN_OR_RETURN(const auto found, ByIdOrStart(*snapshot, request.association_id()));
  if (!found || !IsPartner(*found)) {
    return base::MakeError(
        errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND,
        "there is no partner '" + registry::Shown(request.association_id()) + "' that you may see",
        {{"association_id", registry::Shown(request.association_id())}});
  }
  v1::GetPartnerResponse response;
  *response.mutable_partner() = ToPartner(*found, asker.caller, {});
  response.set_revision(snapshot->revision());
  return response;
}

}  // namespace brobygger::discovery
