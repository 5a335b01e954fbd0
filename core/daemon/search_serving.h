#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/daemon/grpc_server.h"
#include "core/search/follower.h"

namespace brobygger::daemon {

// Tells gRPC's health service whether search can answer: it can while the index is complete. The
// rest of the hub serves meanwhile. Thread-safe.
class SearchServing {
 public:
  void Set(search::Health::State state);

  // From now on `server` is told, of the state there is at once. It must live until Disconnect().
  void Connect(GrpcServer& server);
  void Disconnect();

 private:
  void Tell() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  search::Health::State state_ ABSL_GUARDED_BY(mutex_) = search::Health::State::kLoading;
  GrpcServer* server_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace brobygger::daemon
