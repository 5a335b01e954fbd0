#pragma once

#include <absl/status/status.h>

#include "core/storage/store.h"
#include "core/sync/outbound.h"
#include "core/sync/source_writer.h"

namespace brobygger::sync {

// Finds out what became of writes whose outcome the hub never learned, by looking at
// the source: what is there counts as done, what is surely not there is planned anew,
// and where nobody can tell a person is asked. Nothing is ever sent a second time
// unseen. To be called before the source is read.
absl::Status SettleWrites(storage::Store& store,
                          const OutboundContext& context,
                          SourceWriter& writer);

}  // namespace brobygger::sync
