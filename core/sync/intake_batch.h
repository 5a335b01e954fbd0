#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>

#include "brobygger/sync/v1/plan.pb.h"

#include "core/storage/store.h"
#include "core/sync/keys.h"

namespace brobygger::sync {

// What is written together with the next checkpoint.
struct IntakeBatch {
  struct Put {
    storage::Kind kind;
    std::string key;
    std::string bytes;
  };
  std::vector<Put> puts;
  std::vector<std::string> settled;  // keys that no longer wait
  std::vector<v1::RejectedRecord> rejected_rows;
};

// Writes all of it.
absl::Status Write(storage::Transaction& transaction,
                   const StreamKey& stream,
                   const std::string& run_id,
                   const IntakeBatch& batch);

}  // namespace brobygger::sync
