#pragma once

#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/collab/resource_statements.h"
#include "core/collab/statements.h"
#include "core/daemon/kept_file.h"

namespace brobygger::daemon {

// What both sides are asked before they agree, and what is asked in a resource check.
using StatementsKeeper = KeptFile<collab::Statements>;
using ResourceStatementsKeeper = KeptFile<collab::ResourceStatements>;

// From a municipality's own file; with "" the shipped ones, for good. FAILED_PRECONDITION with
// file, line and reason.
absl::StatusOr<std::unique_ptr<StatementsKeeper>> OpenStatements(const std::string& path,
                                                                 const base::Clock& clock);
absl::StatusOr<std::unique_ptr<ResourceStatementsKeeper>> OpenResourceStatements(
    const std::string& path, const base::Clock& clock);

}  // namespace brobygger::daemon
