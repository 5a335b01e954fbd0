// Groups across departments that coordinate work with associations.
#include <algorithm>
#include <string>
#include <utility>

#include "core/model/names.h"
#include "core/model/rules.h"
#include "core/model/validate.h"
#include "core/registry/municipality_records.h"
#include "core/registry/municipality_work.h"
#include "core/registry/query.h"

namespace brobygger::registry {
namespace {

using v1::CoordinationGroup;

constexpr MunicipalityKind kGroups = {
    .kind = storage::Kind::kCoordinationGroup,
    .index = storage::Index::kGroupByMunicipality,
    .not_found = errors::v1::ERROR_REASON_COORDINATION_GROUP_NOT_FOUND,
    .noun = "coordination group",
    .id_field = "coordination_group_id",
};

absl::Status CheckMembers(const storage::Snapshot& snapshot, const CoordinationGroup& group) {
  for (int i = 0; i < group.department_ids_size(); ++i) {
    BB_ASSIGN_OR_RETURN(const auto department, GetDepartment(snapshot, group.department_ids(i)));
    if (department.municipality_code() == group.municipality_code()) continue;
    return model::BrokenRule({nullptr, "department_ids", i},
                             "is a department of another municipality");
  }
  return absl::OkStatus();
}

// Names are not stored: departments change theirs.
absl::Status NameMembers(const storage::Snapshot& snapshot, CoordinationGroup& group) {
  group.clear_department_names();
  for (const std::string& id : group.department_ids()) {
    BB_ASSIGN_OR_RETURN(const auto department, GetDepartment(snapshot, id));
    group.add_department_names(department.official_name());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CoordinationGroup> PutCoordinationGroup(storage::Transaction& transaction,
                                                       CoordinationGroup wanted) {
  wanted.clear_department_names();
  const auto check = [&](CoordinationGroup& group) {
    BB_RETURN_IF_ERROR(model::NormalizeAndCheck(group));
    return CheckMembers(transaction, group);
  };
  BB_ASSIGN_OR_RETURN(CoordinationGroup group,
                      PutRecord(transaction, kGroups, std::move(wanted), check));
  BB_RETURN_IF_ERROR(NameMembers(transaction, group));
  return group;
}

absl::Status DeleteCoordinationGroup(storage::Transaction& transaction, const std::string& id) {
  return RemoveRecord(transaction, kGroups, id);
}

absl::StatusOr<v1::ListCoordinationGroupsResponse> ListCoordinationGroups(
    const storage::Snapshot& snapshot, const std::string& municipality_code) {
  BB_ASSIGN_OR_RETURN(auto groups,
                      RecordsOf<CoordinationGroup>(snapshot, kGroups, municipality_code));
  std::sort(groups.begin(), groups.end(), [](const auto& left, const auto& right) {
    return model::FoldName(left.official_name()) < model::FoldName(right.official_name());
  });
  v1::ListCoordinationGroupsResponse response;
  for (CoordinationGroup& group : groups) {
    BB_RETURN_IF_ERROR(NameMembers(snapshot, group));
    *response.add_coordination_groups() = std::move(group);
  }
  return response;
}

}  // namespace brobygger::registry
