#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/grant/v1/pool_service.pb.h"

#include "core/grants/pool_rules.h"
#include "core/storage/store.h"

namespace brobygger::grants {

// The fund with its department's name. POOL_NOT_FOUND.
absl::StatusOr<Pool> GetPool(const storage::Snapshot& snapshot, const std::string& id);

// Every fund there is, in no order.
absl::StatusOr<std::vector<Pool>> LoadPools(const storage::Snapshot& snapshot);

// One page; the limits are those of the request's comments. Every fund is read. FIELD_INVALID,
// PAGE_TOKEN_INVALID.
absl::StatusOr<grant::v1::ListPoolsResponse> ListPools(const storage::Store& store,
                                                       const grant::v1::ListPoolsRequest& request);

// Makes and replaces funds by their keys; an error leaves nothing written, if the transaction is
// given up with it. FIELD_INVALID, CPR_REFUSED, DEPARTMENT_NOT_FOUND, ETAG_MISMATCH.
absl::StatusOr<grant::v1::ImportPoolsResponse> ImportPools(
    storage::Transaction& transaction, const grant::v1::ImportPoolsRequest& request);

// POOL_NOT_FOUND, ETAG_MISMATCH, FIELD_INVALID.
absl::StatusOr<Pool> SetPoolState(storage::Transaction& transaction,
                                  const grant::v1::SetPoolStateRequest& request);

}  // namespace brobygger::grants
