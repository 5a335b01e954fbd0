// What an association applied for, a fund, and premises that it needs and has.
#pragma once

#include <array>
#include <string>

#include "brobygger/grant/v1/grant_application.pb.h"
#include "brobygger/grant/v1/pool.pb.h"
#include "brobygger/grant/v1/premises.pb.h"

#include "tests/core/scope/planted.h"

namespace brobygger::scope {

struct PlantedGrants {
  grant::v1::GrantApplication application;
  grant::v1::FollowUp follow_up;
  grant::v1::Pool pool;  // public
  grant::v1::PremisesNeed need;
  grant::v1::PremisesAllocation premises;
};

// `ids` are the application's, the fund's, the need's and the allocation's. The department and the
// associations are planted already.
PlantedGrants MakeGrants(const Planted& planted,
                         const std::array<std::string, 4>& ids,
                         const std::string& connection,
                         const std::string& today);

}  // namespace brobygger::scope
