#pragma once

#include <functional>
#include <memory>

#include <absl/status/statusor.h>

#include "brobygger/feed/v1/feed_service.pb.h"

#include "core/feed/feed.h"
#include "core/rpc/follow_stream.h"

namespace brobygger::rpc {

// What a caller of FollowChanges follows.
class FeedNews final : public News {
 public:
  // `feed` and `caller` must outlive it; `wake` as for feed::Feed::Follow().
  FeedNews(feed::Feed& feed,
           const access::Caller& caller,
           feed::v1::FollowChangesRequest request,
           std::function<void()> wake);

  absl::StatusOr<std::optional<Part>> Next() override;
  grpc::ByteBuffer SignOfLife() override;

 private:
  feed::v1::FollowChangesResponse CutMessage();

  const feed::v1::FollowChangesRequest request_;
  const std::unique_ptr<feed::Follower> follower_;
  // Read from the store, and from which change on it is still to be sent.
  feed::v1::FollowChangesResponse batch_;
  int next_ = 0;
};

}  // namespace brobygger::rpc
