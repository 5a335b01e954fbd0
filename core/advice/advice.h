#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/advice_service.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::advice {

// Who asks, and for which side.
struct Asking {
  collab::v1::CollaborationSide side = collab::v1::COLLABORATION_SIDE_UNSPECIFIED;  // unset: both
  // What a side's decisions are kept under: a municipality's code, or an association's id; empty:
  // the operator's.
  std::string side_id;
};

// All advice, or what applies now; see the service's comments. ASSOCIATION_NOT_FOUND.
absl::StatusOr<collab::v1::ListAdviceResponse> ListAdvice(
    const storage::Snapshot& snapshot,
    base::Instant now,
    const collab::v1::ListAdviceRequest& request,
    const Asking& asking);

// Puts a piece away, or takes it out again. ADVICE_NOT_FOUND, ASSOCIATION_NOT_FOUND.
absl::StatusOr<collab::v1::DismissAdviceResponse> DismissAdvice(
    storage::Transaction& transaction,
    const collab::v1::DismissAdviceRequest& request,
    const Asking& asking);
absl::StatusOr<collab::v1::RestoreAdviceResponse> RestoreAdvice(
    storage::Transaction& transaction,
    const collab::v1::RestoreAdviceRequest& request,
    const Asking& asking);

}  // namespace brobygger::advice
