#include "core/rpc/feed_news.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/rpc/messages.h"
#include "core/scope/scoped_store.h"

namespace brobygger::rpc {
namespace {

// A message holds no more than this, unless one revision does: it is never split.
constexpr int kMostChanges = 500;
constexpr std::size_t kMostBytes = 512 << 10;

}  // namespace

FeedNews::FeedNews(feed::Feed& feed,
                   const access::Caller& caller,
                   feed::v1::FollowChangesRequest request,
                   std::function<void()> wake)
    : request_(std::move(request)),
      follower_(
          feed.Follow(request_.after_revision(), std::move(wake), [&caller](storage::Store& store) {
            return std::make_unique<const scope::ScopedStore>(store, caller);
          })) {}

absl::StatusOr<std::optional<News::Part>> FeedNews::Next() {
  if (next_ == batch_.changes_size()) {
    BB_ASSIGN_OR_RETURN(batch_, follower_->NextBatch(kMostChanges, request_.include_records()));
    next_ = 0;
  }
  std::optional<Part> part;
  if (!batch_.changes().empty()) {
    const auto message = CutMessage();
    part.emplace(
        Part{.bytes = ToBytes(message), .rows = static_cast<std::size_t>(message.changes_size())});
  } else if (request_.stop_at_end()) {
    part.emplace(Part{.bytes = ToBytes(batch_), .rows = 0, .last = true});
  }
  return part;
}

grpc::ByteBuffer FeedNews::SignOfLife() { return ToBytes(batch_); }

// Whole revisions from what was read, as many as fit into one message.
feed::v1::FollowChangesResponse FeedNews::CutMessage() {
  feed::v1::FollowChangesResponse message;
  std::size_t bytes = 0;
  while (next_ < batch_.changes_size()) {
    const auto& change = batch_.changes(next_);
    bytes += change.ByteSizeLong();
    const bool new_revision = change.revision() != message.through_revision();
    if (new_revision && bytes > kMostBytes && !message.changes().empty()) return message;
    message.set_through_revision(change.revision());
    message.mutable_changes()->Add(std::move(*batch_.mutable_changes(next_++)));
  }
  message.set_through_revision(batch_.through_revision());
  return message;
}

}  // namespace brobygger::rpc
