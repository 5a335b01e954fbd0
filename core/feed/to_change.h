#pragma once

#include <absl/status/status.h>

#include "brobygger/feed/v1/feed_service.pb.h"

#include "core/storage/store.h"

namespace brobygger::feed {

// Tells a stored change in the words of the feed; a record that was marked as
// deleted was deleted. STORAGE_CORRUPT.
absl::Status ToChange(const storage::Change& stored, bool include_record, v1::Change& change);

}  // namespace brobygger::feed
