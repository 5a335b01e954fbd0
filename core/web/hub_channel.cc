#include "core/web/hub_channel.h"

#include "core/base/log.h"

namespace brobygger::web {
namespace {

// gRPC's own is two minutes: so long after the hub is back nobody would be answered.
constexpr int kMaxReconnectMs = 1000;

}  // namespace

std::shared_ptr<grpc::Channel> ConnectToHub(const std::string& address, int most_bytes) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(most_bytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMs);
  // A Unix socket has no host name; gRPC would send the path, percent-encoded.
  arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, "localhost");
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

void SetDeadline(grpc::ClientContext& context, std::chrono::milliseconds patience) {
  context.set_deadline(std::chrono::system_clock::now() + patience);
}

CallsUnderWay::~CallsUnderWay() {
  const absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](int* under_way) { return *under_way == 0; }, &under_way_));
}

std::function<void()> CallsUnderWay::Enter() {
  const absl::MutexLock lock(&mutex_);
  ++under_way_;
  return [this] { Leave(); };
}

void CallsUnderWay::Leave() {
  const absl::MutexLock lock(&mutex_);
  --under_way_;
}

void CallsUnderWay::NoteReached(bool reached) {
  {
    const absl::MutexLock lock(&mutex_);
    if (reached_ == reached) return;
    reached_ = reached;
  }
  if (reached) {
    base::LogInfo("hub_reached_again", {});
  } else {
    base::LogWarning("hub_not_reached", {});
  }
}

}  // namespace brobygger::web
