#include "core/web/hub_client.h"

#include <chrono>
#include <utility>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "brobygger/event/v1/event_service.grpc.pb.h"

namespace brobygger::web {
namespace {

constexpr std::chrono::seconds kPatience(5);
constexpr std::chrono::seconds kCheckPatience(2);
// Ten years of a busy department.
constexpr int kMaxFeedBytes = 16 << 20;
// grpc.health.v1.Health/Check of the whole server: its request is empty, and its answer
// is the field `status` with the value SERVING.
constexpr char kHealthCheck[] = "/grpc.health.v1.Health/Check";
constexpr std::string_view kServing = "\x08\x01";

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

}  // namespace

struct HubClient::Stubs {
  explicit Stubs(const std::shared_ptr<grpc::Channel>& channel)
      : events(event::v1::EventService::NewStub(channel)), health(channel) {}

  std::unique_ptr<event::v1::EventService::Stub> events;
  grpc::GenericStub health;
};

HubClient::HubClient(const std::string& address)
    : stubs_(std::make_unique<Stubs>(ConnectToHub(address, kMaxFeedBytes))) {}

HubClient::~HubClient() = default;

void HubClient::GetFeed(const std::string& secret, const std::string& etag, FeedDone done) {
  auto call = std::make_shared<FeedCall>(calls_.Enter());
  SetDeadline(call->context, kPatience);
  call->request.set_secret(secret);
  call->request.set_etag(etag);
  call->done = std::move(done);
  FeedCall& open = *call;
  stubs_->events->async()->GetFeed(
      &open.context, &open.request, &open.response,
      [this, call = std::move(call)](const grpc::Status& status) {
        calls_.NoteReached(status.error_code() != grpc::StatusCode::UNAVAILABLE);
        if (const FeedDone tell = std::move(call->done); status.ok()) {
          tell(std::move(call->response));
        } else {
          tell(absl::Status(static_cast<absl::StatusCode>(status.error_code()), ""));
        }
      });
}

void HubClient::Check(std::function<void(bool)> done) {
  auto call = std::make_shared<CheckCall>(calls_.Enter());
  SetDeadline(call->context, kCheckPatience);
  const grpc::Slice empty;
  call->request = grpc::ByteBuffer(&empty, 1);
  call->done = std::move(done);
  CheckCall& open = *call;
  stubs_->health.UnaryCall(
      &open.context, kHealthCheck, grpc::StubOptions(), &open.request, &open.response,
      [this, call = std::move(call)](const grpc::Status& status) {
        calls_.NoteReached(status.error_code() != grpc::StatusCode::UNAVAILABLE);
        const auto tell = std::move(call->done);
        tell(status.ok() && TextOf(call->response) == kServing);
      });
}

}  // namespace brobygger::web
