#pragma once

#include <memory>

#include <absl/status/statusor.h>

#include "core/access/key_keeper.h"
#include "core/base/clock.h"
#include "core/daemon/audit_trail.h"
#include "core/daemon/authenticator.h"
#include "core/daemon/config.h"
#include "core/daemon/connection_table.h"
#include "core/daemon/credentials.h"
#include "core/daemon/demo_issuer.h"
#include "core/daemon/demo_people.h"
#include "core/daemon/key_uses.h"
#include "core/daemon/policy_keeper.h"
#include "core/storage/store.h"

namespace brobygger::daemon {

// What decides who may do what, and writes it down. In the order they are made.
struct AccessParts {
  std::unique_ptr<PolicyKeeper> policy;
  std::unique_ptr<AuditTrail> trail;
  std::unique_ptr<SystemsKeeper> systems;
  std::unique_ptr<DemoPeopleKeeper> demo_people;  // null, as the next: this is no demo
  std::unique_ptr<DemoIssuer> demo_issuer;
  std::unique_ptr<access::KeyKeeper> keys;  // null: no tokens are taken
  std::unique_ptr<KeyUses> key_uses;
  std::unique_ptr<Credentials> credentials;
  std::unique_ptr<Authenticator> authenticator;
};

// Opens them as the configuration says. What is wrong is said in words for the person who starts
// the hub. `store` and `clock` must outlive them.
absl::StatusOr<AccessParts> OpenAccess(const Config& config,
                                       const base::Clock& clock,
                                       storage::Store& store,
                                       std::shared_ptr<const ConnectionTable> connections);

}  // namespace brobygger::daemon
