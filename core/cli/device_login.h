// Signing in at the municipality's login provider, from a terminal: OAuth 2.0 Device Authorization
// Grant (RFC 8628). The password is typed in a browser at the provider, never here.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/daemon/login_provider.h"

namespace brobygger::cli {

using daemon::LoginClient;
using daemon::Tokens;

// What the person is told to do.
struct DeviceCode {
  std::string user_code;
  std::string verification_uri;
  std::string complete_uri = {};  // the same with the code in it; "": the provider gives none
  std::chrono::seconds good_for;
};

// What signing in needs of the world.
struct LoginWorld : daemon::ProviderWorld {
  // CANCELLED as soon as the person gives up.
  std::function<absl::Status(std::chrono::seconds)> wait;
  std::function<void(const DeviceCode&)> show;
};

// Finds the provider's addresses (OpenID Connect Discovery, RFC 8414), gets a code, shows it, and
// asks at the provider's pace until somebody has used it. Everything that a provider says is
// looked at: another issuer, an address that is not https, or a token that no header can hold is
// refused.
//
// PERMISSION_DENIED: the person said no. UNAUTHENTICATED: the code has run out. CANCELLED: given up
// here. FAILED_PRECONDITION, in a sentence for a person, whatever else is wrong.
absl::StatusOr<Tokens> LoginByCode(const LoginClient& client, const LoginWorld& world);

}  // namespace brobygger::cli
