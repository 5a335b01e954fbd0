#pragma once

#include <absl/status/status.h>

#include "brobygger/audit/v1/log_record.pb.h"

namespace brobygger::audit {

// How many roles an entry may name.
inline constexpr int kMostRoles = 20;

// What an entry may hold (log_record.proto). The rules keep names and sentences out of a
// log that nobody can edit. FIELD_INVALID names the field, and does not repeat the value.
absl::Status ValidateEntry(const v1::Entry& entry);

}  // namespace brobygger::audit
