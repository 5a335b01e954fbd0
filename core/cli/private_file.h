// What the command line keeps for whoever uses it.
#pragma once

#include <string>

#include <absl/status/status.h>

namespace brobygger::cli {

// $XDG_CONFIG_HOME/brobygger, or the same below ~/.config.
std::string ConfigFolder();

// INVALID_ARGUMENT unless it is a name such a file may have ([a-z0-9-], at most 40); `what` is what
// has the name: "A profile".
absl::Status CheckPrivateName(const std::string& what, const std::string& name);

// Writes it for its owner's eyes only (0600), and makes the folder. Whoever reads it meanwhile
// reads the old one or the new one. False if it cannot be written.
bool ReplacePrivateFile(const std::string& path, const std::string& text);

}  // namespace brobygger::cli
