#pragma once

#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace brobygger::cli {

// How somebody signs in: kept in a file of their own, so that it need not be said each time.
struct Profile {
  std::string server = {};
  std::string token_file = {};  // holds an access token or an API key; read at each call
  std::string purpose = {};
};

// $XDG_CONFIG_HOME/brobygger/<profile>.toml, or the same below ~/.config.
std::string ProfilePath(const std::string& profile);

// An empty one if there is no such file. INVALID_ARGUMENT if it cannot be read, or the name is
// none ([a-z0-9-], at most 40).
absl::StatusOr<Profile> LoadProfile(const std::string& profile);

// For its owner's eyes only (0600).
absl::Status SaveProfile(const std::string& name, const Profile& profile);

// What stands in a token file. INVALID_ARGUMENT: it cannot be read, is empty or has several lines.
absl::StatusOr<std::string> ReadToken(const std::string& path);

}  // namespace brobygger::cli
