#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <absl/synchronization/notification.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "brobygger/feed/v1/feed_service.grpc.pb.h"
#include "brobygger/registry/v1/registry_service.grpc.pb.h"

#include "core/feed/feed.h"
#include "core/rpc/door.h"
#include "core/rpc/feed_service.h"
#include "core/rpc/registry_service.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace brobygger::rpc {

// Whoever calls is the same caller.
class OneCaller final : public Callers {
 public:
  explicit OneCaller(access::Caller caller)
      : caller_(std::make_shared<const access::Caller>(std::move(caller))) {}
  std::shared_ptr<const access::Caller> CallerAt(const std::string& /*peer*/) const override {
    return caller_;
  }

 private:
  std::shared_ptr<const access::Caller> caller_;
};

// What a test may choose about a served store.
struct ServedOptions {
  access::Caller caller = access::LocalOperator();
  int calls_in_flight = 512;
  std::chrono::milliseconds heartbeat = std::chrono::minutes(10);
  Auditor* auditor = nullptr;
};

// A store, its feed and their services on a Unix socket, and a channel to it.
// The clock stands at the machine's time, so that deadlines mean something.
class Served {
 public:
  explicit Served(std::unique_ptr<storage::Store> store = nullptr,
                  const ServedOptions& options = {})
      : callers_(options.caller) {
    clock_.Set(base::SystemClock().Now());
    store_ = store != nullptr ? std::move(store) : storage::OpenMemoryStore(clock_);
    feed_ = std::make_unique<feed::Feed>(*store_);
    DoorOptions limits;
    limits.calls_in_flight = options.calls_in_flight;
    limits.clock = &clock_;
    limits.auditor = options.auditor;
    limits.newest_revision = [this] { return (*store_->Latest())->revision(); };
    door_ = std::make_unique<Door>(callers_, limits);
    registry_service_ = std::make_unique<RegistryService>(*store_, *door_);
    feed_service_ = std::make_unique<FeedService>(*feed_, *door_, options.heartbeat);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    builder.SetMaxReceiveMessageSize(4 << 20);
    builder.RegisterService(registry_service_.get());
    builder.RegisterService(feed_service_.get());
    server_ = builder.BuildAndStart();
    channel_ = NewChannel();
    registry_ = registry::v1::RegistryService::NewStub(channel_);
  }

  ~Served() {
    feed_service_->Stop();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
  }

  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  std::string address() const { return "unix:" + (folder_.path() / "hub.sock").string(); }
  std::shared_ptr<grpc::Channel> NewChannel() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(address(), grpc::InsecureChannelCredentials(), arguments);
  }

  support::FakeClock& clock() { return clock_; }
  storage::Store& store() { return *store_; }
  Door& door() { return *door_; }
  FeedService& feed_service() { return *feed_service_; }
  registry::v1::RegistryService::Stub& registry() { return *registry_; }

  // A context whose deadline fails a test that hangs.
  static void Prepare(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  }

  // Calls a method of the registry with one request and one response.
  template <typename Response, typename Request>
  std::pair<grpc::Status, Response> Call(
      grpc::Status (registry::v1::RegistryService::Stub::*method)(grpc::ClientContext*,
                                                                  const Request&,
                                                                  Response*),
      const Request& request) {
    grpc::ClientContext context;
    Prepare(context);
    Response response;
    grpc::Status status = ((*registry_).*method)(&context, request, &response);
    return {std::move(status), std::move(response)};
  }

  // Sends bytes that no stub would send.
  grpc::Status CallRaw(const std::string& path, const std::string& bytes) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    Prepare(context);
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::Status status;
    absl::Notification done;
    stub.UnaryCall(&context, path, grpc::StubOptions(), &request, &response,
                   [&](grpc::Status result) {
                     status = std::move(result);
                     done.Notify();
                   });
    done.WaitForNotification();
    return status;
  }

 private:
  support::TempFolder folder_;
  support::FakeClock clock_;
  OneCaller callers_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<feed::Feed> feed_;
  std::unique_ptr<Door> door_;
  std::unique_ptr<RegistryService> registry_service_;
  std::unique_ptr<FeedService> feed_service_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<registry::v1::RegistryService::Stub> registry_;
};

}  // namespace brobygger::rpc
