#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include "brobygger/sync/v1/claim.pb.h"
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
  std::vector<std::string> settled;    // keys that no longer wait
  std::vector<std::string> forgotten;  // keys whose claims nobody needs
  std::vector<v1::RejectedRecord> rejected_rows;
  std::vector<std::string> readable;  // external ids that could be read, where only changes are
};

// Writes all of it.
absl::Status Write(storage::Transaction& transaction,
                   const StreamKey& stream,
                   const std::string& run_id,
                   const IntakeBatch& batch);

// Keeps in the claim that takes the place of `before` what the source told when both
// sides last agreed. `hash` is that of what it tells now.
void CarryAgreed(v1::Claim& before,
                 std::uint64_t agreed_hash,
                 std::uint64_t hash,
                 v1::Claim& claim);

}  // namespace brobygger::sync
