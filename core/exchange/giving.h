#pragma once

#include <functional>
#include <string>
#include <vector>

#include "brobygger/grant/v1/grant_application.pb.h"
#include "brobygger/registry/v1/association.pb.h"

#include "core/exchange/hsds.h"

namespace brobygger::exchange {

// Who publishes grants. `prefix` is what 360Giving gave the publisher ("360G-fjordby"), or one of
// its own; `id` is its organization id ("DK-CVR-12345678").
struct Publisher {
  std::string prefix;
  std::string id;
  std::string name;
};

// What an application's grant is told with.
struct GivenGrant {
  grant::v1::GrantApplication application;
  registry::v1::Association recipient;
  std::string department;  // its name; may be empty
};

// Whether it is a grant: decided for, with an amount, a day, a known recipient, and still there.
bool IsGiven(const grant::v1::GrantApplication& application);

// A package of the 360Giving data standard 1.4. The standard wants at least one grant.
Json To360Giving(const Publisher& publisher, const std::vector<GivenGrant>& grants);

}  // namespace brobygger::exchange
