#include "core/rpc/follow_streams.h"

#include <utility>

#include <absl/time/time.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/rpc/unary_call.h"

namespace brobygger::rpc {
namespace {

absl::Status Stopping() {
  return base::MakeError(errors::v1::ERROR_REASON_STOPPING,
                         "the hub is stopping; follow again when it is back");
}

}  // namespace

// Half of the heartbeat: what was sent right after one tick is followed by
// silence until the tick after the next.
FollowStreams::FollowStreams(std::chrono::milliseconds heartbeat)
    : tick_(heartbeat / 2), thread_([this] { Run(); }) {}

FollowStreams::~FollowStreams() { Stop(); }

grpc::ServerWriteReactor<grpc::ByteBuffer>* FollowStreams::Serve(const Begin& begin) {
  auto stream = std::make_shared<FollowStream>();
  FollowStream* reactor = stream.get();
  {
    const absl::MutexLock lock(&mutex_);
    streams_[reactor] = stream;
  }
  reactor->OnGone([this, reactor] { Forget(reactor); });
  const std::weak_ptr<FollowStream> weak = stream;
  const absl::Status begun = Guarded([&]() -> absl::Status {
    BB_ASSIGN_OR_RETURN(auto parts, begin([this, weak] { Ready(weak); }));
    stream->Begin(std::move(parts));
    return absl::OkStatus();
  });
  if (begun.ok()) {
    Ready(stream);
  } else {
    stream->EndWith(begun);
    stream->Pump();
  }
  return reactor;
}

void FollowStreams::Forget(const FollowStream* stream) {
  std::shared_ptr<FollowStream> last;  // destroyed after the lock is given back
  const absl::MutexLock lock(&mutex_);
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  last = std::move(found->second);
  streams_.erase(found);
}

void FollowStreams::Ready(const std::weak_ptr<FollowStream>& stream) {
  const absl::MutexLock lock(&mutex_);
  ready_.push_back(stream);
}

void FollowStreams::WakeAll() {
  const absl::MutexLock lock(&mutex_);
  for (const auto& [key, stream] : streams_) ready_.emplace_back(stream);
}

FollowStreams::Streams FollowStreams::All() const {
  const absl::MutexLock lock(&mutex_);
  Streams all;
  for (const auto& [key, stream] : streams_) all.push_back(stream);
  return all;
}

void FollowStreams::Run() {
  auto next_tick = std::chrono::steady_clock::now() + tick_;
  while (true) {
    std::vector<std::weak_ptr<FollowStream>> ready;
    bool stopping = false;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(this, &FollowStreams::Woken),
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

void FollowStreams::Stop() {
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
