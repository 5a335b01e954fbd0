#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <grpcpp/grpcpp.h>

#include "brobygger/access/v1/access_service.grpc.pb.h"
#include "brobygger/access/v1/join_service.grpc.pb.h"
#include "brobygger/access/v1/sign_in_service.grpc.pb.h"

namespace brobygger::web {

// The hub as whoever signs in at the page sees it, on a Unix socket: a login provider that takes
// the code "good", a demo person "caseworker", an invitation "CODE", and WhoAmI, which answers with
// the token it was shown. Thread-safe.
class FakeSignIn {
 public:
  explicit FakeSignIn(const std::string& socket) : address_("unix:" + socket) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address_, grpc::InsecureServerCredentials());
    builder.RegisterService(&sign_in_);
    builder.RegisterService(&join_);
    builder.RegisterService(&access_);
    server_ = builder.BuildAndStart();
    REQUIRE(server_ != nullptr);
  }
  ~FakeSignIn() { server_->Shutdown(std::chrono::system_clock::now()); }
  FakeSignIn(const FakeSignIn&) = delete;
  FakeSignIn& operator=(const FakeSignIn&) = delete;

  const std::string& address() const { return address_; }

  // What shows this is not known any more.
  void Refuse(const std::string& authorization) {
    const std::lock_guard lock(access_.mutex);
    access_.refused = authorization;
  }

  access::v1::BeginSignInRequest begun() const { return Locked(sign_in_.begun); }
  access::v1::FinishSignInRequest finished() const { return Locked(sign_in_.finished); }
  access::v1::EndSignInRequest ended() const { return Locked(sign_in_.ended); }

 private:
  static std::string Shown(const grpc::ServerContext& context, const char* name) {
    const auto found = context.client_metadata().find(name);
    return found == context.client_metadata().end()
               ? ""
               : std::string(found->second.data(), found->second.size());
  }

  struct SignIns final : access::v1::SignInService::Service {
    grpc::Status GetSignInWays(grpc::ServerContext* /*context*/,
                               const access::v1::GetSignInWaysRequest* /*request*/,
                               access::v1::GetSignInWaysResponse* response) override {
      response->set_provider_host("login.fjordby.example");
      auto& person = *response->add_demo_people();
      person.set_key("caseworker");
      person.set_title_da("Sagsbehandler");
      return grpc::Status::OK;
    }
    grpc::Status BeginSignIn(grpc::ServerContext* /*context*/,
                             const access::v1::BeginSignInRequest* request,
                             access::v1::BeginSignInResponse* response) override {
      const std::lock_guard lock(mutex);
      begun = *request;
      response->set_authorization_url("https://login.fjordby.example/auth?state=" +
                                      request->state());
      return grpc::Status::OK;
    }
    grpc::Status FinishSignIn(grpc::ServerContext* /*context*/,
                              const access::v1::FinishSignInRequest* request,
                              access::v1::FinishSignInResponse* response) override {
      const std::lock_guard lock(mutex);
      finished = *request;
      if (request->code() != "good") return {grpc::StatusCode::UNAUTHENTICATED, "wrong code"};
      Fill("provider-token", *response->mutable_sign_in());
      response->mutable_sign_in()->set_id_token("id-token");
      response->mutable_sign_in()->set_display_name("Mette Holm");
      return grpc::Status::OK;
    }
    grpc::Status EndSignIn(grpc::ServerContext* /*context*/,
                           const access::v1::EndSignInRequest* request,
                           access::v1::EndSignInResponse* response) override {
      const std::lock_guard lock(mutex);
      ended = *request;
      response->set_end_session_url("https://login.fjordby.example/logout");
      return grpc::Status::OK;
    }
    grpc::Status DemoSignIn(grpc::ServerContext* /*context*/,
                            const access::v1::DemoSignInRequest* request,
                            access::v1::DemoSignInResponse* response) override {
      if (request->person_key() != "caseworker") {
        return {grpc::StatusCode::INVALID_ARGUMENT, "there is no such person"};
      }
      Fill("demo-token", *response->mutable_sign_in());
      return grpc::Status::OK;
    }

    static void Fill(const std::string& token, access::v1::SignIn& sign_in) {
      sign_in.set_access_token(token);
      sign_in.set_refresh_token("refresh-token");
      constexpr std::int64_t kFarAway = 4'000'000'000;
      sign_in.mutable_expire_time()->set_seconds(kFarAway);
    }

    mutable std::mutex mutex;
    access::v1::BeginSignInRequest begun;
    access::v1::FinishSignInRequest finished;
    access::v1::EndSignInRequest ended;
  };

  struct Joins final : access::v1::JoinService::Service {
    grpc::Status Join(grpc::ServerContext* /*context*/,
                      const access::v1::JoinRequest* request,
                      access::v1::JoinResponse* response) override {
      if (request->code() != "CODE") return {grpc::StatusCode::UNAUTHENTICATED, "wrong code"};
      response->set_key("bb_1234_secret");
      response->set_official_name("Lektiecaféen");
      return grpc::Status::OK;
    }
  };

  struct Access final : access::v1::AccessService::Service {
    grpc::Status WhoAmI(grpc::ServerContext* context,
                        const access::v1::WhoAmIRequest* /*request*/,
                        access::v1::WhoAmIResponse* response) override {
      const std::string shown = Shown(*context, "authorization");
      const std::lock_guard lock(mutex);
      if (shown.empty() || shown == refused || shown == "Bearer bb_wrong" ||
          shown == "Bearer bb_") {
        return {grpc::StatusCode::UNAUTHENTICATED, "sign in first"};
      }
      response->set_actor(shown);
      response->set_purpose(Shown(*context, "brobygger-purpose"));
      response->set_elsewhere(Shown(*context, "brobygger-client-address"));
      return grpc::Status::OK;
    }

    std::mutex mutex;
    std::string refused;
  };

  template <typename Message>
  Message Locked(const Message& message) const {
    const std::lock_guard lock(sign_in_.mutex);
    return message;
  }

  const std::string address_;
  SignIns sign_in_;
  Joins join_;
  Access access_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace brobygger::web
