// Signing in at the municipality's login provider, from a terminal: OAuth 2.0 Device Authorization
// Grant (RFC 8628). The password is typed in a browser at the provider, never here.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/daemon/https_call.h"

namespace brobygger::cli {

// Where to sign in, and as which program.
struct LoginClient {
  std::string issuer = {};     // the provider's address, as it stands in its tokens
  std::string client_id = {};  // what the provider knows the command line by
  std::string scope = {};      // what is asked for; "" asks for nothing by name
};

// What signing in gives.
struct Tokens {
  std::string access_token = {};
  std::string refresh_token = {};  // "": there is none, so one signs in again when it has ended
  base::Instant expires_at = {};
  // Where the provider takes the refresh token, and where it takes it back ("": nowhere).
  std::string token_endpoint = {};
  std::string revocation_endpoint = {};
};

// What the person is told to do.
struct DeviceCode {
  std::string user_code;
  std::string verification_uri;
  std::string complete_uri = {};  // the same with the code in it; "": the provider gives none
  std::chrono::seconds good_for;
};

// What signing in needs of the world, given to it so that tests need neither network nor time.
struct LoginWorld {
  using Form = std::vector<std::pair<std::string, std::string>>;
  // POSTs a form, or GETs if it is empty; errors as daemon::Ask().
  std::function<absl::StatusOr<daemon::HttpsAnswer>(const std::string& url, const Form& form)> ask;
  // CANCELLED as soon as the person gives up.
  std::function<absl::Status(std::chrono::seconds)> wait;
  std::function<void(const DeviceCode&)> show;
  const base::Clock* clock = &base::SystemClock();
};

// Finds the provider's addresses (OpenID Connect Discovery, RFC 8414), gets a code, shows it, and
// asks at the provider's pace until somebody has used it. Everything that a provider says is
// looked at: another issuer, an address that is not https, or a token that no header can hold is
// refused.
//
// PERMISSION_DENIED: the person said no. UNAUTHENTICATED: the code has run out. CANCELLED: given up
// here. FAILED_PRECONDITION, in a sentence for a person, whatever else is wrong.
absl::StatusOr<Tokens> LoginByCode(const LoginClient& client, const LoginWorld& world);

// The next access token (RFC 6749 section 6). UNAUTHENTICATED: the provider does not take the
// refresh token any more. UNAVAILABLE: it does not answer. A provider that gives no new refresh
// token lets the old one go on.
absl::StatusOr<Tokens> RenewTokens(const LoginClient& client,
                                   const Tokens& old,
                                   const LoginWorld& world);

// Tells the provider that the refresh token is of no use any more (RFC 7009), if it takes that.
absl::Status RevokeTokens(const LoginClient& client, const Tokens& tokens, const LoginWorld& world);

}  // namespace brobygger::cli
