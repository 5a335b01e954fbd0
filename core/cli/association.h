// What the commands about associations share.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/registry_service.pb.h"

#include "core/cli/said_by.h"
#include "core/cli/session.h"

namespace brobygger::cli {

// The association a person means by an id, the start of one (at least four
// characters, as lists show it), a CVR number, or its whole official name.
// NOT_FOUND, or INVALID_ARGUMENT if several are meant.
absl::StatusOr<registry::v1::Association> FindAssociation(Session& session,
                                                          const std::string& typed,
                                                          const registry::v1::AsOf& as_of = {});

// Marks and titles of the connections the hub has now.
absl::StatusOr<SourceMarks> GetSourceMarks(Session& session);

// The value of a column: a field path, or "id", "etag", "create_time",
// "update_time", "delete_time".
std::string ColumnText(const registry::v1::Association& association, const std::string& path);

// INVALID_ARGUMENT unless ColumnText() knows it.
absl::Status CheckColumn(const std::string& path);

}  // namespace brobygger::cli
