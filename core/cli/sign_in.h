#pragma once

#include <functional>
#include <string>

#include <absl/status/status.h>

#include "core/cli/device_login.h"
#include "core/cli/interrupts.h"
#include "core/cli/profile.h"

namespace brobygger::cli {

// The login provider as it is: over TLS, through the proxy that the environment names. Ctrl-C ends
// it (CANCELLED) at any moment while this lives. `interrupts` must outlive what is returned; `show`
// is told the code.
LoginWorld RealWorld(std::string ca_file,
                     Interrupts& interrupts,
                     std::function<void(const DeviceCode&)> show);

// What a profile shows the hub. An access token is renewed a minute before it ends, by one process
// at a time, and kept in the profile. For one thread.
class SignIn {
 public:
  SignIn() = default;
  SignIn(std::string name, Profile profile)
      : name_(std::move(name)), profile_(std::move(profile)) {}

  // The token to show now; "" if there is none. Says once through `warn` why one cannot be had.
  std::string Token(Interrupts& interrupts, const std::function<void(const std::string&)>& warn);

 private:
  absl::Status Renew(Interrupts& interrupts);

  std::string name_;
  Profile profile_;
  bool gave_up_ = false;
};

}  // namespace brobygger::cli
