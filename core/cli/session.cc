#include "core/cli/session.h"

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <utility>

#include "core/base/status_macros.h"
#include "core/cli/profile.h"

namespace brobygger::cli {
namespace {

constexpr char kInstalledSocket[] = "/run/brobygger/hub.sock";

Format ToFormat(const std::string& word, bool writes_terminal) {
  if (word == "table") return Format::kTable;
  if (word == "yaml") return Format::kYaml;
  if (word == "csv") return Format::kCsv;
  if (word == "json") return Format::kJson;
  return writes_terminal ? Format::kTable : Format::kJson;
}

std::string Language(const std::string& option) {
  if (!option.empty()) return option;
  std::string locale = Environment("LC_ALL");
  if (locale.empty()) locale = Environment("LC_MESSAGES");
  if (locale.empty()) locale = Environment("LANG");
  return locale.starts_with("da") ? "da" : "en";
}

absl::Status WouldBeReadable(const std::string& address) {
  return absl::InvalidArgumentError("The token is not sent to " + address +
                                    ", where others could read it: use https://.");
}

}  // namespace

std::string ServerAddress(const std::string& option) {
  if (!option.empty()) return option;
  if (const std::string named = Environment("BROBYGGER_SERVER"); !named.empty()) return named;
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto demo = program.parent_path().parent_path() / "demo/run/hub.sock";
  const bool only_demo =
      !std::filesystem::exists(kInstalledSocket, ignored) && std::filesystem::exists(demo, ignored);
  return "unix:" + (only_demo ? demo.string() : std::string(kInstalledSocket));
}

Session::Session(GlobalOptions options)
    : options_(std::move(options)),
      terminal_(LookAtTerminal(options_.color)),
      format_(ToFormat(options_.format, terminal_.writes_terminal)),
      language_(Language(options_.language)),
      address_(ServerAddress(options_.server)) {
  const auto profile = LoadProfile(this->profile());
  if (!profile.ok()) {
    trouble_ = profile.status();
    return;
  }
  // What is said now counts before what was kept.
  if (options_.server.empty() && !profile->server.empty()) address_ = profile->server;
  if (options_.purpose.empty()) options_.purpose = profile->purpose;
  trouble_ = TakeCredentials(*profile);
}

absl::Status Session::TakeCredentials(const Profile& profile) {
  const bool has_certificate = !profile.certificate_file.empty();
  const bool has_token = !profile.token_file.empty() || !profile.tokens.access_token.empty();
  if (!has_token && !has_certificate) return absl::OkStatus();
  if (!profile.server.empty() && profile.server != address_) {
    // Whoever asks for the operators' socket needs none.
    if (address_.starts_with("unix:")) return absl::OkStatus();
    return absl::InvalidArgumentError("The profile " + this->profile() + " signs in at " +
                                      profile.server + "; nothing of it is shown to " + address_ +
                                      ". Another hub wants a profile of its own: --profile NAME.");
  }
  if (has_certificate) return ShowCertificate(profile.certificate_file, profile.key_file);
  if (!Hub::KeepsSecrets(address_)) return WouldBeReadable(address_);
  if (profile.token_file.empty()) {
    sign_in_ = SignIn(this->profile(), profile);
    return absl::OkStatus();
  }
  BB_ASSIGN_OR_RETURN(token_, ReadToken(profile.token_file));
  return absl::OkStatus();
}

Hub& Session::plain_hub() {
  if (!hub_) {
    if (options_.verbose) Warn("Calling the hub at " + address_);
    hub_ = std::make_unique<Hub>(address_, identity_);
    hub_->Present({.token = "", .purpose = options_.purpose});
  }
  return *hub_;
}

Hub& Session::hub() {
  Hub& hub = plain_hub();
  if (!trouble_.ok()) Warn(std::string(trouble_.message()));
  trouble_ = absl::OkStatus();
  if (token_.empty()) {
    hub.Present({.token = sign_in_.Token(hub.interrupts(), [this](const auto& why) { Warn(why); }),
                 .purpose = options_.purpose});
  } else {
    hub.Present({.token = token_, .purpose = options_.purpose});
  }
  return hub;
}

absl::Status Session::ShowCertificate(const std::string& certificate_file,
                                      const std::string& key_file) {
  if (!Hub::IsEncrypted(address_)) {
    return absl::InvalidArgumentError("A client certificate is shown by https alone, and " +
                                      address_ + " is not.");
  }
  BB_ASSIGN_OR_RETURN(identity_.certificate, ReadPem(certificate_file));
  BB_ASSIGN_OR_RETURN(identity_.key, ReadPem(key_file));
  return absl::OkStatus();
}

absl::Status Session::Present(const std::string& token) {
  if (!Hub::KeepsSecrets(address_)) return WouldBeReadable(address_);
  plain_hub().Present({.token = token, .purpose = options_.purpose});
  return absl::OkStatus();
}

Patience Session::patience(Patience usual) const {
  return options_.timeout_seconds == 0 ? usual : std::chrono::seconds(options_.timeout_seconds);
}

void Session::Write(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void Session::Flush() { std::fflush(stdout); }

void Session::Say(const std::string& line) {
  if (!options_.quiet) Warn(line);
}

void Session::Warn(const std::string& line) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s\n", line.c_str());
}

std::string Session::AskLine(const std::string& question) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s", question.c_str());
  std::string answer;
  std::getline(std::cin, answer);
  return answer;
}

bool Session::InputEnded() const { return !std::cin.good(); }

bool Session::Ask(const std::string& question) {
  const std::string answer = AskLine(question + " [y/N] ");
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "j" || answer == "ja";
}

absl::StatusOr<bool> Session::Confirm(const std::string& question) {
  if (options_.yes) return true;
  if (CanAsk()) return Ask(question);
  return absl::InvalidArgumentError(
      question + " Nobody can be asked here, so nothing was done; give --yes to say yes.");
}

}  // namespace brobygger::cli
