#include "core/rpc/door.h"

#include <thread>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "tests/core/rpc/served.h"

namespace brobygger::rpc {
namespace {

namespace v1 = registry::v1;

// Together far more than a connection takes before its client reads: 64 KiB.
constexpr int kAssociations = 200;

// A caller who asked for all associations and reads only that there is an answer, so
// that the hub cannot get rid of the rest.
class SlowReader {
 public:
  explicit SlowReader(const Served& served) : stub_(v1::RegistryService::NewStub(Channel(served))) {
    Served::Prepare(context_);
    v1::ListAssociationsRequest request;
    request.set_page_size(kAssociations);
    call_ = stub_->PrepareAsyncListAssociations(&context_, request, &queue_);
    call_->StartCall();
    call_->ReadInitialMetadata(this);
    AwaitQueue();
  }
  ~SlowReader() {
    context_.TryCancel();
    queue_.Shutdown();
  }

  grpc::Status ReadOn() {
    grpc::Status status;
    call_->Finish(&response_, &status, this);
    AwaitQueue();
    return status;
  }
  const v1::ListAssociationsResponse& response() const { return response_; }

 private:
  static std::shared_ptr<grpc::Channel> Channel(const Served& served) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    // Otherwise the connection finds out that it could take more.
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    return grpc::CreateCustomChannel(served.address(), grpc::InsecureChannelCredentials(),
                                     arguments);
  }
  void AwaitQueue() {
    void* tag = nullptr;
    bool ok = false;
    REQUIRE(queue_.Next(&tag, &ok));
  }

  std::unique_ptr<v1::RegistryService::Stub> stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  v1::ListAssociationsResponse response_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::ListAssociationsResponse>> call_;
};

void Fill(Served& served) {
  for (int number = 0; number < kAssociations; ++number) {
    v1::CreateAssociationRequest request;
    auto& association = *request.mutable_association();
    association.set_official_name("Forening " + std::to_string(number));
    association.set_municipality_code("0615");
    (*association.mutable_purpose()->mutable_by_language())["da"] = std::string(1900, 'x');
    const auto [status, response] =
        served.Call(&v1::RegistryService::Stub::CreateAssociation, request);
    INFO(status.error_message());
    REQUIRE(status.ok());
  }
}

// Returns when that many calls are inside: gRPC tells late that an answer was sent.
void AwaitInside(const Door& door, int count) {
  while (door.in_flight() != count) std::this_thread::yield();
}

TEST_CASE("a call that was answered makes room, though its answer is still on its way") {
  Served served(nullptr, {.calls_in_flight = 1});
  Fill(served);
  SlowReader slow(served);
  AwaitInside(served.door(), 1);

  const auto next =
      served.Call(&v1::RegistryService::Stub::ListMunicipalities, v1::ListMunicipalitiesRequest());
  INFO(next.first.error_message());
  CHECK(next.first.ok());
  AwaitInside(served.door(), 1);

  CHECK(slow.ReadOn().ok());
  CHECK(slow.response().associations_size() == kAssociations);
}

TEST_CASE("a door counts who is inside, answered or not, and lets only so many in unanswered") {
  const OneCaller callers(access::LocalOperator());
  DoorOptions options;
  options.calls_in_flight = 1;
  Door door(callers, options);
  const Methods methods =
      MethodsOf(*v1::AsOf::descriptor()->file()->FindServiceByName("RegistryService"));
  const grpc::CallbackServerContext context;
  const auto enter = [&] { return door.Enter(methods, "GetAssociation", context); };
  {
    auto first = enter();
    REQUIRE(first.ok());
    CHECK(base::ReasonOf(enter().status()) == errors::v1::ERROR_REASON_OVERLOADED);
    CHECK(door.in_flight() == 1);

    first->Answered();
    first->Answered();  // a second answer makes no second place
    const auto second = enter();
    CHECK(second.ok());
    CHECK(base::ReasonOf(enter().status()) == errors::v1::ERROR_REASON_OVERLOADED);
    CHECK(door.in_flight() == 2);
    CHECK_FALSE(door.AwaitEmpty(std::chrono::steady_clock::now()));
  }
  CHECK(door.in_flight() == 0);
  CHECK(enter().ok());
}

}  // namespace
}  // namespace brobygger::rpc
