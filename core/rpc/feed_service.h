#pragma once

#include <chrono>

#include <grpcpp/grpcpp.h>

#include "brobygger/feed/v1/feed_service.grpc.pb.h"

#include "core/feed/feed.h"
#include "core/rpc/follow_streams.h"
#include "core/rpc/unary_call.h"

namespace brobygger::rpc {

// Serves brobygger.feed.v1.FeedService. The server must have ended every call before the service is
// destroyed.
class FeedService final : public feed::v1::FeedService::WithRawCallbackMethod_FollowChanges<
                              feed::v1::FeedService::Service> {
 public:
  // Both must outlive the service. A stream without changes gives a sign of life
  // within `heartbeat`.
  FeedService(feed::Feed& feed,
              Door& door,
              std::chrono::milliseconds heartbeat = std::chrono::seconds(15));

  grpc::ServerWriteReactor<grpc::ByteBuffer>* FollowChanges(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) override;

  // Ends every stream with STOPPING.
  void Stop() { streams_.Stop(); }

 private:
  feed::Feed& feed_;
  const Entrance entrance_;
  FollowStreams streams_;
};

}  // namespace brobygger::rpc
