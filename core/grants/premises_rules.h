#pragma once

#include <string>

#include <absl/status/status.h>

#include "brobygger/grant/v1/premises.pb.h"

namespace brobygger::grants {

using grant::v1::PremisesAllocation;
using grant::v1::PremisesNeed;
using grant::v1::WeeklySlot;

// Each brings what a person may write into normal form (times as "18:00") and checks it.
// FIELD_INVALID, CPR_REFUSED; words about a single person's belief, origin or health are
// FIELD_INVALID. Whether the records that it names are there is not asked.
absl::Status NormalizeAndCheck(PremisesNeed& need);
absl::Status NormalizeAndCheck(PremisesAllocation& premises);

// By which places are told apart: capitals, accents and signs make no difference.
std::string PlaceKey(const std::string& place);

// Whether both have the same place on a day and at a time. One that ends when the other begins
// does not clash. Whether both places are in one town is not asked. Pure.
bool Clash(const PremisesAllocation& left, const PremisesAllocation& right);

}  // namespace brobygger::grants
