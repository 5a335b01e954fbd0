#include "core/cli/profile.h"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include <absl/strings/ascii.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <toml++/toml.h>
#include <unistd.h>

#include "core/base/status_macros.h"
#include "core/cli/private_file.h"

namespace brobygger::cli {
namespace {

std::string Text(const toml::table& table, const char* key) {
  return table[key].value_or(std::string());
}

void ReadSignIn(const toml::table& table, Profile& read) {
  read.client = {Text(table, "issuer"), Text(table, "client_id"), Text(table, "scope")};
  read.ca_file = Text(table, "ca_file");
  read.tokens = {.access_token = Text(table, "access_token"),
                 .refresh_token = Text(table, "refresh_token"),
                 .expires_at = base::Instant(
                     std::chrono::seconds(table["expires_at"].value_or(std::int64_t{0}))),
                 .token_endpoint = Text(table, "token_endpoint"),
                 .revocation_endpoint = Text(table, "revocation_endpoint")};
}

toml::table ToTable(const Profile& profile) {
  toml::table table{{"server", profile.server}, {"purpose", profile.purpose}};
  const auto add = [&table](const char* key, const std::string& text) {
    if (!text.empty()) table.insert(key, text);
  };
  add("token_file", profile.token_file);
  add("certificate_file", profile.certificate_file);
  add("key_file", profile.key_file);
  if (profile.client.issuer.empty()) return table;
  toml::table login{{"issuer", profile.client.issuer},
                    {"client_id", profile.client.client_id},
                    {"expires_at", std::chrono::duration_cast<std::chrono::seconds>(
                                       profile.tokens.expires_at.time_since_epoch())
                                       .count()}};
  const auto keep = [&login](const char* key, const std::string& text) {
    if (!text.empty()) login.insert(key, text);
  };
  keep("scope", profile.client.scope);
  keep("ca_file", profile.ca_file);
  keep("access_token", profile.tokens.access_token);
  keep("refresh_token", profile.tokens.refresh_token);
  keep("token_endpoint", profile.tokens.token_endpoint);
  keep("revocation_endpoint", profile.tokens.revocation_endpoint);
  table.insert("login", std::move(login));
  return table;
}

}  // namespace

std::string ProfilePath(const std::string& profile) {
  return ConfigFolder() + "/" + profile + ".toml";
}

absl::StatusOr<Profile> LoadProfile(const std::string& profile) {
  BB_RETURN_IF_ERROR(CheckPrivateName("A profile", profile));
  const std::string path = ProfilePath(profile);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return Profile();
  try {
    const toml::table file = toml::parse_file(path);
    Profile read;
    read.server = Text(file, "server");
    read.token_file = Text(file, "token_file");
    read.purpose = Text(file, "purpose");
    read.certificate_file = Text(file, "certificate_file");
    read.key_file = Text(file, "key_file");
    if (const auto* login = file["login"].as_table(); login != nullptr) ReadSignIn(*login, read);
    return read;
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(fmt::format("{}:{}: {}", path, error.source().begin.line,
                                                  std::string(error.description())));
  }
}

absl::Status SaveProfile(const std::string& name, const Profile& profile) {
  BB_RETURN_IF_ERROR(CheckPrivateName("A profile", name));
  const std::string path = ProfilePath(name);
  std::ostringstream text;
  text << ToTable(profile) << "\n";
  if (ReplacePrivateFile(path, text.str())) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("The profile {} cannot be written.", path));
}

ProfileLock::ProfileLock(const std::string& profile)
    : descriptor_(open((ProfilePath(profile) + ".lock").c_str(),
                       O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                       0600)) {
  while (descriptor_ >= 0 && flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

ProfileLock::~ProfileLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file && text.find("-----BEGIN ") != std::string::npos) return text;
  return absl::InvalidArgumentError(
      fmt::format("The file {} cannot be read, or holds nothing in PEM.", path));
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
