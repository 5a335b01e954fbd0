#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/identity/v1/decision.pb.h"
#include "brobygger/registry/v1/association.pb.h"

#include "core/registry/identity.h"
#include "core/storage/store.h"

namespace brobygger::registry {

// Who stands in the log and in history where the hub decides by itself.
inline constexpr char kHubActor[] = "hub";

// Looks again at the open questions about associations that have changed. Where
// what is known now decides, the hub does: the same are merged, others are parted;
// both stand in the log as the hub's decision and can be taken back. A pair that a
// person has decided is never touched, and an association that a person has
// written to is never merged: its question stays open.
absl::Status SettleQuestions(storage::Transaction& transaction,
                             const Identity& identity,
                             const std::vector<std::string>& association_ids);

// How a record came to an association there was.
struct Joining {
  std::string association_id;
  identity::v1::RecordReference record;
  std::string ground;  // "cvr" or "match"
  double score = 0;
  Verdict verdict = Verdict::kSame;
};

// Writes down that the hub took a record for an association there was, so that a
// person can see why, and take it back.
absl::Status LogJoining(storage::Transaction& transaction,
                        const Identity& identity,
                        const Joining& joining);

// Says that a new association, which came under the CVR number of another one, is a
// branch of that, or that one of it, as their names tell. A sister gets no
// relation: what both belong to is not known.
absl::Status RelateBranch(storage::Transaction& transaction,
                          const v1::Association& association,
                          const std::string& other_id,
                          Verdict verdict);

}  // namespace brobygger::registry
