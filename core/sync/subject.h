#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/sync/v1/claim.pb.h"

#include "core/storage/store.h"
#include "core/sync/decide.h"

namespace brobygger::sync {

// One record with its claim, its link and what it tells.
struct Subject {
  std::string key;  // of the claim and the link
  v1::Claim claim;
  std::optional<v1::Link> link;
  ToldAssociation told;
};

// Nothing if the source never told such a record. FIELD_INVALID, CPR_REFUSED,
// IDENTIFIER_INVALID: it cannot be used.
absl::StatusOr<std::optional<Subject>> LoadSubject(const DecisionContext& context,
                                                   const storage::Snapshot& snapshot,
                                                   const std::string& external_id);

// What the source's record is to the association it is linked to.
struct Standpoint {
  // The association that the record stands for: the one itself, or one that was
  // merged into it, whose id the source still keeps.
  std::string id;
  bool writes = false;  // whether its values are written to the source
  // It and others, where a person is to say which one is written to.
  std::vector<std::string> twins = {};
  // Not written to before it is known whether it has a twin.
  bool later = false;
  // Not written to, since another record is the association's.
  bool passed_over = false;
  // It was passed over, and the other one is gone: it counts as never agreed on, since nothing
  // was written to it meanwhile.
  bool takes_over = false;
};

// Of several records of one association a single one is written to: the one that keeps its id,
// or that a person chose (twins.h). `association` is live or deleted, never merged away.
absl::StatusOr<Standpoint> StandpointOf(const DecisionContext& context,
                                        const storage::Snapshot& snapshot,
                                        const Subject& subject,
                                        const registry::v1::Association& association);

// The merge of the record into `association`, both ways; nothing is to be written to
// the source unless `standpoint` says so.
absl::StatusOr<MergeResult> MergeSubject(const DecisionContext& context,
                                         const storage::Snapshot& snapshot,
                                         const Subject& subject,
                                         const Standpoint& standpoint,
                                         const registry::v1::Association& association);

// The external ids of the association's live records in the stream, in order.
absl::StatusOr<std::vector<std::string>> LiveRecordsOf(const StreamKey& stream,
                                                       const storage::Snapshot& snapshot,
                                                       const std::string& association_id);

}  // namespace brobygger::sync
