#include "core/rpc/feed_service.h"

#include <memory>
#include <utility>

#include "core/base/status_macros.h"
#include "core/rpc/feed_news.h"
#include "core/rpc/follow_call.h"

namespace brobygger::rpc {
namespace {

const google::protobuf::ServiceDescriptor& FeedDescriptor() {
  return *feed::v1::FollowChangesRequest::descriptor()->file()->FindServiceByName("FeedService");
}

}  // namespace

FeedService::FeedService(feed::Feed& feed, Door& door, std::chrono::milliseconds heartbeat)
    : feed_(feed), entrance_{door, MethodsOf(FeedDescriptor())}, streams_(heartbeat) {}

grpc::ServerWriteReactor<grpc::ByteBuffer>* FeedService::FollowChanges(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  return ServeFollow<feed::v1::FollowChangesRequest>(
      entrance_, streams_, {"FollowChanges", context, request, nullptr},
      [this](const access::Caller& caller, feed::v1::FollowChangesRequest wanted,
             std::function<void()> wake) -> absl::StatusOr<std::unique_ptr<News>> {
        return std::make_unique<FeedNews>(feed_, caller, std::move(wanted), std::move(wake));
      });
}

}  // namespace brobygger::rpc
