#pragma once

#include <memory>

#include "core/storage/store.h"

namespace brobygger::storage {

// Wraps a store so that every write answers READ_ONLY. Takes over `inner`.
std::unique_ptr<Store> MakeReadOnlyStore(std::unique_ptr<Store> inner);

}  // namespace brobygger::storage
