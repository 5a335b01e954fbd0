#include "core/web/hub_client.h"

#include <chrono>
#include <utility>
#include <vector>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "brobygger/event/v1/event_service.grpc.pb.h"

#include "core/base/log.h"

namespace brobygger::web {
namespace {

constexpr std::chrono::seconds kPatience(5);
constexpr std::chrono::seconds kCheckPatience(2);
// Ten years of a busy department.
constexpr int kMaxFeedBytes = 16 << 20;
// gRPC's own is two minutes: so long after the hub is back nobody would see a feed.
constexpr int kMaxReconnectMs = 1000;

// grpc.health.v1.Health/Check of the whole server: its request is empty, and its answer
// is the field `status` with the value SERVING.
constexpr char kHealthCheck[] = "/grpc.health.v1.Health/Check";
constexpr std::string_view kServing = "\x08\x01";

// Tells, when it goes, that a call is over. First in a call, so that it goes last: gRPC lets
// go of its own part of the call after the callback has run, and until then neither the
// channel nor the library may be taken away.
class Presence {
 public:
  explicit Presence(std::function<void()> leave) : leave_(std::move(leave)) {}
  ~Presence() { leave_(); }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

 private:
  const std::function<void()> leave_;
};

struct FeedCall {
  explicit FeedCall(std::function<void()> leave) : presence(std::move(leave)) {}

  const Presence presence;
  grpc::ClientContext context;
  event::v1::GetFeedRequest request;
  event::v1::GetFeedResponse response;
  HubClient::FeedDone done;
};

struct CheckCall {
  explicit CheckCall(std::function<void()> leave) : presence(std::move(leave)) {}

  const Presence presence;
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
  std::function<void(bool)> done;
};

void SetDeadline(grpc::ClientContext& context, std::chrono::seconds patience) {
  context.set_deadline(std::chrono::system_clock::now() + patience);
}

std::string TextOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!buffer.Dump(&slices).ok()) return text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxFeedBytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMs);
  // A Unix socket has no host name; gRPC would send the path, percent-encoded.
  arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, "localhost");
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

struct HubClient::Stubs {
  explicit Stubs(const std::shared_ptr<grpc::Channel>& channel)
      : events(event::v1::EventService::NewStub(channel)), health(channel) {}

  std::unique_ptr<event::v1::EventService::Stub> events;
  grpc::GenericStub health;
};

HubClient::HubClient(const std::string& address)
    : stubs_(std::make_unique<Stubs>(Connect(address))) {}

HubClient::~HubClient() {
  const absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](int* under_way) { return *under_way == 0; }, &under_way_));
}

void HubClient::Enter() {
  const absl::MutexLock lock(&mutex_);
  ++under_way_;
}

void HubClient::Leave() {
  const absl::MutexLock lock(&mutex_);
  --under_way_;
}

void HubClient::NoteReached(bool reached) {
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

void HubClient::GetFeed(const std::string& secret, const std::string& etag, FeedDone done) {
  Enter();
  auto call = std::make_shared<FeedCall>([this] { Leave(); });
  SetDeadline(call->context, kPatience);
  call->request.set_secret(secret);
  call->request.set_etag(etag);
  call->done = std::move(done);
  FeedCall& open = *call;
  stubs_->events->async()->GetFeed(
      &open.context, &open.request, &open.response,
      [this, call = std::move(call)](const grpc::Status& status) {
        NoteReached(status.error_code() != grpc::StatusCode::UNAVAILABLE);
        if (const FeedDone tell = std::move(call->done); status.ok()) {
          tell(std::move(call->response));
        } else {
          tell(absl::Status(static_cast<absl::StatusCode>(status.error_code()), ""));
        }
      });
}

void HubClient::Check(std::function<void(bool)> done) {
  Enter();
  auto call = std::make_shared<CheckCall>([this] { Leave(); });
  SetDeadline(call->context, kCheckPatience);
  const grpc::Slice empty;
  call->request = grpc::ByteBuffer(&empty, 1);
  call->done = std::move(done);
  CheckCall& open = *call;
  stubs_->health.UnaryCall(&open.context, kHealthCheck, grpc::StubOptions(), &open.request,
                           &open.response,
                           [this, call = std::move(call)](const grpc::Status& status) {
                             NoteReached(status.error_code() != grpc::StatusCode::UNAVAILABLE);
                             const auto tell = std::move(call->done);
                             tell(status.ok() && TextOf(call->response) == kServing);
                           });
}

}  // namespace brobygger::web
