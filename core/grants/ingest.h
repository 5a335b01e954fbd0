#pragma once

#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/grants/rules.h"
#include "core/storage/store.h"

namespace brobygger::grants {

// What became of an application that a source told.
enum class Ingested { kNew, kChanged, kSame };

// Stores the application as its source says it; `told` has its connection, external id
// and run. What a person said about whose it is stays. A refusal gets a follow-up,
// unless it is of long ago; one that is no longer a refusal needs none.
// `told` becomes the application as it is stored. FIELD_INVALID, CPR_REFUSED.
absl::StatusOr<Ingested> IngestApplication(storage::Transaction& transaction,
                                           GrantApplication& told);

// What that would do. As above.
absl::StatusOr<Ingested> WouldIngest(const storage::Snapshot& snapshot, GrantApplication told);

// The source no longer has the application. It is kept, and says so: what was applied
// for stays true. Nothing if it is not known.
absl::Status IngestGone(storage::Transaction& transaction,
                        const std::string& connection_id,
                        const std::string& external_id);

}  // namespace brobygger::grants
