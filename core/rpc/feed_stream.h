#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include "brobygger/feed/v1/feed_service.pb.h"

#include "core/feed/feed.h"
#include "core/rpc/door.h"

namespace brobygger::rpc {

// One caller's FollowChanges. Reads a batch when the one before has been sent,
// so it is as slow as its reader and holds one message in memory. Lives until
// gRPC is done with it and nobody pumps it.
class FeedStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // Before the first Pump(). `wake` as for feed::Feed::Follow().
  void Begin(feed::Feed& feed,
             const feed::v1::FollowChangesRequest& request,
             Door::Pass pass,
             std::function<void()> wake);

  // Sends what there is, if nothing is being sent. `tick`: and if there is
  // nothing, and nothing was sent since the last tick, a sign of life. Any thread
  // but the store's.
  void Pump(bool tick = false);

  // Ends the stream with an error as soon as nothing is being sent. Then Pump().
  void EndWith(const absl::Status& status);

  // Called once, when gRPC is done with the stream.
  void OnGone(std::function<void()> gone) { gone_ = std::move(gone); }

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  enum class Step { kNone, kWrite, kFinish };

  void Do(Step step);
  Step NextStep(bool tick) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Fetch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  feed::v1::FollowChangesResponse CutPart() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Step Send(const feed::v1::FollowChangesResponse& part) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Door::Pass pass_;
  std::function<void()> gone_;
  grpc::ByteBuffer outgoing_;  // gRPC's while a write is under way
  absl::Mutex mutex_;
  feed::v1::FollowChangesRequest request_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<feed::Follower> follower_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  // Read from the store, and from which change on it is still to be sent.
  feed::v1::FollowChangesResponse batch_ ABSL_GUARDED_BY(mutex_);
  int next_ ABSL_GUARDED_BY(mutex_) = 0;
  bool sent_since_tick_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace brobygger::rpc
