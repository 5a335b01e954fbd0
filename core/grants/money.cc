#include "core/grants/money.h"

#include <map>
#include <utility>
#include <vector>

#include "brobygger/registry/v1/municipality.pb.h"

#include "core/base/status_macros.h"
#include "core/grants/applications.h"
#include "core/grants/contact_kinds.h"
#include "core/grants/follow_ups.h"
#include "core/grants/overlaps.h"
#include "core/grants/owner.h"
#include "core/registry/joining.h"
#include "core/registry/records.h"

namespace brobygger::grants {
namespace {

using grant::v1::AssociationMoney;
using grant::v1::DepartmentMoney;
using storage::Kind;

// What the department is called: by the registry, by the source, or by the name of the
// connection it came through.
absl::StatusOr<std::string> DepartmentTitle(const storage::Snapshot& snapshot,
                                            const Connections& connections,
                                            const GrantApplication& application) {
  if (!application.department_id().empty()) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes,
                        snapshot.Find(Kind::kDepartment, application.department_id()));
    registry::v1::Department department;
    if (bytes != nullptr) BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, department));
    if (!department.official_name().empty()) return department.official_name();
  }
  if (!application.written_department().empty()) return application.written_department();
  const auto connection = connections.find(application.connection_id());
  return connection == connections.end() ? application.connection_id() : connection->second.title();
}

void Count(const GrantApplication& application, DepartmentMoney& money) {
  money.set_application_count(money.application_count() + 1);
  if (application.state() == grant::v1::GRANT_STATE_WITHDRAWN) return;
  if (IsGranted(application.state())) money.set_granted_count(money.granted_count() + 1);
  if (application.state() == grant::v1::GRANT_STATE_REFUSED) {
    money.set_refused_count(money.refused_count() + 1);
  }
  if (!application.currency().empty()) {
    money.set_foreign_currency_count(money.foreign_currency_count() + 1);
    return;
  }
  money.set_applied_ore(money.applied_ore() + application.applied_ore());
  money.set_awarded_ore(money.awarded_ore() + application.awarded_ore());
  money.set_disbursed_ore(money.disbursed_ore() + application.disbursed_ore());
}

absl::Status SumUp(const storage::Snapshot& snapshot,
                   const Connections& connections,
                   const std::vector<GrantApplication>& applications,
                   AssociationMoney& money) {
  // By title: a department is one, whichever of its systems tells of it.
  std::map<std::string, DepartmentMoney> departments;
  for (const GrantApplication& application : applications) {
    BB_ASSIGN_OR_RETURN(const std::string title,
                        DepartmentTitle(snapshot, connections, application));
    DepartmentMoney& department = departments[title];
    department.set_title(title);
    if (department.department_id().empty()) {
      department.set_department_id(application.department_id());
    }
    Count(application, department);
    Count(application, *money.mutable_total());
  }
  for (auto& [title, department] : departments) *money.add_departments() = std::move(department);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AssociationMoney> GetAssociationMoney(const storage::Snapshot& snapshot,
                                                     const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(auto applications, ApplicationsOf(snapshot, association_id));
  std::erase_if(applications, [](const auto& each) { return each.has_gone_time(); });
  NewestFirst(applications);
  BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(snapshot, association_id));
  if (!association) return registry::AssociationNotFound(association_id);
  BB_ASSIGN_OR_RETURN(const Connections connections, LoadConnections(snapshot));

  AssociationMoney money;
  money.set_association_id(association->id());
  money.set_official_name(association->official_name());
  BB_RETURN_IF_ERROR(SumUp(snapshot, connections, applications, money));
  for (auto& overlap : FindOverlaps(applications)) *money.add_overlaps() = std::move(overlap);
  for (GrantApplication& application : applications) {
    BB_ASSIGN_OR_RETURN(auto follow_up, OpenFollowUpOf(snapshot, application));
    if (follow_up) *money.add_open_follow_ups() = *std::move(follow_up);
    *money.add_applications() = std::move(application);
  }
  BB_ASSIGN_OR_RETURN(*money.mutable_contact_kinds(),
                      ContactKindsOf(snapshot, connections, *association));
  return money;
}

}  // namespace brobygger::grants
