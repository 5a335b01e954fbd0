#pragma once

#include <absl/status/statusor.h>

#include "brobygger/access/v1/sign_in_service.pb.h"

#include "core/base/error.h"

namespace brobygger::rpc {

// How people sign in from the web page. What an implementation does not override nobody can do:
// NOT_SIGNED_IN, `why` "not_configured". An error of a secret that is wrong has a `why` that begins
// with "wrong_". All but Ways() and Demo() may wait for the network, for some seconds.
// Thread-safe.
class SignIns {
 public:
  virtual ~SignIns() = default;

  virtual access::v1::GetSignInWaysResponse Ways() { return {}; }

  virtual absl::StatusOr<access::v1::BeginSignInResponse> Begin(
      const access::v1::BeginSignInRequest& /*request*/) {
    return NotConfigured();
  }
  virtual absl::StatusOr<access::v1::FinishSignInResponse> Finish(
      const access::v1::FinishSignInRequest& /*request*/) {
    return NotConfigured();
  }
  virtual absl::StatusOr<access::v1::RenewSignInResponse> Renew(
      const access::v1::RenewSignInRequest& /*request*/) {
    return NotConfigured();
  }
  virtual absl::StatusOr<access::v1::EndSignInResponse> End(
      const access::v1::EndSignInRequest& /*request*/) {
    return NotConfigured();
  }
  virtual absl::StatusOr<access::v1::DemoSignInResponse> Demo(
      const access::v1::DemoSignInRequest& /*request*/) {
    return NotConfigured();
  }

  // Ends what waits, within about a second; nothing is asked any more.
  virtual void Stop() {}

 protected:
  static absl::Status NotConfigured() {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN,
                           "nobody can sign in in this way at this hub; ask whoever runs it",
                           {{"why", "not_configured"}});
  }
};

}  // namespace brobygger::rpc
