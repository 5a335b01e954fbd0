#pragma once

#include <string>

#include "brobygger/access/v1/api_key.pb.h"

#include "core/storage/store.h"
#include "tests/core/scope/planted.h"

namespace brobygger::scope {

// A key like `stored`, with the id, that speaks for the municipality's association, and a code with
// which that can be joined.
void PlantAccess(storage::Transaction& transaction,
                 const std::string& id,
                 access::v1::StoredApiKey stored,
                 Planted& planted);

}  // namespace brobygger::scope
