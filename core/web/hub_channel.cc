#include "core/web/hub_channel.h"

#include <vector>

#include <absl/strings/cord.h>

#include "google/rpc/status.pb.h"

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

absl::Status ToStatus(const grpc::Status& status) {
  absl::Status made(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status rich;
  if (!rich.ParseFromString(status.error_details())) return made;
  for (const auto& detail : rich.details()) {
    made.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return made;
}

absl::Status ToTellableStatus(const grpc::Status& status) {
  if (status.ok() || !status.error_details().empty()) return ToStatus(status);
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return absl::UnavailableError("the hub does not answer just now; try again");
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::DeadlineExceededError("there was no answer in time");
    case grpc::StatusCode::CANCELLED:
      return absl::CancelledError("the caller cancelled");
    default:
      return {static_cast<absl::StatusCode>(status.error_code()),
              "the hub could not answer; its log says more"};
  }
}

bool ReachedHub(const grpc::Status& status) {
  return status.error_code() != grpc::StatusCode::UNAVAILABLE || !status.error_details().empty();
}

std::string TextOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!buffer.Dump(&slices).ok()) return text;
  text.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

void ShowCaller(const std::string& bearer,
                const std::string& address,
                grpc::ClientContext& context) {
  if (!bearer.empty()) context.AddMetadata("authorization", "Bearer " + bearer);
  // What stands there is an address or nothing at all; gRPC takes printable signs only.
  constexpr std::size_t kLongest = 64;
  const bool is_address =
      address.find_first_not_of("0123456789abcdefABCDEF.:") == std::string::npos &&
      address.size() <= kLongest;
  if (is_address && !address.empty()) context.AddMetadata("brobygger-client-address", address);
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
