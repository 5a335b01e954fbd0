#include "core/report/ground.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_join.h>

#include "core/base/status_macros.h"
#include "core/collab/collaborations.h"
#include "core/registry/each_record.h"
#include "core/registry/joining.h"
#include "core/registry/query.h"

namespace brobygger::report {
namespace {

using collab::v1::Collaboration;
using collab::v1::Party;

// Municipalities of departments, each looked up once.
class Homes {
 public:
  explicit Homes(const storage::Snapshot& snapshot) : snapshot_(snapshot) {}

  // Empty if there is no such department.
  const std::string& Of(const std::string& department_id) {
    const auto [place, is_new] = codes_.try_emplace(department_id);
    if (!is_new) return place->second;
    const auto department = registry::GetDepartment(snapshot_, department_id);
    if (department.ok()) place->second = department->municipality_code();
    return place->second;
  }

 private:
  const storage::Snapshot& snapshot_;
  std::map<std::string, std::string> codes_;
};

// Associations of the programme, by any id they had.
using Roots = std::map<std::string, std::string>;

absl::StatusOr<std::string> RootOf(const storage::Snapshot& snapshot,
                                   const std::string& id,
                                   Roots& roots) {
  const auto [place, is_new] = roots.try_emplace(id);
  if (!is_new) return place->second;
  BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(snapshot, id));
  if (association) place->second = association->id();
  return place->second;
}

// Who of the programme works with whom. Those who left took part, too.
absl::StatusOr<std::vector<Begun::Sides>> SidesOf(const Ground& ground,
                                                  const Collaboration& collaboration,
                                                  Homes& homes,
                                                  Roots& roots) {
  std::set<std::string> codes;
  std::set<std::string> ids;
  for (const Party& party : collaboration.parties()) {
    if (!party.department_id().empty()) {
      const std::string& code = homes.Of(party.department_id());
      if (ground.municipalities.contains(code)) codes.insert(code);
    }
    if (party.association_id().empty()) continue;
    BB_ASSIGN_OR_RETURN(const std::string root,
                        RootOf(ground.snapshot, party.association_id(), roots));
    if (ground.associations.contains(root)) ids.insert(root);
  }
  std::vector<Begun::Sides> sides;
  for (const std::string& code : codes) {
    for (const std::string& id : ids) sides.emplace_back(code, id);
  }
  return sides;
}

}  // namespace

absl::StatusOr<Ground> LayGround(const storage::Snapshot& snapshot,
                                 base::Instant now,
                                 const v1::Programme& programme,
                                 const Period& period) {
  Ground ground{.snapshot = snapshot,
                .now = now,
                .programme = programme,
                .period = period,
                .municipalities = {programme.municipality_codes().begin(),
                                   programme.municipality_codes().end()},
                .associations = {},
                .departments = {},
                .work = {}};
  for (const std::string& code : ground.municipalities) {
    BB_ASSIGN_OR_RETURN(const auto theirs, registry::DepartmentsOf(snapshot, code));
    for (const auto& department : theirs) ground.departments.insert(department.id());
  }
  for (const std::string& id : programme.association_ids()) {
    BB_ASSIGN_OR_RETURN(auto association, registry::FollowMerges(snapshot, id));
    if (!association) continue;
    const std::string root = association->id();
    ground.associations.emplace(root, *std::move(association));
  }
  Homes homes(snapshot);
  Roots roots;
  const auto look = [&](Collaboration collaboration) -> absl::Status {
    BB_ASSIGN_OR_RETURN(auto sides, SidesOf(ground, collaboration, homes, roots));
    if (!sides.empty()) ground.work.push_back({std::move(collaboration), std::move(sides)});
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<Collaboration>(snapshot, storage::Kind::kCollaboration, "", look)));
  return ground;
}

bool Counts(const Collaboration& collaboration) {
  switch (collaboration.state()) {
    case collab::v1::COLLABORATION_STATE_ACTIVE:
    case collab::v1::COLLABORATION_STATE_PAUSED:
    case collab::v1::COLLABORATION_STATE_EVALUATING:
    case collab::v1::COLLABORATION_STATE_CLOSED:
      return true;
    default:
      return false;
  }
}

bool HasBegun(const Collaboration& collaboration) {
  if (collaboration.start_date().empty()) return false;
  return !collaboration.first_active_date().empty() || Counts(collaboration);
}

// One that goes on past its last day is not over, and one that was dropped is.
std::string EndOf(const Collaboration& collaboration) {
  switch (collaboration.state()) {
    case collab::v1::COLLABORATION_STATE_CLOSED:
      return std::max(collaboration.end_date(), collaboration.state_date());
    case collab::v1::COLLABORATION_STATE_DROPPED:
      return collaboration.state_date();
    default:
      return "";
  }
}

bool RanIn(const Period& period, const Collaboration& collaboration) {
  const std::string end = EndOf(collaboration);
  return HasBegun(collaboration) && collaboration.start_date() <= period.to &&
         (end.empty() || end >= period.from);
}

std::string NamesOf(const Collaboration& collaboration) {
  return absl::StrJoin(collaboration.parties(), ", ",
                       [](std::string* text, const Party& party) { text->append(party.title()); });
}

}  // namespace brobygger::report
