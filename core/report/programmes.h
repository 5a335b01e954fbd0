#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/report/v1/programme_service.pb.h"

#include "core/storage/store.h"

namespace brobygger::report {

// The one that `typed` means: its id, or its short name. Short names are looked for among what the
// snapshot shows, so that nobody learns which ones others use. PROGRAMME_NOT_FOUND, FIELD_INVALID
// (several have the short name).
absl::StatusOr<v1::Programme> GetProgramme(const storage::Snapshot& snapshot,
                                           const std::string& typed);

// In the order of their short names.
absl::StatusOr<std::vector<v1::Programme>> ListProgrammes(const storage::Snapshot& snapshot);

// Makes it, or replaces the one with its short name. FIELD_INVALID, CPR_REFUSED,
// ASSOCIATION_NOT_FOUND, ETAG_MISMATCH.
absl::StatusOr<v1::Programme> PutProgramme(storage::Transaction& transaction,
                                           v1::Programme programme);

}  // namespace brobygger::report
