#pragma once

#include <functional>
#include <memory>

#include "core/supervisor/kept_budget.h"
#include "core/supervisor/running_plugin.h"

namespace brobygger::supervisor {

// A conversation with `plugin`, whose calls `budget` allows. Calls `on_close` when it is
// destroyed. `budget` and `options` must outlive it.
std::unique_ptr<Session> MakePluginSession(std::shared_ptr<RunningPlugin> plugin,
                                           KeptBudget& budget,
                                           const SupervisorOptions& options,
                                           std::function<void()> on_close);

}  // namespace brobygger::supervisor
