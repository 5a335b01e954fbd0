#include "core/access/disclosure.h"

#include "core/access/scope.h"

namespace brobygger::access {
namespace {

using registry::v1::Department;

bool IsOwnDepartment(const Caller& caller, const Department& department) {
  return SeesAll(caller) || (department.municipality_code() == caller.municipality_code &&
                             WorksIn(caller, department.id()));
}

}  // namespace

bool WorksIn(const Caller& caller, const std::string& department_id) {
  return !department_id.empty() && caller.department_id == department_id;
}

bool AsksConsent(const Caller& caller, const Department& department) {
  if (IsOwnDepartment(caller, department)) return false;
  return caller.kind == CallerKind::kVolunteerCentre ||
         department.municipality_code() != caller.municipality_code;
}

bool WritesFor(const Caller& caller, const Department& department) {
  if (IsOwnDepartment(caller, department)) return true;
  return caller.rights.contains(v1::RIGHT_MUNICIPALITY_WRITE) &&
         IsOwn(caller, department.municipality_code());
}

Disclosure::Level LevelFor(const Caller& caller,
                           const Department& department,
                           const registry::v1::VisibilityConsent& consent) {
  if (IsOwnDepartment(caller, department)) return caller.disclosure.own;
  if (AsksConsent(caller, department) && !AgreedTo(caller, consent)) {
    return discovery::v1::DISCLOSURE_LEVEL_UNSPECIFIED;
  }
  return department.municipality_code() == caller.municipality_code ? caller.disclosure.municipality
                                                                    : caller.disclosure.elsewhere;
}

}  // namespace brobygger::access
