#pragma once

#include <functional>
#include <memory>

#include "core/supervisor/running_plugin.h"

namespace brobygger::supervisor {

// A conversation with `plugin`. Calls `on_close` when it is destroyed. `options`
// must outlive it.
std::unique_ptr<Session> MakePluginSession(std::shared_ptr<RunningPlugin> plugin,
                                           const SupervisorOptions& options,
                                           std::function<void()> on_close);

}  // namespace brobygger::supervisor
