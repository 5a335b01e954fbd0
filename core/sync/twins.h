#pragma once

#include <set>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/sync/v1/plan.pb.h"
#include "brobygger/sync/v1/sync_answers.pb.h"

#include "core/storage/store.h"
#include "core/sync/decide.h"
#include "core/sync/keys.h"
#include "core/sync/mapping.h"

namespace brobygger::sync {

// Several records of one source that are one association: grant systems hold doubles. A source
// that keeps our ids says which one we write to; of the others nobody but a person can.

// An association's live records in a stream, as far as they may be written to.
struct Twins {
  bool id_kept = false;  // one of them keeps the association's id: it is the one
  // Of those that keep no id the ones that were not passed over; if all were, all.
  std::vector<std::string> records;
};

absl::StatusOr<Twins> TwinsOf(const storage::Snapshot& snapshot,
                              const StreamKey& stream,
                              const std::string& association_id);

// What is known of twins before the records that wait have found their associations. Nothing
// where the source is only read. Costs a look at each record that waits.
absl::StatusOr<WaitingRecords> LookAtWaiting(const storage::Snapshot& snapshot,
                                             const StreamKey& stream,
                                             const Mapping& mapping);
// The same, for what a run decides from now on.
absl::Status LookForTwins(DecisionContext& context);

// What a plan shows, and people are asked, of records between which nobody has chosen.
v1::FieldChange TwinQuestion(const std::string& association_id,
                             const std::vector<std::string>& records);
bool IsTwinQuestion(const v1::FieldChange& change);

// Whether people are asked about the record already.
absl::StatusOr<bool> IsTwinAskedAbout(const storage::Snapshot& snapshot,
                                      const StreamKey& stream,
                                      const std::string& external_id);

// Opens a conflict about each of them. How many are new.
absl::StatusOr<int> AskAboutTwins(storage::Transaction& transaction,
                                  const StreamKey& stream,
                                  const std::string& association_id,
                                  const std::vector<std::string>& records);

// Whether the record need no longer be asked about: it is gone or alone, or another one
// is the association's. `twins` are the association's.
bool IsTwinNoMore(const Twins& twins, const v1::Conflict& conflict);

// Ends the question about the record. If it is the one that is left, it is written to from the next
// plan on, as one that was never agreed on: what differs is asked about, not overwritten.
absl::Status CloseTwin(storage::Transaction& transaction,
                       const StreamKey& stream,
                       const v1::Conflict& conflict);

// A person's answer. CHOICE_SOURCE: this record is the association's, and the others are passed
// over. CHOICE_REGISTRY: this one is passed over. Returns what holds now, in words.
// FIELD_INVALID: another choice.
absl::StatusOr<std::string> SettleTwin(storage::Transaction& transaction,
                                       const StreamKey& stream,
                                       const v1::Conflict& conflict,
                                       v1::ResolveConflictRequest::Choice choice);

}  // namespace brobygger::sync
