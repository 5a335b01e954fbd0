#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/sync/v1/claim.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/registry/identity.h"
#include "core/storage/store.h"
#include "core/sync/home.h"
#include "core/sync/keys.h"
#include "core/sync/mapping.h"
#include "core/sync/merge.h"
#include "core/sync/told_ahead.h"

namespace brobygger::sync {

// What the records that wait tell of others: until all have found their association it cannot
// be told for some of them which one to write to (twins.h).
struct WaitingRecords {
  std::set<std::string> twins;  // say a CVR number that another one says, and keep no id of ours
  std::set<std::string> kept;   // ids of ours that one of them keeps
};

// What a run knows beside the record at hand. All must outlive the decision.
struct DecisionContext {
  const storage::Store& store;  // for the registry as it was when both agreed
  const registry::Identity& identity;
  const Mapping& mapping;
  StreamKey stream;
  std::set<std::string> owned_here;
  std::set<std::string> owned_elsewhere;
  // Associations the source does not have are made there: those of this municipality,
  // or any if it is "".
  bool creates = false;
  std::string creates_municipality_code = {};
  WaitingRecords waiting = {};
  // What other threads have worked out meanwhile; it changes only what a decision
  // costs. So one thread decides at a time.
  std::shared_ptr<ToldAhead> ahead = std::make_shared<ToldAhead>();
};

// Stands in a plan for the id of an association that is yet to be made.
inline constexpr char kIdWhenMade[] = "(new)";

// What to do with one record that waits, and all that doing it needs.
struct Decision {
  v1::PlannedAction action;
  std::optional<registry::v1::Association> association;  // as it is; unset for a new one
  ToldAssociation told;                                  // what the record says
  MergeResult merge;             // of a new association only what the source is told in return
  std::optional<v1::Link> link;  // as it is
  // Of a record without a link: what it was held against, and the association that
  // decided where it belongs.
  registry::Standing standing;
  registry::Candidate candidate;
  plugin::v1::Record told_record;  // as the source said it
  std::uint64_t told_hash = 0;
  std::string stands_for;  // the association whose id the source's record has
  bool undelete = false;   // its sources had lost it, and it is back
  // The association's records at the source, if a person is to say which one is written to.
  std::vector<std::string> twins;
  bool written_later = false;  // it may have a twin that is not linked yet
  bool passed_over = false;    // another of the source's records is the association's
  bool nothing = false;        // it no longer waits for anything
  bool in_doubt = false;       // a person must first say whether it is another association
};

// Decides about a record that told something new. Used twice, for the plan and
// again inside the write that applies it, so that both come to the same answer
// unless something has moved in between. Reads only.
//
// Which association the record belongs to: see home.h. `known_new`: a plan that
// still holds found that it is none there is, so only its CVR number is looked up.
//
// FIELD_INVALID, CPR_REFUSED, IDENTIFIER_INVALID: the record cannot be used.
absl::StatusOr<Decision> DecideTold(const DecisionContext& context,
                                    const storage::Snapshot& snapshot,
                                    const std::string& external_id,
                                    bool known_new = false);

// Decides about a record that its source no longer has (or, if `hidden`, no
// longer shows).
absl::StatusOr<Decision> DecideAbsent(const DecisionContext& context,
                                      const storage::Snapshot& snapshot,
                                      const std::string& external_id,
                                      bool hidden);

// Decides about an association that has no record in the stream: whether the source
// gets one. Nothing if it is not to be made there, if it had one that somebody there took
// away or that its scope hides, or not while a person is being asked
// whether it is another association: that may be there already.
absl::StatusOr<Decision> DecideMissing(const DecisionContext& context,
                                       const storage::Snapshot& snapshot,
                                       const std::string& association_id);

// The merge of one record into `association`, as DecideTold() makes it; without an id
// it is a draft, of which the source is told nothing.
absl::StatusOr<MergeResult> MergeInto(const DecisionContext& context,
                                      const storage::Snapshot& snapshot,
                                      const std::string& external_id,
                                      const registry::v1::Association& association);

}  // namespace brobygger::sync
