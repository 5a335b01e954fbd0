#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/audit/v1/log_record.pb.h"

#include "core/audit/checkpoint.h"
#include "core/audit/segment.h"

namespace brobygger::audit {

// How a log was found when it was opened.
struct Found {
  std::uint64_t segment = 0;     // number of the last one; 0: there is none
  std::uint64_t good_bytes = 0;  // how much of it is in order; 0: it has no header yet
  std::uint64_t torn_bytes = 0;  // behind that: what a crash left
  ChainHead head;                // the last record in order
  std::uint64_t highest = 0;     // the highest sequence that was ever given away
  std::optional<v1::ChainBreak> chain_break;
};

// Reads the last segment (the others are verify.h's business: they were whole when the
// next was begun) and holds it against the newest checkpoint, if there is one.
absl::StatusOr<Found> InspectLog(const std::string& folder,
                                 const std::optional<Checkpoint>& newest);

// The last line of the folder's checkpoints that the key signed; none if there is none.
std::optional<Checkpoint> NewestCheckpoint(const std::string& folder, const PublicKey& key);

}  // namespace brobygger::audit
