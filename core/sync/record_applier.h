#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/sync/v1/operation.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/storage/store.h"
#include "core/sync/apply.h"
#include "core/sync/decide.h"
#include "core/sync/outbound.h"
#include "core/sync/run_log.h"

namespace brobygger::sync {

// Whether the action is about a record that its source no longer has, or shows.
bool IsAbsent(const v1::PlannedAction& action);

// Does planned actions within a write, each decided again there. Remembers what this
// run has written, since that has not moved. One thread at a time.
class RecordApplier {
 public:
  // `any_aside`: some records of the stream are kept aside.
  RecordApplier(const ApplyContext& context, bool any_aside, KnownWrites known);

  // `alone`: nobody else has written to the registry since the plan, so what it found
  // to be new is new.
  absl::Status Apply(storage::Transaction& transaction,
                     const v1::PlannedAction& action,
                     bool alone);

  // Ends a write: stores what it did and how many records are live now.
  absl::Status Close(storage::Transaction& transaction);

  // The writes to the source that were written down since the last call.
  std::vector<v1::Operation> TakeIntents();

  // Writes down what became of them.
  absl::Status TakeOutcomes(storage::Transaction& transaction,
                            const std::vector<v1::Operation>& intents,
                            const std::vector<plugin::v1::OperationResult>& results);

  const ApplyResult& result() const { return result_; }

 private:
  using Association = registry::v1::Association;
  using Provenance = registry::v1::Provenance;

  absl::Status ApplyAbsent(storage::Transaction& transaction, const v1::PlannedAction& action);
  absl::Status MakeThere(storage::Transaction& transaction, const v1::PlannedAction& action);
  bool Moved(const v1::PlannedAction& action, const Decision& decision) const;
  absl::Status Store(storage::Transaction& transaction, Decision& decision);
  void LogDone(const storage::Transaction& transaction,
               const Decision& decision,
               const Association& stored);
  absl::Status WriteDown(storage::Transaction& transaction,
                         Decision& decision,
                         const Association& stored);
  absl::StatusOr<Association> StoreAssociation(storage::Transaction& transaction,
                                               const Decision& decision,
                                               const Association& before);
  absl::StatusOr<Association> StoreNew(storage::Transaction& transaction,
                                       const Decision& decision,
                                       const Provenance& who);
  absl::Status StoreStanding(storage::Transaction& transaction,
                             const Decision& decision,
                             const Association& stored);
  absl::Status StoreConflicts(storage::Transaction& transaction,
                              const Decision& decision,
                              const Association& association);
  absl::Status StoreDeleteConflict(storage::Transaction& transaction, v1::Conflict conflict);
  absl::Status KeepOverruled(storage::Transaction& transaction, const Decision& decision);
  absl::Status StoreLink(storage::Transaction& transaction,
                         const std::string& external_id,
                         const Decision& decision,
                         const Association& association);
  absl::Status Unlink(storage::Transaction& transaction,
                      const std::string& external_id,
                      v1::Link link,
                      bool hidden);
  absl::Status Settle(storage::Transaction& transaction, const std::string& external_id);
  absl::Status Reject(storage::Transaction& transaction,
                      const std::string& external_id,
                      const absl::Status& why);
  Provenance Who(const storage::Transaction& transaction, const std::string& external_id) const;

  const ApplyContext& context_;
  const StreamKey& stream_;
  const bool any_aside_;
  ApplyResult result_;
  KnownWrites known_;
  const OutboundContext outbound_;
  RunLog log_;
  std::vector<v1::Operation> intents_;
  std::map<std::string, storage::Revision> written_;  // by association
  std::int64_t live_change_ = 0;
};

}  // namespace brobygger::sync
