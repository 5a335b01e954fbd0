#include "core/cli/profile.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <absl/strings/ascii.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <toml++/toml.h>

#include "core/base/status_macros.h"
#include "core/cli/terminal.h"

namespace brobygger::cli {
namespace {

absl::Status CheckName(const std::string& name) {
  constexpr std::size_t kLongest = 40;
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (plain && !name.empty() && name.size() <= kLongest) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "A profile's name has small letters, digits and hyphens, at most 40.");
}

}  // namespace

std::string ProfilePath(const std::string& profile) {
  std::string folder = Environment("XDG_CONFIG_HOME");
  if (folder.empty()) folder = Environment("HOME") + "/.config";
  return folder + "/brobygger/" + profile + ".toml";
}

absl::StatusOr<Profile> LoadProfile(const std::string& profile) {
  BB_RETURN_IF_ERROR(CheckName(profile));
  const std::string path = ProfilePath(profile);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return Profile();
  try {
    const toml::table file = toml::parse_file(path);
    Profile read;
    read.server = file["server"].value_or(std::string());
    read.token_file = file["token_file"].value_or(std::string());
    read.purpose = file["purpose"].value_or(std::string());
    return read;
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(fmt::format("{}:{}: {}", path, error.source().begin.line,
                                                  std::string(error.description())));
  }
}

absl::Status SaveProfile(const std::string& name, const Profile& profile) {
  BB_RETURN_IF_ERROR(CheckName(name));
  const std::string path = ProfilePath(name);
  std::error_code trouble;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), trouble);
  const toml::table table{
      {"server", profile.server}, {"token_file", profile.token_file}, {"purpose", profile.purpose}};
  // Nobody else may read where the token is, not even for a moment.
  const mode_t before = umask(0077);
  std::ofstream file(path, std::ios::trunc);
  umask(before);
  file << table << "\n";
  file.close();
  if (file) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("The profile {} cannot be written.", path));
}

absl::StatusOr<std::string> ReadToken(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file && text.empty()) {
    return absl::InvalidArgumentError(fmt::format("The token file {} cannot be read.", path));
  }
  absl::StripAsciiWhitespace(&text);
  if (text.empty() || text.find_first_of(" \t\r\n") != std::string::npos) {
    return absl::InvalidArgumentError(
        fmt::format("The token file {} must hold one access token or API key, on one line.", path));
  }
  return text;
}

}  // namespace brobygger::cli
