#include <optional>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/time/time.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/exchange/hsds.h"
#include "core/exchange/hsds_terms.h"
#include "core/exchange/partner.h"
#include "core/web/hsds_pages.h"
#include "core/web/hsds_routes.h"

namespace brobygger::web {
namespace {

using exchange::HsdsTerm;
using registry::v1::Activity;
using registry::v1::Association;

constexpr int kUsualServices = 50;
constexpr int kMostOnFullPage = 500;
constexpr int kUsualOnMinimalPage = 10'000;

// Which services are asked for, beyond what the hub is asked itself.
struct Wanted {
  discovery::v1::PartnerCriteria criteria;
  std::optional<HsdsTerm> term;
  std::string taxonomy;
  std::string association_id;
  absl::Time modified_after = absl::InfinitePast();

  bool is_all() const {
    return !term.has_value() && taxonomy.empty() && association_id.empty() &&
           modified_after == absl::InfinitePast();
  }
};

absl::Status NoSuch(const char* parameter, const char* where) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                         std::string("the parameter '") + parameter + "' names none that there is",
                         {{"field", parameter}, {"allowed", where}});
}

absl::Status ReadTerm(const Parameters& asked, Wanted& wanted) {
  if (!asked.Has("taxonomy_term_id")) return absl::OkStatus();
  wanted.term = exchange::FindHsdsTerm(absl::AsciiStrToLower(asked.Text("taxonomy_term_id")));
  if (!wanted.term.has_value()) return NoSuch("taxonomy_term_id", "those of /hsds/taxonomy_terms");
  const std::string taxonomy = wanted.term->taxonomy;
  // The hub knows no filter on ages.
  if (taxonomy == "theme") {
    wanted.criteria.add_themes(static_cast<registry::v1::Theme>(wanted.term->value));
  } else if (taxonomy == "audience") {
    wanted.criteria.add_audiences(static_cast<registry::v1::Audience>(wanted.term->value));
  }
  return absl::OkStatus();
}

absl::StatusOr<Wanted> ToWanted(const Parameters& asked) {
  Wanted wanted;
  wanted.criteria.set_query(asked.Text("search"));
  if (const absl::Status term = ReadTerm(asked, wanted); !term.ok()) return term;
  if (asked.Has("taxonomy_id")) {
    wanted.taxonomy = exchange::FindHsdsTaxonomy(absl::AsciiStrToLower(asked.Text("taxonomy_id")));
    if (wanted.taxonomy.empty()) return NoSuch("taxonomy_id", "those of /hsds/taxonomies");
  }
  wanted.association_id = absl::AsciiStrToLower(asked.Text("organization_id"));
  if (asked.Has("modified_after")) {
    wanted.modified_after = asked.Instant("modified_after");
    // The hub knows whole days; the rest is done here.
    wanted.criteria.set_updated_since_date(
        absl::FormatTime("%Y-%m-%d", wanted.modified_after, absl::UTCTimeZone()));
  }
  return wanted;
}

const google::protobuf::RepeatedField<int>& ValuesOf(const Activity& activity,
                                                     const std::string& taxonomy) {
  if (taxonomy == "theme") return activity.themes();
  return taxonomy == "audience" ? activity.audiences() : activity.age_bands();
}

bool HasTerm(const Activity& activity, const HsdsTerm& term) {
  const auto& values = ValuesOf(activity, term.taxonomy);
  return std::find(values.begin(), values.end(), term.value) != values.end();
}

bool IsWanted(const Wanted& wanted, const Association& association) {
  if (!wanted.association_id.empty() && association.id() != wanted.association_id) return false;
  if (wanted.modified_after == absl::InfinitePast()) return true;
  const auto changed = base::ToInstant(association.update_time());
  return absl::FromChrono(changed) >= wanted.modified_after;
}

bool IsWanted(const Wanted& wanted, const Activity& activity) {
  if (wanted.term.has_value() && !HasTerm(activity, *wanted.term)) return false;
  return wanted.taxonomy.empty() || !ValuesOf(activity, wanted.taxonomy).empty();
}

// A partner of the list and one of its activities, by number.
using PlaceInList = std::pair<std::size_t, int>;

// Those of them that are wanted; only for a list of which not all are.
std::vector<PlaceInList> PlacesOf(const PartnerList& list, const Wanted& wanted) {
  std::vector<PlaceInList> places;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Association association = exchange::ToAssociation(list.At(i));
    if (!IsWanted(wanted, association)) continue;
    for (int n = 0; n < association.activities_size(); ++n) {
      if (IsWanted(wanted, association.activities(n))) places.emplace_back(i, n);
    }
  }
  return places;
}

exchange::Json Minimal(const exchange::Json& service) {
  exchange::Json minimal = {{"id", service.at("id")}};
  if (service.contains("last_modified")) minimal["last_modified"] = service.at("last_modified");
  return minimal;
}

exchange::Json ToService(const Association& association, int number, const Parameters& asked) {
  const Activity& activity = association.activities(number);
  if (asked.Flag("full", false)) return exchange::ToHsdsService(association, activity);
  const exchange::Json listed = exchange::ToHsdsListedService(association, activity);
  return asked.Flag("minimal", false) ? Minimal(listed) : listed;
}

absl::StatusOr<std::string> ServicePageOf(const PartnerList& list,
                                          const Wanted& wanted,
                                          const Parameters& asked) {
  const bool all = wanted.is_all();
  const std::vector<PlaceInList> places = all ? std::vector<PlaceInList>() : PlacesOf(list, wanted);
  const bool minimal = asked.Flag("minimal", false);
  const auto bounds = BoundsOf(asked, all ? list.services() : places.size(),
                               minimal ? kUsualOnMinimalPage : kUsualServices);
  if (!bounds.ok()) return bounds.status();
  if (!minimal && bounds->size > kMostOnFullPage) {
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                           "the parameter 'per_page' is at most 500, unless 'minimal' is true",
                           {{"field", "per_page"}, {"allowed", "a whole number from 1 to 500"}});
  }
  std::vector<exchange::Json> contents;
  std::size_t read = list.size();
  Association association;
  for (std::size_t i = bounds->first; i < bounds->end; ++i) {
    const auto [partner, number] = all ? list.PartnerOfService(i) : places[i];
    if (partner != read) association = exchange::ToAssociation(list.At(partner));
    read = partner;
    contents.push_back(ToService(association, number, asked));
  }
  return PageText(*bounds, std::move(contents));
}

absl::Status NoSuchService() {
  return base::MakeError(errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND,
                         "there is no such HSDS service");
}

// What the hub says of the partner now; the list only tells whose the service is.
void TellService(CallersDoor& door,
                 const std::string& id,
                 const std::string& association_id,
                 const std::shared_ptr<Visit>& visit) {
  door.client().Get(visit->caller(), association_id,
                    [visit, id](absl::StatusOr<discovery::v1::GetPartnerResponse> got) {
                      if (!got.ok()) return visit->Refuse(got.status());
                      const Association association = exchange::ToAssociation(got->partner());
                      for (const Activity& activity : association.activities()) {
                        if (exchange::HsdsServiceId(association, activity) != id) continue;
                        const auto told = exchange::ToHsdsService(association, activity);
                        return visit->Tell(kJsonType, TextOf(told));
                      }
                      visit->Refuse(NoSuchService());
                    });
}

// First in a list that is kept, so that who reads one service after the other has the hub read a
// list once; then in one that is true now.
void FindService(CallersDoor& door,
                 const std::string& id,
                 bool kept_will_do,
                 const std::shared_ptr<Visit>& visit) {
  door.lists().Get(
      visit->caller(), {}, kept_will_do,
      [&door, visit, id, kept_will_do](const absl::StatusOr<PartnerLists::List>& list) {
        if (!list.ok()) return visit->Refuse(list.status());
        if (const auto place = (*list)->FindService(id)) {
          const auto partner = (*list)->At(place->first);
          return TellService(door, id, partner.association_id(), visit);
        }
        if (!kept_will_do) return visit->Refuse(NoSuchService());
        FindService(door, id, false, visit);
      });
}

}  // namespace

void AnswerHsdsServices(CallersDoor& door,
                        const Parameters& asked,
                        const std::shared_ptr<Visit>& visit) {
  auto wanted = ToWanted(asked);
  if (!wanted.ok()) return visit->Refuse(wanted.status());
  const auto criteria = wanted->criteria;
  door.lists().Get(
      visit->caller(), criteria, asked.Number("page", 1) > 1,
      [visit, asked, wanted = *std::move(wanted)](const absl::StatusOr<PartnerLists::List>& list) {
        if (!list.ok()) return visit->Refuse(NamingHsdsParameters(list.status()));
        auto page = ServicePageOf(**list, wanted, asked);
        if (!page.ok()) return visit->Refuse(page.status());
        visit->Tell(kJsonType, *std::move(page));
      });
}

void AnswerHsdsService(CallersDoor& door,
                       const std::string& id,
                       const std::shared_ptr<Visit>& visit) {
  FindService(door, id, true, visit);
}

}  // namespace brobygger::web
