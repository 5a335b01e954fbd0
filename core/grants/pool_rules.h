#pragma once

#include <absl/status/status.h>

#include "brobygger/grant/v1/pool.pb.h"

#include "core/model/rules.h"

namespace brobygger::grants {

using grant::v1::Pool;
using grant::v1::PoolCriterion;

// Brings what a person may write of a fund into normal form and checks it against the rules in
// pool.proto. FIELD_INVALID, CPR_REFUSED; words about a single person's belief, origin or health
// are FIELD_INVALID. Whether its department is there is not asked. `place` is where it stands in a
// request.
absl::Status NormalizeAndCheck(const model::Place& place, Pool& pool);

}  // namespace brobygger::grants
