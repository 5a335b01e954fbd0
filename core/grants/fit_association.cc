#include "core/grants/fit_association.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "brobygger/collab/v1/collaboration.pb.h"

#include "core/base/status_macros.h"
#include "core/grants/follow_ups.h"
#include "core/grants/pool_fit.h"
#include "core/grants/pools.h"
#include "core/model/kle.h"
#include "core/model/names.h"
#include "core/registry/each_record.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/query.h"

namespace brobygger::grants {
namespace {

using collab::v1::Collaboration;
using collab::v1::Party;
using registry::v1::Association;
using storage::Kind;

bool IsAgreed(const Collaboration& collaboration) {
  return collaboration.state() == collab::v1::COLLABORATION_STATE_AGREED ||
         collaboration.state() == collab::v1::COLLABORATION_STATE_ACTIVE;
}

bool IsBegun(const Collaboration& collaboration) {
  return collaboration.state() == collab::v1::COLLABORATION_STATE_IDEA ||
         collaboration.state() == collab::v1::COLLABORATION_STATE_CLARIFYING ||
         collaboration.state() == collab::v1::COLLABORATION_STATE_ALIGNING;
}

// The municipalities whose departments take part together with one of these associations.
absl::StatusOr<std::set<std::string>> PartnersIn(const storage::Snapshot& snapshot,
                                                 const Collaboration& collaboration,
                                                 const std::vector<std::string>& ids) {
  std::set<std::string> codes;
  bool takes_part = false;
  for (const Party& party : collaboration.parties()) {
    if (!party.left_date().empty()) continue;
    takes_part =
        takes_part || std::find(ids.begin(), ids.end(), party.association_id()) != ids.end();
    if (party.department_id().empty()) continue;
    // One that is gone vouches for nothing.
    const auto department = registry::GetDepartment(snapshot, party.department_id());
    if (department.ok()) codes.insert(department->municipality_code());
  }
  if (!takes_part) codes.clear();
  return codes;
}

bool IsOpen(const Pool& pool) { return pool.state() != grant::v1::POOL_STATE_CLOSED; }

// Whether the fund is for the association's own municipality.
bool IsAtHome(const Pool& pool, const Association& association) {
  return pool.municipality_code() == association.municipality_code();
}

// A national fund, or one of a municipality that it is active in.
bool IsElsewhere(const Pool& pool, const Association& association) {
  const auto& active_in = association.coverage_municipality_codes();
  return pool.municipality_code().empty() ||
         std::find(active_in.begin(), active_in.end(), pool.municipality_code()) != active_in.end();
}

// What was applied for: by the fund of that name, and by the KLE number.
Themes ThemesBehind(const GrantApplication& application, const std::vector<Pool>& pools) {
  Themes themes = {model::ThemeOfKle(application.kle())};
  for (const Pool& pool : pools) {
    if (model::FoldName(pool.title()) == model::FoldName(application.pool())) {
      themes.merge(ThemesOf(pool));
    }
  }
  themes.erase(registry::v1::THEME_UNSPECIFIED);
  return themes;
}

}  // namespace

absl::StatusOr<Applicant> LoadApplicant(const storage::Snapshot& snapshot,
                                        const std::string& association_id) {
  Applicant applicant;
  BB_ASSIGN_OR_RETURN(applicant.association, registry::GetLive(snapshot, association_id));
  BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(snapshot, applicant.association.id()));
  const auto look = [&](const Collaboration& collaboration) -> absl::Status {
    if (!IsAgreed(collaboration) && !IsBegun(collaboration)) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(auto codes, PartnersIn(snapshot, collaboration, ids));
    (IsAgreed(collaboration) ? applicant.agreed_with : applicant.begun_with).merge(codes);
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<Collaboration>(snapshot, Kind::kCollaboration, "", look)));
  return applicant;
}

absl::StatusOr<grant::v1::FitPoolsResponse> FitPools(const storage::Snapshot& snapshot,
                                                     const Applicant& applicant,
                                                     const std::string& pool_id,
                                                     const std::string& today) {
  const Association& association = applicant.association;
  Themes near = ThemesOf(association);
  std::vector<PoolFit> fits;
  std::vector<PoolFit> others;
  if (!pool_id.empty()) {
    BB_ASSIGN_OR_RETURN(const Pool asked, GetPool(snapshot, pool_id));
    fits.push_back(FitPool(asked, applicant, near, today));
    // Beside one fund the nearest are those that are for the same.
    near = ThemesOf(asked);
  }
  BB_ASSIGN_OR_RETURN(const auto pools, LoadPools(snapshot));
  for (const Pool& pool : pools) {
    if (!IsOpen(pool) || pool.id() == pool_id) continue;
    const bool at_home = IsAtHome(pool, association);
    if (!at_home && !IsElsewhere(pool, association)) continue;
    auto& list = at_home && pool_id.empty() ? fits : others;
    list.push_back(FitPool(pool, applicant, near, today));
  }
  SortByDeadline(fits);
  KeepNearest(others);
  grant::v1::FitPoolsResponse response;
  response.set_official_name(association.official_name());
  response.mutable_fits()->Assign(fits.begin(), fits.end());
  response.mutable_others()->Assign(others.begin(), others.end());
  return response;
}

absl::StatusOr<grant::v1::SuggestPoolsResponse> SuggestPools(const storage::Snapshot& snapshot,
                                                             const GrantApplication& application,
                                                             const Applicant& applicant,
                                                             const std::string& today) {
  grant::v1::SuggestPoolsResponse response;
  *response.mutable_application() = application;
  BB_ASSIGN_OR_RETURN(const auto follow_up, OpenFollowUpOf(snapshot, application));
  if (follow_up) *response.mutable_follow_up() = *follow_up;
  BB_ASSIGN_OR_RETURN(const auto pools, LoadPools(snapshot));
  const Themes themes = ThemesBehind(application, pools);
  std::vector<PoolFit> others;
  for (const Pool& pool : pools) {
    // Not the one that has just said no.
    const bool same = model::FoldName(pool.title()) == model::FoldName(application.pool());
    const bool near =
        IsAtHome(pool, applicant.association) || IsElsewhere(pool, applicant.association);
    if (!IsOpen(pool) || same || !near) continue;
    others.push_back(FitPool(pool, applicant, themes, today));
  }
  KeepNearest(others);
  response.mutable_others()->Assign(others.begin(), others.end());
  for (const auto theme : themes) response.add_themes(theme);
  return response;
}

}  // namespace brobygger::grants
