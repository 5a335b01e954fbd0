#pragma once

#include <absl/status/statusor.h>

#include "core/scope/judge.h"
#include "core/storage/store.h"

namespace brobygger::scope {

// The same bytes, but for parts of plans and of runs: what such an action would tell of an
// association that the caller may not see (its name, and the values that the registry holds) is
// taken out. What the source itself says, and that there is an action, stay. Of a programme those
// associations are taken out that the caller may not see. STORAGE_CORRUPT.
absl::StatusOr<storage::Bytes> Redacted(Judge& judge,
                                        storage::Kind kind,
                                        const storage::Bytes& bytes);

}  // namespace brobygger::scope
