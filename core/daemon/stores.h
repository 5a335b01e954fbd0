#pragma once

#include <functional>
#include <memory>

#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/daemon/config.h"
#include "core/storage/store.h"

namespace brobygger::daemon {

// Called once, on a thread of the store, when the disk failed: the process must
// end and replay.
using OnFatal = std::function<void(const absl::Status&)>;

// Opens the store that Config::store names. INVALID_ARGUMENT, naming those there
// are, if there is none of that name.
absl::StatusOr<std::unique_ptr<storage::Store>> OpenStore(const Config& config,
                                                          const base::Clock& clock,
                                                          OnFatal on_fatal);

}  // namespace brobygger::daemon
