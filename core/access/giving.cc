#include "core/access/giving.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::access {

absl::Status MayGive(const Policy& policy,
                     const Caller& giver,
                     const std::vector<std::string>& roles) {
  // A key without a role is refused elsewhere, and can do nothing.
  if (roles.empty()) return absl::OkStatus();
  Who who;
  who.actor = giver.actor;
  who.roles = roles;
  BB_ASSIGN_OR_RETURN(const Caller given, policy.Admit(who));
  const Disclosure& told = giver.disclosure;
  const bool covered = std::includes(giver.rights.begin(), giver.rights.end(), given.rights.begin(),
                                     given.rights.end()) &&
                       given.most <= giver.most && given.disclosure.own <= told.own &&
                       given.disclosure.municipality <= told.municipality &&
                       given.disclosure.elsewhere <= told.elsewhere;
  if (giver.kind == CallerKind::kOperator || covered) return absl::OkStatus();
  return base::MakeError(
      errors::v1::ERROR_REASON_NOT_ALLOWED,
      "A key may not be allowed more than whoever makes it; ask whoever runs the "
      "hub to make it.");
}

}  // namespace brobygger::access
