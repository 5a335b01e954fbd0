#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include "core/rpc/follow_stream.h"

namespace brobygger::rpc {

// The streams of one method that is followed. A thread of its own hands news to those that wait for
// it; a stream with a slow reader just is not among them. The server must have ended every call
// before this is destroyed. Thread-safe.
class FollowStreams {
 public:
  // A stream without news gives a sign of life within `heartbeat`.
  explicit FollowStreams(std::chrono::milliseconds heartbeat);
  ~FollowStreams();
  FollowStreams(const FollowStreams&) = delete;
  FollowStreams& operator=(const FollowStreams&) = delete;

  // Lets the caller in and says what it follows. `wake` may be called at any time, from any thread,
  // when there may be news for this stream.
  using Begin = std::function<absl::StatusOr<FollowStream::Parts>(std::function<void()> wake)>;

  // A stream for gRPC, which holds it until its OnDone().
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Serve(const Begin& begin);

  // There may be news for everybody.
  void WakeAll();

  // Ends every stream with STOPPING.
  void Stop();

 private:
  using Streams = std::vector<std::shared_ptr<FollowStream>>;

  void Forget(const FollowStream* stream);
  void Ready(const std::weak_ptr<FollowStream>& stream);
  void Run();
  bool Woken() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || !ready_.empty(); }
  Streams All() const;

  const std::chrono::milliseconds tick_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<const FollowStream*, std::shared_ptr<FollowStream>> streams_
      ABSL_GUARDED_BY(mutex_);
  std::vector<std::weak_ptr<FollowStream>> ready_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace brobygger::rpc
