#pragma once

#include <functional>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/rpc/unary_call.h"
#include "core/rpc/worker_pool.h"
#include "core/search/follower.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Holds back calls that ask for what the search index does not have yet; who waits waits on a small
// pool. Thread-safe.
class SearchWait {
 public:
  // Both must outlive it.
  SearchWait(const storage::Store& store, search::Follower& follower);

  // Runs `answer`, which answers the call, once what `revision` changed can be found: at once, if
  // it can; after five seconds without, the call fails with SEARCH_BEHIND. What the call's metadata
  // ask for holds, too. REVISION_UNKNOWN.
  absl::Status AnswerWhenThere(storage::Revision revision,
                               UnaryCall* call,
                               std::function<void()> answer);

  // Answers who still waits, and lets nobody wait any more.
  void Stop() { waiting_.Stop(); }

 private:
  absl::StatusOr<bool> IsThere(storage::Revision revision) const;
  absl::Status Await(storage::Revision revision) const;

  const storage::Store& store_;
  search::Follower& follower_;
  WorkerPool waiting_;
};

}  // namespace brobygger::rpc
