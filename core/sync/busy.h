#pragma once

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/supervisor/supervisor.h"

namespace brobygger::sync {

// Asks the connection's calendars when they are taken; only those that it is configured to
// read. Nothing of it is kept. CONNECTION_INVALID where the plugin cannot tell.
absl::StatusOr<v1::ListBusyDaysResponse> ReadBusyDays(supervisor::Supervisor& supervisor,
                                                      const supervisor::ProcessSpec& spec,
                                                      const v1::Connection& connection);

}  // namespace brobygger::sync
