#pragma once

#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/read.pb.h"
#include "brobygger/sdk/call.h"

#include "plugins/grants/sql/found_rows.h"

namespace brobygger::sql {

// Finds single rows by key, by our id and by the field to link by; rows that are not live
// come as deleted. Fails as a whole, so that what it calls absent was really looked for.
absl::StatusOr<plugin::v1::LookupResponse> LookUp(const plugin::v1::LookupRequest& request,
                                                  const TableConfig& config,
                                                  const std::vector<Column>& shown,
                                                  Database& database,
                                                  const sdk::Call& call);

}  // namespace brobygger::sql
