#pragma once

#include <functional>
#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/access/v1/access_service.pb.h"
#include "brobygger/access/v1/join_service.pb.h"
#include "brobygger/access/v1/sign_in_service.pb.h"

#include "core/web/hub_channel.h"

namespace brobygger::web {

// What the door asks the hub about signing in, over the socket for callers, as a stranger: the hub
// speaks with the login provider and holds what only it may. `address` is where the browser comes
// from, by which the hub counts guesses. Without waiting; `done` runs on one of gRPC's threads,
// with the hub's own error where it refuses. Thread-safe.
class SignInClient {
 public:
  template <typename Response>
  using Done = std::function<void(absl::StatusOr<Response>)>;

  explicit SignInClient(const std::string& hub);
  // Waits for the calls under way, and for what they call back.
  ~SignInClient();
  SignInClient(const SignInClient&) = delete;
  SignInClient& operator=(const SignInClient&) = delete;

  void GetWays(const std::string& address, Done<access::v1::GetSignInWaysResponse> done);
  void Begin(const access::v1::BeginSignInRequest& request,
             const std::string& address,
             Done<access::v1::BeginSignInResponse> done);
  void Finish(const access::v1::FinishSignInRequest& request,
              const std::string& address,
              Done<access::v1::FinishSignInResponse> done);
  void Renew(const std::string& refresh_token,
             const std::string& address,
             Done<access::v1::RenewSignInResponse> done);
  void End(const access::v1::EndSignInRequest& request,
           const std::string& address,
           Done<access::v1::EndSignInResponse> done);
  void BeDemoPerson(const std::string& person,
                    const std::string& address,
                    Done<access::v1::DemoSignInResponse> done);
  void Join(const access::v1::JoinRequest& request,
            const std::string& address,
            Done<access::v1::JoinResponse> done);
  // Whose an API key is.
  void WhoAmI(const std::string& key,
              const std::string& address,
              Done<access::v1::WhoAmIResponse> done);

 private:
  struct Stubs;
  struct Caller;

  template <typename Request, typename Response, typename Method>
  void Ask(const Caller& caller, const Request& request, Done<Response> done, Method method);

  const std::unique_ptr<Stubs> stubs_;
  CallsUnderWay calls_;  // gone, and so waited for, before the stubs
};

}  // namespace brobygger::web
