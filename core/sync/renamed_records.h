// What is kept under a record's external id; for this module's own files.
#pragma once

#include <map>
#include <string>

#include <absl/status/status.h>

#include "core/storage/store.h"
#include "core/sync/keys.h"

namespace brobygger::sync {

// New external ids by old, without those that stay.
using RenamedIds = std::map<std::string, std::string>;

// Moves all that is kept of the stream's records under their ids: claims, links, what waits,
// conflicts, and records kept aside; and names them anew in writes, in refused ones, and in what
// associations say of where they know it from. The runs that are over keep the ids of their time,
// and so does a merge of associations: its undoing says that it cannot put such a record back.
// No two new ids may be the same, nor be one of a record that stays.
absl::Status RenameRecords(storage::Transaction& transaction,
                           const StreamKey& stream,
                           const RenamedIds& renamed);

}  // namespace brobygger::sync
