#include "core/rpc/feed_service.h"

#include <utility>

#include <absl/time/time.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::rpc {
namespace {

const google::protobuf::ServiceDescriptor& Descriptor() {
  return *feed::v1::FollowChangesRequest::descriptor()->file()->FindServiceByName("FeedService");
}

absl::Status Stopping() {
  return base::MakeError(errors::v1::ERROR_REASON_STOPPING,
                         "the hub is stopping; follow again when it is back");
}

}  // namespace

// Half of the heartbeat: what was sent right after one tick is followed by
// silence until the tick after the next.
FeedService::FeedService(feed::Feed& feed, Door& door, std::chrono::milliseconds heartbeat)
    : feed_(feed), entrance_{door, MethodsOf(Descriptor())}, tick_(heartbeat / 2), thread_([this] {
        Run();
      }) {}

FeedService::~FeedService() { Stop(); }

grpc::ServerWriteReactor<grpc::ByteBuffer>* FeedService::FollowChanges(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  auto stream = std::make_shared<FeedStream>();
  FeedStream* reactor = stream.get();
  {
    const absl::MutexLock lock(&mutex_);
    streams_[reactor] = stream;
  }
  reactor->OnGone([this, reactor] { Forget(reactor); });
  const absl::Status begun = Guarded([&] { return Begin(stream, *context, *request); });
  if (begun.ok()) {
    Ready(stream);
  } else {
    stream->EndWith(begun);
    stream->Pump();
  }
  return reactor;
}

absl::Status FeedService::Begin(const std::shared_ptr<FeedStream>& stream,
                                const grpc::CallbackServerContext& context,
                                const grpc::ByteBuffer& bytes) {
  BB_ASSIGN_OR_RETURN(Door::Pass pass,
                      entrance_.door.Enter(entrance_.methods, "FollowChanges", context));
  feed::v1::FollowChangesRequest request;
  BB_RETURN_IF_ERROR(ParseRequest(bytes, entrance_.door.options().request_bytes, &request));
  BB_RETURN_IF_ERROR(
      entrance_.door.AuditNow(entrance_.methods.at("FollowChanges"), pass.caller(), request));
  const std::weak_ptr<FeedStream> weak = stream;
  stream->Begin(feed_, request, std::move(pass), [this, weak] { Ready(weak); });
  return absl::OkStatus();
}

void FeedService::Forget(const FeedStream* stream) {
  std::shared_ptr<FeedStream> last;  // destroyed after the lock is given back
  const absl::MutexLock lock(&mutex_);
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  last = std::move(found->second);
  streams_.erase(found);
}

void FeedService::Ready(const std::weak_ptr<FeedStream>& stream) {
  const absl::MutexLock lock(&mutex_);
  ready_.push_back(stream);
}

FeedService::Streams FeedService::All() const {
  const absl::MutexLock lock(&mutex_);
  Streams all;
  for (const auto& [key, stream] : streams_) all.push_back(stream);
  return all;
}

void FeedService::Run() {
  auto next_tick = std::chrono::steady_clock::now() + tick_;
  while (true) {
    std::vector<std::weak_ptr<FeedStream>> ready;
    bool stopping = false;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(this, &FeedService::Woken),
                              absl::FromChrono(next_tick - std::chrono::steady_clock::now()));
      ready.swap(ready_);
      stopping = stopping_;
    }
    for (const auto& weak : ready) {
      if (const auto stream = weak.lock()) stream->Pump();
    }
    if (stopping) return;
    if (std::chrono::steady_clock::now() < next_tick) continue;
    for (const auto& stream : All()) stream->Pump(/*tick=*/true);
    next_tick = std::chrono::steady_clock::now() + tick_;
  }
}

void FeedService::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
  for (const auto& stream : All()) {
    stream->EndWith(Stopping());
    stream->Pump();
  }
}

}  // namespace brobygger::rpc
