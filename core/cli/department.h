// What commands that take a department share.
#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/municipality.pb.h"

#include "core/cli/session.h"

namespace brobygger::cli {

// The department a person means by an id, the start of one (at least four characters), or
// its whole name. NOT_FOUND, or INVALID_ARGUMENT if several are meant.
absl::StatusOr<registry::v1::Department> FindDepartment(Session& session, const std::string& typed);

// The id of the department that `typed` means; "" means none.
absl::StatusOr<std::string> DepartmentId(Session& session, const std::string& typed);

}  // namespace brobygger::cli
