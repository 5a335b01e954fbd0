// Signing in over the wire, by whoever is not signed in.
#include "core/rpc/sign_in_service.h"

#include <atomic>
#include <thread>
#include <vector>

#include <absl/synchronization/notification.h>
#include <catch2/catch.hpp>

#include "tests/support/fake_clock.h"
#include "tests/support/grpc_errors.h"
#include "tests/support/temp_folder.h"

namespace brobygger::rpc {
namespace {

namespace v1 = access::v1;
using support::ReasonOf;

// Nobody is signed in; who shows a secret is a stranger until it was wrong too often.
class Strangers final : public Callers {
 public:
  static constexpr int kMostWrong = 3;

  std::shared_ptr<const access::Caller> CallerAt(const std::string& /*peer*/) const override {
    return std::make_shared<const access::Caller>(access::Stranger());
  }
  absl::StatusOr<std::shared_ptr<const access::Caller>> CallerOf(
      const grpc::ServerContextBase& /*context*/) const override {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN, "sign in first");
  }
  absl::StatusOr<std::shared_ptr<const access::Caller>> CallerWithSecret(
      const grpc::ServerContextBase& context) const override {
    if (wrong >= kMostWrong) {
      return base::MakeRetryError(errors::v1::ERROR_REASON_TOO_MANY_TRIES, "too many",
                                  std::chrono::seconds(1));
    }
    return CallerAt(context.peer());
  }
  absl::Status TellWrongSecret(const grpc::ServerContextBase& /*context*/,
                               const char* /*what*/) const override {
    ++wrong;
    return absl::OkStatus();
  }

  mutable std::atomic<int> wrong = 0;
};

// Answers as told; Begin() waits until it may.
class FakeSignIns final : public SignIns {
 public:
  v1::GetSignInWaysResponse Ways() override {
    v1::GetSignInWaysResponse ways;
    ways.set_provider_host("login.example");
    return ways;
  }
  absl::StatusOr<v1::BeginSignInResponse> Begin(
      const v1::BeginSignInRequest& /*request*/) override {
    ++waiting;
    may_go.WaitForNotification();
    return v1::BeginSignInResponse();
  }
  absl::StatusOr<v1::FinishSignInResponse> Finish(
      const v1::FinishSignInRequest& /*request*/) override {
    v1::FinishSignInResponse answer;
    answer.mutable_sign_in()->set_access_token("at-1");
    return answer;
  }
  // The refresh token says how it goes.
  absl::StatusOr<v1::RenewSignInResponse> Renew(const v1::RenewSignInRequest& request) override {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN, "no",
                           {{"why", request.refresh_token()}});
  }
  void Stop() override {
    if (!may_go.HasBeenNotified()) may_go.Notify();
  }

  std::atomic<int> waiting = 0;
  absl::Notification may_go;
};

class Served {
 public:
  explicit Served(SignIns& sign_ins) {
    clock_.Set(base::SystemClock().Now());
    DoorOptions limits;
    limits.clock = &clock_;
    door_ = std::make_unique<Door>(strangers, limits);
    service = std::make_unique<SignInService>(sign_ins, *door_);
    const std::string address = "unix:" + (folder_.path() / "hub.sock").string();
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials());
    builder.RegisterService(service.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::SignInService::NewStub(
        grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  }
  ~Served() {
    service->Stop();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  template <typename Request, typename Response>
  std::pair<grpc::Status, Response> Call(grpc::Status (v1::SignInService::Stub::*method)(
                                             grpc::ClientContext*, const Request&, Response*),
                                         const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    Response response;
    grpc::Status status = ((*stub_).*method)(&context, request, &response);
    return {std::move(status), std::move(response)};
  }

  grpc::Status Begin() {
    return Call(&v1::SignInService::Stub::BeginSignIn, v1::BeginSignInRequest()).first;
  }
  grpc::Status Renew(const std::string& refresh_token) {
    v1::RenewSignInRequest request;
    request.set_refresh_token(refresh_token);
    return Call(&v1::SignInService::Stub::RenewSignIn, request).first;
  }
  auto Ways() { return Call(&v1::SignInService::Stub::GetSignInWays, v1::GetSignInWaysRequest()); }

  Strangers strangers;
  std::unique_ptr<SignInService> service;

 private:
  support::TempFolder folder_;
  support::FakeClock clock_;
  std::unique_ptr<Door> door_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::SignInService::Stub> stub_;
};

}  // namespace

TEST_CASE("whoever is not signed in is told how to, and gets a sign-in", "[sign_in]") {
  FakeSignIns sign_ins;
  Served served(sign_ins);
  CHECK(served.Ways().second.provider_host() == "login.example");
  const auto [status, answer] =
      served.Call(&v1::SignInService::Stub::FinishSignIn, v1::FinishSignInRequest());
  CHECK(status.ok());
  CHECK(answer.sign_in().access_token() == "at-1");
}

TEST_CASE("what a hub does not have nobody signs in by", "[sign_in]") {
  SignIns none;
  Served served(none);
  CHECK(served.Ways().first.ok());
  CHECK(served.Ways().second.provider_host().empty());
  for (const grpc::Status& status :
       {served.Begin(), served.Renew("x"),
        served.Call(&v1::SignInService::Stub::DemoSignIn, v1::DemoSignInRequest()).first}) {
    CHECK(status.error_code() == grpc::StatusCode::UNAUTHENTICATED);
    CHECK(ReasonOf(status) == "NOT_SIGNED_IN");
  }
  CHECK(served.strangers.wrong == 0);
}

TEST_CASE("wrong secrets are counted, and after them nothing is answered", "[sign_in]") {
  FakeSignIns sign_ins;
  Served served(sign_ins);
  for (const char* why : {"ended", "provider", "token_not_taken", "not_configured", ""}) {
    CHECK(ReasonOf(served.Renew(why)) == "NOT_SIGNED_IN");
  }
  CHECK(served.strangers.wrong == 0);
  for (const char* why : {"wrong_code", "wrong_nonce", "wrong_refresh_token"}) {
    CHECK(ReasonOf(served.Renew(why)) == "NOT_SIGNED_IN");
  }
  CHECK(served.strangers.wrong == Strangers::kMostWrong);
  CHECK(ReasonOf(served.Renew("wrong_code")) == "TOO_MANY_TRIES");
  CHECK(ReasonOf(served.Begin()) == "TOO_MANY_TRIES");
  CHECK(ReasonOf(served.Ways().first) == "TOO_MANY_TRIES");
  CHECK(served.strangers.wrong == Strangers::kMostWrong);
}

TEST_CASE("eight people are at the login provider at once, and the next is told to come back",
          "[sign_in]") {
  FakeSignIns sign_ins;
  Served served(sign_ins);
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> people;
    for (int i = 0; i < kMostConversations; ++i) {
      people.emplace_back([&] { done += served.Begin().ok() ? 1 : 0; });
    }
    while (sign_ins.waiting < kMostConversations) std::this_thread::yield();
    const grpc::Status next = served.Begin();
    CHECK(next.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
    CHECK(ReasonOf(next) == "OVERLOADED");
    CHECK(ReasonOf(served.Renew("ended")) == "OVERLOADED");
    // What asks nobody is answered all the same.
    CHECK(served.Ways().first.ok());
    sign_ins.may_go.Notify();
  }
  CHECK(done == kMostConversations);
  // There is room again at once, as often as somebody signs in.
  for (int i = 0; i < 2 * kMostConversations; ++i) CHECK(served.Begin().ok());
}

TEST_CASE("who waits for a login provider is answered when the hub stops", "[sign_in]") {
  FakeSignIns sign_ins;
  Served served(sign_ins);
  std::jthread waits([&served] { (void)served.Begin(); });
  while (sign_ins.waiting == 0) std::this_thread::yield();
  served.service->Stop();
  waits.join();
  CHECK(ReasonOf(served.Begin()) == "STOPPING");
}

}  // namespace brobygger::rpc
