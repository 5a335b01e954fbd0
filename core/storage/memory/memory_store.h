#pragma once

#include <memory>

#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::storage {

// Opens a store that forgets everything when it is destroyed. For tests and
// trials: nothing ever leaves its memory, past versions included. `clock` must
// outlive it.
std::unique_ptr<Store> OpenMemoryStore(const base::Clock& clock);

}  // namespace brobygger::storage
