#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/registry/v1/registry_writes.pb.h"

#include "core/storage/store.h"

namespace brobygger::registry {

// Writes down what an association agreed to: who else may hear that the municipality knows it.
// Nobody may unless it said so; with nothing agreed to, an earlier word is taken back, and the
// history tells both. `said_by` is who calls: an association decides by itself and today, whatever
// the date and the evidence say; an employee has to say how it is known. ASSOCIATION_NOT_FOUND,
// ASSOCIATION_DELETED, FIELD_INVALID, CPR_REFUSED.
absl::StatusOr<v1::Association> RecordVisibilityConsent(storage::Transaction& transaction,
                                                        const std::string& association_id,
                                                        const v1::VisibilityConsent& consent,
                                                        v1::Perspective said_by);

// Says that a part of the record is right today, by one side; that side's earlier word on it is
// replaced, and the history keeps it. ASSOCIATION_NOT_FOUND, ASSOCIATION_DELETED, ETAG_MISMATCH,
// FIELD_INVALID.
absl::StatusOr<v1::Association> ConfirmSection(storage::Transaction& transaction,
                                               const v1::ConfirmSectionRequest& wanted,
                                               v1::Perspective said_by);

}  // namespace brobygger::registry
