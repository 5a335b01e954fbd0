#pragma once

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include "brobygger/feed/v1/feed_service.grpc.pb.h"

#include "core/feed/feed.h"
#include "core/rpc/feed_stream.h"
#include "core/rpc/unary_call.h"

namespace brobygger::rpc {

// Serves brobygger.feed.v1.FeedService. A thread of its own hands new changes to
// the streams that wait for them; a stream with a slow reader just is not among
// them. The server must have ended every call before the service is destroyed.
class FeedService final : public feed::v1::FeedService::WithRawCallbackMethod_FollowChanges<
                              feed::v1::FeedService::Service> {
 public:
  // Both must outlive the service. A stream without changes gives a sign of life
  // within `heartbeat`.
  FeedService(feed::Feed& feed,
              Door& door,
              std::chrono::milliseconds heartbeat = std::chrono::seconds(15));
  ~FeedService() override;

  grpc::ServerWriteReactor<grpc::ByteBuffer>* FollowChanges(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) override;

  // Ends every stream with STOPPING.
  void Stop();

 private:
  using Streams = std::vector<std::shared_ptr<FeedStream>>;

  absl::Status Begin(const std::shared_ptr<FeedStream>& stream,
                     const grpc::CallbackServerContext& context,
                     const grpc::ByteBuffer& bytes);
  void Forget(const FeedStream* stream);
  void Ready(const std::weak_ptr<FeedStream>& stream);
  void Run();
  bool Woken() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || !ready_.empty(); }
  Streams All() const;

  feed::Feed& feed_;
  const Entrance entrance_;
  const std::chrono::milliseconds tick_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<const FeedStream*, std::shared_ptr<FeedStream>> streams_
      ABSL_GUARDED_BY(mutex_);
  std::vector<std::weak_ptr<FeedStream>> ready_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace brobygger::rpc
