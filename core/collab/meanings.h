#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/collaboration_service.pb.h"

#include "core/collab/collaborations.h"
#include "core/storage/store.h"

namespace brobygger::collab {

// One side says what a word means in a collaboration, or accepts what the other side said.
// COLLABORATION_NOT_FOUND, ETAG_MISMATCH, FIELD_INVALID (also where there is nothing to accept),
// CPR_REFUSED, NOT_ALLOWED for an association that speaks for another side.
absl::StatusOr<v1::Collaboration> ExplainWord(storage::Transaction& transaction,
                                              const v1::ExplainWordRequest& wanted,
                                              const Actor& actor);

// Whether both sides have accepted what it says. Pure.
bool IsShared(const v1::SharedMeaning& meaning);

}  // namespace brobygger::collab
