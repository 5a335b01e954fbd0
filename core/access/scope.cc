#include "core/access/scope.h"

namespace brobygger::access {
namespace {

bool IsOfMunicipality(const Caller& caller) {
  return caller.kind == CallerKind::kEmployee || caller.kind == CallerKind::kSystem ||
         caller.kind == CallerKind::kVolunteerCentre;
}

bool Agreed(const Caller& caller, bool other_municipalities, bool volunteer_centres) {
  return caller.kind == CallerKind::kVolunteerCentre ? volunteer_centres : other_municipalities;
}

}  // namespace

bool AgreedTo(const Caller& caller, const registry::v1::VisibilityConsent& consent) {
  return Agreed(caller, consent.other_municipalities(), consent.volunteer_centres());
}

Sight SightOf(const Caller& caller, const AssociationFacts& association) {
  if (SeesAll(caller)) return Sight::kWhole;
  if (caller.kind == CallerKind::kAssociation) {
    const bool itself = !caller.association_id.empty() && caller.association_id == association.id;
    return itself ? Sight::kWhole : Sight::kNothing;
  }
  if (!IsOfMunicipality(caller)) return Sight::kNothing;
  const bool home = IsOwn(caller, association.municipality_code);
  const bool agreed =
      Agreed(caller, association.other_municipalities, association.volunteer_centres);
  if (caller.kind == CallerKind::kVolunteerCentre && !agreed) return Sight::kNothing;
  if (home) return Sight::kWhole;
  return agreed ? Sight::kPublic : Sight::kNothing;
}

bool IsOwn(const Caller& caller, const std::string& municipality_code) {
  if (SeesAll(caller)) return true;
  return IsOfMunicipality(caller) && !municipality_code.empty() &&
         caller.municipality_code == municipality_code;
}

bool SeesAll(const Caller& caller) { return caller.kind == CallerKind::kOperator; }

}  // namespace brobygger::access
