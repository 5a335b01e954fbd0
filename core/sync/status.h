#pragma once

#include <optional>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/connection.pb.h"

#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"

namespace brobygger::sync {

// How a connection is doing: its process, its newest run, and what waits.
absl::StatusOr<v1::ConnectionStatus> StatusOfConnection(const storage::Snapshot& snapshot,
                                                        const supervisor::Supervisor& supervisor,
                                                        const v1::Connection& connection);

// CONNECTION_DISABLED.
absl::Status CheckEnabled(const v1::Connection& connection);

// When the connection is due to run by itself; nothing if it never is.
std::optional<base::Instant> NextRun(const v1::Connection& connection,
                                     const std::optional<v1::Run>& last_run);

}  // namespace brobygger::sync
