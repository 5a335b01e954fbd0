#include "core/discovery/blank_spots.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <absl/strings/str_cat.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/discovery/familiarity.h"
#include "core/discovery/pick.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/page.h"

namespace brobygger::discovery {
namespace {

using registry::v1::Association;
using v1::BlankSpotKind;
using v1::ListBlankSpotsRequest;
using v1::ListBlankSpotsResponse;
using v1::ListOnePersonDependenciesRequest;
using v1::ListOnePersonDependenciesResponse;

constexpr int kHalfYear = 182;
constexpr int kActiveDays = 365;
constexpr int kRememberedDays = 731;

// A spot with what orders it: those that nobody knows first, then by name.
struct Spot {
  Association association;
  BlankSpotKind kind = v1::BLANK_SPOT_KIND_UNSPECIFIED;
  std::vector<PairContacts> pairs;

  std::string place() const {
    return absl::StrCat(kind == v1::BLANK_SPOT_KIND_NOBODY ? "0" : "1", association.official_name(),
                        "\n", association.id());
  }
};

// Departments elsewhere may know it, too; a municipality's overview is of its own.
absl::Status KeepAtHome(Overview& overview,
                        const std::string& municipality_code,
                        std::vector<PairContacts>& pairs) {
  std::vector<PairContacts> kept;
  for (PairContacts& pair : pairs) {
    BB_ASSIGN_OR_RETURN(const auto* const department, overview.FindDepartment(pair.department_id));
    const bool home = department == nullptr ? pair.department_id.empty()
                                            : department->municipality_code() == municipality_code;
    if (!home) continue;
    kept.push_back(std::move(pair));
  }
  pairs = std::move(kept);
  return absl::OkStatus();
}

// Contacts with departments of the municipality. Applications cost a look into the store, and can
// only make an association better known: where it is well known without, they are left out.
absl::StatusOr<std::vector<PairContacts>> PairsAtHome(Overview& overview,
                                                      const Association& association) {
  const std::string& home = association.municipality_code();
  BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(overview.snapshot(), association.id()));
  std::vector<PairContacts> pairs = overview.index().Of(ids);
  BB_RETURN_IF_ERROR(KeepAtHome(overview, home, pairs));
  const Blankness without = BlanknessOf(pairs, overview.today());
  if (without.departments > 1 && !without.silent(overview.today())) return pairs;
  BB_ASSIGN_OR_RETURN(pairs, overview.ContactsOf(association));
  BB_RETURN_IF_ERROR(KeepAtHome(overview, home, pairs));
  return pairs;
}

BlankSpotKind KindOf(const Blankness& blank, bool silent) {
  if (blank.nobody()) return v1::BLANK_SPOT_KIND_NOBODY;
  if (blank.one_department()) return v1::BLANK_SPOT_KIND_ONE_DEPARTMENT;
  return silent ? v1::BLANK_SPOT_KIND_SILENT : v1::BLANK_SPOT_KIND_UNSPECIFIED;
}

void Count(const Blankness& blank, bool silent, ListBlankSpotsResponse& response) {
  response.set_association_count(response.association_count() + 1);
  if (blank.nobody()) response.set_nobody_count(response.nobody_count() + 1);
  if (blank.one_department()) {
    response.set_one_department_count(response.one_department_count() + 1);
  }
  if (silent) response.set_silent_count(response.silent_count() + 1);
}

bool IsWanted(BlankSpotKind wanted, BlankSpotKind kind, bool silent) {
  if (kind == v1::BLANK_SPOT_KIND_UNSPECIFIED) return false;
  if (wanted == v1::BLANK_SPOT_KIND_SILENT) return silent;
  return wanted == v1::BLANK_SPOT_KIND_UNSPECIFIED || wanted == kind;
}

absl::StatusOr<v1::BlankSpot> ToBlankSpot(Overview& overview, const Spot& spot) {
  v1::BlankSpot told;
  told.set_association_id(spot.association.id());
  told.set_official_name(spot.association.official_name());
  told.set_kind(spot.kind);
  const Blankness blank = BlanknessOf(spot.pairs, overview.today());
  if (blank.newest == nullptr) return told;
  v1::Acquaintance acquaintance;
  BB_ASSIGN_OR_RETURN(const bool any, overview.Tell(*blank.newest, spot.association, acquaintance));
  if (any) *told.mutable_acquaintance() = std::move(acquaintance);
  return told;
}

// The contacts of the last two years that somebody told a role of, if there are any, and whether
// all are of one role of one department.
struct Dependency {
  bool known = false;
  bool one = false;
};

Dependency DependencyOf(const std::vector<PairContacts>& pairs, int today) {
  std::set<std::pair<std::string, std::uint16_t>> who;
  std::set<std::string> departments;
  for (const PairContacts& pair : pairs) {
    for (const Contact& contact : pair.contacts) {
      if (!IsHeld(contact, today) || today - contact.day > kRememberedDays) continue;
      departments.insert(pair.department_id);
      if (contact.role != 0) who.emplace(pair.department_id, contact.role);
    }
  }
  return {.known = !who.empty(), .one = who.size() == 1 && departments.size() == 1};
}

// Days and numbers are more than that there are contacts.
bool HearsSummaries(const access::Caller& caller) {
  return caller.disclosure.municipality >= v1::DISCLOSURE_LEVEL_SUMMARY;
}

void CountInitiative(const Contact& contact, v1::GetInitiativeBalanceResponse& balance) {
  switch (contact.initiator) {
    case contact::v1::CONTACT_INITIATOR_MUNICIPALITY:
      return balance.set_municipality_count(balance.municipality_count() + 1);
    case contact::v1::CONTACT_INITIATOR_ASSOCIATION:
      return balance.set_association_count(balance.association_count() + 1);
    case contact::v1::CONTACT_INITIATOR_VOLUNTEER_CENTRE:
    case contact::v1::CONTACT_INITIATOR_OTHER:
      return balance.set_other_count(balance.other_count() + 1);
    default:
      return balance.set_unknown_count(balance.unknown_count() + 1);
  }
}

// Those of the last twelve months.
void CountYear(const PairContacts& pair, int today, v1::GetInitiativeBalanceResponse& balance) {
  for (const Contact& contact : pair.contacts) {
    const bool counts = IsHeld(contact, today) && today - contact.day <= kActiveDays;
    if (counts) CountInitiative(contact, balance);
  }
}

}  // namespace

bool Blankness::silent(int today) const {
  return last != 0 && today - last > kHalfYear && !planned;
}

Blankness BlanknessOf(const std::vector<PairContacts>& pairs, int today) {
  Blankness blank;
  for (const PairContacts& pair : pairs) {
    int last = 0;
    for (const Contact& contact : pair.contacts) {
      if (IsHeld(contact, today)) {
        last = std::max(last, contact.day);
      } else {
        blank.planned = true;
      }
    }
    for (const QuarterCount& quarter : pair.quarters) last = std::max(last, quarter.day);
    if (last == 0) continue;
    ++blank.departments;
    if (last > blank.last) {
      blank.last = last;
      blank.newest = &pair;
    }
  }
  return blank;
}

absl::Status CheckAtHome(const access::Caller& caller, const std::string& municipality_code) {
  const bool employee =
      caller.kind == access::CallerKind::kEmployee && caller.municipality_code == municipality_code;
  if (employee || caller.kind == access::CallerKind::kOperator) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         "only the municipality's own employees may ask this; brobygger way says "
                         "which department to turn to");
}

namespace {

absl::Status CheckHearsSummaries(const access::Caller& caller) {
  if (HearsSummaries(caller)) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         "you are told that there are contacts, and not when or how many; ask "
                         "whoever coordinates across departments");
}

// Whether the caller may hear over all of the municipality how many contacts there were, and when.
absl::Status CheckMayCount(const access::Caller& caller, const std::string& municipality_code) {
  BB_RETURN_IF_ERROR(CheckAtHome(caller, municipality_code));
  return CheckHearsSummaries(caller);
}

}  // namespace

absl::StatusOr<ListBlankSpotsResponse> ListBlankSpots(const Asker& asker,
                                                      const ListBlankSpotsRequest& request) {
  const std::string& home = request.municipality_code();
  BB_RETURN_IF_ERROR(CheckMunicipality(home, true));
  BB_RETURN_IF_ERROR(CheckAtHome(asker.caller, home));
  const bool hears_days = HearsSummaries(asker.caller);
  if (request.kind() == v1::BLANK_SPOT_KIND_SILENT) {
    BB_RETURN_IF_ERROR(CheckHearsSummaries(asker.caller));
  }
  BB_ASSIGN_OR_RETURN(const int size, registry::PageSize(request.page_size()));
  const std::string arguments =
      registry::PageArguments({"blank-spots", home, absl::StrCat(request.kind())});
  registry::PagePlace place;
  if (!request.page_token().empty()) {
    BB_ASSIGN_OR_RETURN(place, registry::ReadPageToken(request.page_token(), arguments));
  }
  BB_ASSIGN_OR_RETURN(Overview overview, OverviewFor(asker));
  const int today = overview.today();
  ListBlankSpotsResponse response;
  std::vector<Spot> spots;
  const auto look = [&](const Association& association) -> absl::Status {
    BB_ASSIGN_OR_RETURN(auto pairs, PairsAtHome(overview, association));
    const Blankness blank = BlanknessOf(pairs, today);
    // That nobody has met it for half a year says when it was met.
    const bool silent = hears_days && blank.silent(today);
    Count(blank, silent, response);
    const BlankSpotKind kind = KindOf(blank, silent);
    if (!IsWanted(request.kind(), kind, silent)) return absl::OkStatus();
    Spot spot{.association = association, .kind = kind, .pairs = std::move(pairs)};
    if (spot.place() > place.key) spots.push_back(std::move(spot));
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(ForEachAssociation(overview.snapshot(), home, look));
  std::sort(spots.begin(), spots.end(),
            [](const Spot& left, const Spot& right) { return left.place() < right.place(); });
  for (const Spot& spot : spots) {
    if (response.blank_spots_size() == size) {
      place.key = spots[static_cast<std::size_t>(size) - 1].place();
      response.set_next_page_token(registry::MakePageToken(place, arguments));
      break;
    }
    BB_ASSIGN_OR_RETURN(*response.add_blank_spots(), ToBlankSpot(overview, spot));
  }
  return response;
}

absl::StatusOr<ListOnePersonDependenciesResponse> ListOnePersonDependencies(
    const Asker& asker, const ListOnePersonDependenciesRequest& request) {
  const std::string& home = request.municipality_code();
  BB_RETURN_IF_ERROR(CheckMunicipality(home, true));
  BB_RETURN_IF_ERROR(CheckMayCount(asker.caller, home));
  BB_ASSIGN_OR_RETURN(const int size, registry::PageSize(request.page_size()));
  const std::string arguments = registry::PageArguments({"one-person", home});
  registry::PagePlace place;
  if (!request.page_token().empty()) {
    BB_ASSIGN_OR_RETURN(place, registry::ReadPageToken(request.page_token(), arguments));
  }
  BB_ASSIGN_OR_RETURN(Overview overview, OverviewFor(asker));
  ListOnePersonDependenciesResponse response;
  // They come in the order of their names, so the page begins after that many.
  std::size_t before = place.value.empty() ? 0 : std::stoul(place.value);
  const std::size_t begun = before;
  const auto look = [&](const Association& association) -> absl::Status {
    BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(overview.snapshot(), association.id()));
    std::vector<PairContacts> pairs = overview.index().Of(ids);
    BB_RETURN_IF_ERROR(KeepAtHome(overview, home, pairs));
    const Dependency dependency = DependencyOf(pairs, overview.today());
    response.set_known_count(response.known_count() + (dependency.known ? 1 : 0));
    if (!dependency.one) return absl::OkStatus();
    response.set_total_count(response.total_count() + 1);
    if (before > 0 && before-- > 0) return absl::OkStatus();
    if (response.dependencies_size() == size) return absl::OkStatus();
    auto& told = *response.add_dependencies();
    told.set_association_id(association.id());
    told.set_official_name(association.official_name());
    const Blankness newest = BlanknessOf(pairs, overview.today());
    return overview.Tell(*newest.newest, association, *told.mutable_acquaintance()).status();
  };
  BB_RETURN_IF_ERROR(ForEachAssociation(overview.snapshot(), home, look));
  const std::size_t reached = begun + static_cast<std::size_t>(response.dependencies_size());
  if (reached < static_cast<std::size_t>(response.total_count())) {
    place.value = absl::StrCat(reached);
    response.set_next_page_token(registry::MakePageToken(place, arguments));
  }
  return response;
}

absl::StatusOr<v1::GetInitiativeBalanceResponse> GetInitiativeBalance(
    const Asker& asker, const v1::GetInitiativeBalanceRequest& request) {
  BB_ASSIGN_OR_RETURN(Overview overview, OverviewFor(asker));
  v1::GetInitiativeBalanceResponse balance;
  const auto look = [&](const Association& association) -> absl::Status {
    BB_ASSIGN_OR_RETURN(const auto pairs, overview.ContactsOf(association));
    for (const PairContacts& pair : pairs) {
      const bool asked =
          request.department_id().empty() || pair.department_id == request.department_id();
      if (asked) CountYear(pair, overview.today(), balance);
    }
    return absl::OkStatus();
  };
  if (!request.association_id().empty()) {
    BB_ASSIGN_OR_RETURN(const Association association,
                        registry::GetLive(overview.snapshot(), request.association_id()));
    BB_RETURN_IF_ERROR(CheckMayCount(asker.caller, association.municipality_code()));
    BB_RETURN_IF_ERROR(look(association));
  } else {
    BB_RETURN_IF_ERROR(CheckMunicipality(request.municipality_code(), true));
    BB_RETURN_IF_ERROR(CheckMayCount(asker.caller, request.municipality_code()));
    BB_RETURN_IF_ERROR(ForEachAssociation(overview.snapshot(), request.municipality_code(), look));
  }
  const int municipality = balance.municipality_count();
  const int association = balance.association_count();
  constexpr int kFew = 5;
  const int told = municipality + association;
  balance.set_one_sided(told >= kFew && std::max(municipality, association) * 5 >= told * 4);
  return balance;
}

}  // namespace brobygger::discovery
