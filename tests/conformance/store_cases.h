#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::conformance {

// One way to open a store, and what may be expected of it.
struct StoreCase {
  std::string name;
  // Opens the store that is in `folder`, or an empty one.
  std::function<std::unique_ptr<storage::Store>(const std::filesystem::path& folder,
                                                const base::Clock& clock)>
      open;
  bool survives_restart = true;
};

// Every store Brobygger ships. Adding a store means adding a line in the .cc.
std::vector<StoreCase> StoreCases();

}  // namespace brobygger::conformance
