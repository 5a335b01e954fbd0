#include "core/cli/private_file.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "core/cli/terminal.h"

namespace brobygger::cli {

std::string ConfigFolder() {
  std::string folder = Environment("XDG_CONFIG_HOME");
  if (folder.empty()) folder = Environment("HOME") + "/.config";
  return folder + "/brobygger";
}

absl::Status CheckPrivateName(const std::string& what, const std::string& name) {
  constexpr std::size_t kLongest = 40;
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (plain && !name.empty() && name.size() <= kLongest) return absl::OkStatus();
  return absl::InvalidArgumentError(what +
                                    "'s name has small letters, digits and hyphens, at most 40.");
}

// Written beside `path` and put in its place, so that nobody else may read it, not even for a
// moment, and nobody reads half a file.
bool ReplacePrivateFile(const std::string& path, const std::string& text) {
  std::error_code trouble;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), trouble);
  const std::string beside = path + "." + std::to_string(getpid());
  const int file =
      open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return false;
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool closed = close(file) == 0;
  if (written && closed && rename(beside.c_str(), path.c_str()) == 0) return true;
  unlink(beside.c_str());
  return false;
}

}  // namespace brobygger::cli
