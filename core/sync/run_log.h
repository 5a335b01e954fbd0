#pragma once

#include <string>

#include <absl/status/status.h>

#include "brobygger/sync/v1/operation.pb.h"

#include "core/storage/store.h"

namespace brobygger::sync {

// Keeps what a run did, for people and for undoing it. Of one run at a time, on the
// store's thread.
class RunLog {
 public:
  explicit RunLog(std::string run_id) : run_id_(std::move(run_id)) {}

  // `revision`: of the association that the action made; 0 if it changed only the
  // source.
  void Add(const v1::PlannedAction& action, storage::Revision revision);
  void Add(const v1::Operation& operation, const plugin::v1::OperationResult& result);

  // Stores what was added since the last time, in the same write that did it.
  absl::Status Store(storage::Transaction& transaction);

 private:
  const std::string run_id_;
  v1::RunPart part_;
  std::uint32_t number_ = 0;
};

}  // namespace brobygger::sync
