#include "core/web/sign_in_client.h"

#include <utility>

#include "brobygger/access/v1/access_service.grpc.pb.h"
#include "brobygger/access/v1/join_service.grpc.pb.h"
#include "brobygger/access/v1/sign_in_service.grpc.pb.h"

namespace brobygger::web {
namespace {

using access::v1::AccessService;
using access::v1::BeginSignInRequest;
using access::v1::BeginSignInResponse;
using access::v1::DemoSignInRequest;
using access::v1::DemoSignInResponse;
using access::v1::EndSignInRequest;
using access::v1::EndSignInResponse;
using access::v1::FinishSignInRequest;
using access::v1::FinishSignInResponse;
using access::v1::GetSignInWaysRequest;
using access::v1::GetSignInWaysResponse;
using access::v1::JoinRequest;
using access::v1::JoinResponse;
using access::v1::JoinService;
using access::v1::RenewSignInRequest;
using access::v1::RenewSignInResponse;
using access::v1::SignInService;
using access::v1::WhoAmIRequest;
using access::v1::WhoAmIResponse;

// The hub asks a login provider in it.
constexpr std::chrono::seconds kHubPatience(15);
constexpr int kMostSignInBytes = 1 << 20;

template <typename Request, typename Response>
struct Call {
  explicit Call(std::function<void()> leave) : presence(std::move(leave)) {}

  const Presence presence;
  grpc::ClientContext context;
  Request request;
  Response response;
  SignInClient::Done<Response> done;
};

}  // namespace

struct SignInClient::Stubs {
  explicit Stubs(const std::shared_ptr<grpc::Channel>& channel)
      : sign_in(SignInService::NewStub(channel)),
        join(JoinService::NewStub(channel)),
        access(AccessService::NewStub(channel)) {}

  std::unique_ptr<SignInService::Stub> sign_in;
  std::unique_ptr<JoinService::Stub> join;
  std::unique_ptr<AccessService::Stub> access;
};

struct SignInClient::Caller {
  std::string address = {};
  std::string bearer = {};
};

SignInClient::SignInClient(const std::string& hub)
    : stubs_(std::make_unique<Stubs>(ConnectToHub(hub, kMostSignInBytes))) {}

SignInClient::~SignInClient() = default;

template <typename Request, typename Response, typename Method>
void SignInClient::Ask(const Caller& caller,
                       const Request& request,
                       Done<Response> done,
                       Method method) {
  auto call = std::make_shared<Call<Request, Response>>(calls_.Enter());
  call->request = request;
  call->done = std::move(done);
  SetDeadline(call->context, kHubPatience);
  ShowCaller(caller.bearer, caller.address, call->context);
  auto& open = *call;
  method(&open.context, &open.request, &open.response,
         [this, call = std::move(call)](const grpc::Status& status) {
           calls_.NoteReached(ReachedHub(status));
           const auto tell = std::move(call->done);
           if (status.ok()) return tell(std::move(call->response));
           tell(ToTellableStatus(status));
         });
}

void SignInClient::GetWays(const std::string& address, Done<GetSignInWaysResponse> done) {
  Ask({.address = address}, GetSignInWaysRequest(), std::move(done), [this](auto&&... all) {
    stubs_->sign_in->async()->GetSignInWays(std::forward<decltype(all)>(all)...);
  });
}

void SignInClient::Begin(const BeginSignInRequest& request,
                         const std::string& address,
                         Done<BeginSignInResponse> done) {
  Ask({.address = address}, request, std::move(done), [this](auto&&... all) {
    stubs_->sign_in->async()->BeginSignIn(std::forward<decltype(all)>(all)...);
  });
}

void SignInClient::Finish(const FinishSignInRequest& request,
                          const std::string& address,
                          Done<FinishSignInResponse> done) {
  Ask({.address = address}, request, std::move(done), [this](auto&&... all) {
    stubs_->sign_in->async()->FinishSignIn(std::forward<decltype(all)>(all)...);
  });
}

void SignInClient::Renew(const std::string& refresh_token,
                         const std::string& address,
                         Done<RenewSignInResponse> done) {
  RenewSignInRequest request;
  request.set_refresh_token(refresh_token);
  Ask({.address = address}, request, std::move(done), [this](auto&&... all) {
    stubs_->sign_in->async()->RenewSignIn(std::forward<decltype(all)>(all)...);
  });
}

void SignInClient::End(const EndSignInRequest& request,
                       const std::string& address,
                       Done<EndSignInResponse> done) {
  Ask({.address = address}, request, std::move(done), [this](auto&&... all) {
    stubs_->sign_in->async()->EndSignIn(std::forward<decltype(all)>(all)...);
  });
}

void SignInClient::BeDemoPerson(const std::string& person,
                                const std::string& address,
                                Done<DemoSignInResponse> done) {
  DemoSignInRequest request;
  request.set_person_key(person);
  Ask({.address = address}, request, std::move(done), [this](auto&&... all) {
    stubs_->sign_in->async()->DemoSignIn(std::forward<decltype(all)>(all)...);
  });
}

void SignInClient::Join(const JoinRequest& request,
                        const std::string& address,
                        Done<JoinResponse> done) {
  Ask({.address = address}, request, std::move(done),
      [this](auto&&... all) { stubs_->join->async()->Join(std::forward<decltype(all)>(all)...); });
}

void SignInClient::WhoAmI(const std::string& key,
                          const std::string& address,
                          Done<WhoAmIResponse> done) {
  Ask({.address = address, .bearer = key}, WhoAmIRequest(), std::move(done), [this](auto&&... all) {
    stubs_->access->async()->WhoAmI(std::forward<decltype(all)>(all)...);
  });
}

}  // namespace brobygger::web
