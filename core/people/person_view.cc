#include "core/people/person_view.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/scope/judge.h"

namespace brobygger::people {

absl::StatusOr<OwnRoles> KeepOwnRoles(const access::Caller& caller,
                                      const storage::Snapshot& whole,
                                      v1::Person& person) {
  if (access::SeesAll(caller)) return OwnRoles();
  scope::Judge judge(caller, whole, whole);
  google::protobuf::RepeatedPtrField<v1::PersonRole> own;
  for (const v1::PersonRole& role : person.roles()) {
    bool mine = false;
    if (role.association_id().empty()) {
      BB_ASSIGN_OR_RETURN(mine, judge.OwnsDepartment(role.department_id()));
    } else {
      BB_ASSIGN_OR_RETURN(const auto sight, judge.SightOfAssociation(role.association_id()));
      mine = sight == access::Sight::kWhole;
    }
    if (mine) *own.Add() = role;
  }
  const OwnRoles kept{.all = own.size() == person.roles_size(), .any = !own.empty()};
  person.mutable_roles()->Swap(&own);
  return kept;
}

}  // namespace brobygger::people
