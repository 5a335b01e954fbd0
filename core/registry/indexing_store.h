#pragma once

#include <memory>

#include "core/registry/identity.h"
#include "core/storage/store.h"

namespace brobygger::registry {

// Wraps a store so that `identity` hears of every write within that write: what
// comes later in the same body, and in the same commit, already sees it, so two
// sources cannot both invent an association. A body that fails, and a commit that
// fails, are taken back there too. After a commit that changed an association with
// open questions, the hub looks at those again in a write of its own (settle.h).
// Writes wait for an identity that expects its first load.
// Takes over `inner`; `identity` must outlive the store.
std::unique_ptr<storage::Store> MakeIndexingStore(std::unique_ptr<storage::Store> inner,
                                                  Identity& identity);

}  // namespace brobygger::registry
