#include "core/daemon/policy_keeper.h"

namespace brobygger::daemon {

absl::StatusOr<std::unique_ptr<PolicyKeeper>> OpenPolicy(const std::string& path,
                                                         const base::Clock& clock) {
  const PolicyKeeper::Rules rules{access::Policy::Parse, "access.policy", "policy_read",
                                  "policy_refused"};
  if (!path.empty()) return PolicyKeeper::Open(path, clock, rules);
  return std::make_unique<PolicyKeeper>("", clock, access::Policy::Shipped(), rules);
}

absl::StatusOr<std::unique_ptr<SystemsKeeper>> OpenSystems(const std::string& path,
                                                           const base::Clock& clock) {
  const SystemsKeeper::Rules rules{access::Systems::Parse, "access.systems", "systems_read",
                                   "systems_refused"};
  if (!path.empty()) return SystemsKeeper::Open(path, clock, rules);
  return std::make_unique<SystemsKeeper>("", clock, access::Systems(), rules);
}

}  // namespace brobygger::daemon
