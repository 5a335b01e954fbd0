#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"

#include "core/storage/store.h"

namespace brobygger::registry {

// Writes down what an association agreed to: who else may hear that the municipality knows it.
// Nobody may unless it said so; with nothing agreed to, an earlier word is taken back, and the
// history tells both. ASSOCIATION_NOT_FOUND, ASSOCIATION_DELETED, FIELD_INVALID, CPR_REFUSED.
absl::StatusOr<v1::Association> RecordVisibilityConsent(storage::Transaction& transaction,
                                                        const std::string& association_id,
                                                        const v1::VisibilityConsent& consent);

}  // namespace brobygger::registry
