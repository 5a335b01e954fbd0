#include "core/sync/run_log.h"

#include "core/base/status_macros.h"
#include "core/sync/keys.h"

namespace brobygger::sync {

void RunLog::Add(const v1::PlannedAction& action, storage::Revision revision) {
  v1::RunAction& done = *part_.add_actions();
  *done.mutable_action() = action;
  // What the source is told has an entry of its own.
  done.mutable_action()->clear_source_changes();
  done.set_revision(revision);
}

void RunLog::Add(const v1::Operation& operation, const plugin::v1::OperationResult& result) {
  v1::RunAction& done = *part_.add_actions();
  v1::PlannedAction& action = *done.mutable_action();
  const bool create = operation.sent().kind() == plugin::v1::Operation::KIND_CREATE;
  action.set_kind(create ? v1::PlannedAction::KIND_SOURCE_CREATE
                         : v1::PlannedAction::KIND_SOURCE_UPDATE);
  action.set_external_id(create ? result.stored().external_id() : operation.sent().external_id());
  action.set_association_id(operation.association_id());
  action.set_base_revision(operation.base_revision());
  *action.mutable_source_changes() = operation.changes();
  done.set_outcome(result.outcome());
}

absl::Status RunLog::Store(storage::Transaction& transaction) {
  if (part_.actions().empty()) return absl::OkStatus();
  // A run that goes on after the hub was stopped must not write over what is there.
  std::string key = PlanPartKey(run_id_, number_++);
  while (true) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes taken, transaction.Find(storage::Kind::kRunPart, key));
    if (taken == nullptr) break;
    key = PlanPartKey(run_id_, number_++);
  }
  const std::string bytes = part_.SerializeAsString();
  part_.Clear();
  return transaction.Put(storage::Kind::kRunPart, key, bytes);
}

}  // namespace brobygger::sync
