#pragma once

#include <array>
#include <string>

#include "core/storage/store.h"
#include "tests/core/scope/planted.h"

namespace brobygger::scope {

// Two keys with these ids, the municipality's and one that speaks for its association, and a code
// with which that can be joined. The association is planted already.
void PlantAccess(storage::Transaction& transaction,
                 const std::array<std::string, 2>& ids,
                 Planted& planted);

}  // namespace brobygger::scope
