#pragma once

#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/cli/device_login.h"

namespace brobygger::cli {

// How somebody signs in: kept in a file of their own, so that it need not be said each time.
struct Profile {
  std::string server = {};
  std::string token_file = {};  // holds an access token or an API key; read at each call
  std::string purpose = {};
  // Files of a client certificate and its key, in PEM, with which a system calls; both or none.
  std::string certificate_file = {};
  std::string key_file = {};
  // Where and as what `brobygger login` signs in, and what it got there; instead of a token file.
  LoginClient client = {};
  std::string ca_file = {};  // of the authorities that vouch for the provider; "": the machine's
  Tokens tokens = {};
};

// $XDG_CONFIG_HOME/brobygger/<profile>.toml, or the same below ~/.config.
std::string ProfilePath(const std::string& profile);

// An empty one if there is no such file. INVALID_ARGUMENT if it cannot be read, or the name is
// none ([a-z0-9-], at most 40).
absl::StatusOr<Profile> LoadProfile(const std::string& profile);

// For its owner's eyes only (0600). Whoever reads it meanwhile reads the old one or the new one.
absl::Status SaveProfile(const std::string& name, const Profile& profile);

// Held by whoever renews a profile's tokens: of two that show one refresh token the provider takes
// the second for a thief's, and ends the sign-in. Waits for another to let go.
class ProfileLock {
 public:
  explicit ProfileLock(const std::string& profile);
  ~ProfileLock();
  ProfileLock(const ProfileLock&) = delete;
  ProfileLock& operator=(const ProfileLock&) = delete;

 private:
  int descriptor_;
};

// What stands in a file of a certificate or key. INVALID_ARGUMENT if it cannot be read or is empty.
absl::StatusOr<std::string> ReadPem(const std::string& path);

// What stands in a token file. INVALID_ARGUMENT: it cannot be read, is empty or has several lines.
absl::StatusOr<std::string> ReadToken(const std::string& path);

}  // namespace brobygger::cli
