#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/grant/v1/grant_service.pb.h"

#include "core/storage/store.h"

namespace brobygger::grants {

// All that an association has applied for, over all departments, with what the
// municipality should look at. ASSOCIATION_NOT_FOUND.
absl::StatusOr<grant::v1::AssociationMoney> GetAssociationMoney(const storage::Snapshot& snapshot,
                                                                const std::string& association_id);

// How many associations are known through money alone. Costs a look at every link.
absl::StatusOr<grant::v1::MoneyOnlyShare> GetMoneyOnlyShare(const storage::Snapshot& snapshot,
                                                            const std::string& municipality_code);

}  // namespace brobygger::grants
