#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/cli/hub.h"
#include "core/cli/sign_in.h"
#include "core/cli/terminal.h"

namespace brobygger::cli {

enum class Format { kTable, kJson, kYaml, kCsv };

// The options every command takes.
struct GlobalOptions {
  std::string server;
  std::string profile;
  std::string purpose;
  std::string format;
  std::string columns;
  std::string color = "auto";
  std::string language;
  std::uint64_t timeout_seconds = 0;  // 0: what is usual for the command
  bool quiet = false;
  bool verbose = false;
  bool yes = false;
  bool excel_safe = false;
};

// Where a command reads, writes and calls. Data goes to standard output, talk to
// standard error.
class Session {
 public:
  explicit Session(GlobalOptions options);

  const GlobalOptions& options() const { return options_; }
  const Terminal& terminal() const { return terminal_; }
  Format format() const { return format_; }
  // "da" or "en".
  const std::string& language() const { return language_; }

  // Connects at the first call, and shows who calls, renewing the sign-in where that is due.
  Hub& hub();
  // The same, showing nothing yet.
  Hub& plain_hub();
  // Shows a client certificate from now on; before the first call. INVALID_ARGUMENT if the files
  // cannot be read, or the hub is not called by https, where alone there are certificates.
  absl::Status ShowCertificate(const std::string& certificate_file, const std::string& key_file);
  // Shows a token from now on, on plain_hub(). INVALID_ARGUMENT if others could read it on the way.
  absl::Status Present(const std::string& token);
  const std::string& address() const { return address_; }
  // Which profile is meant.
  std::string profile() const { return options_.profile.empty() ? "default" : options_.profile; }

  // What the user allowed, else `usual`.
  Patience patience(Patience usual = std::chrono::seconds(30)) const;

  template <typename Response>
  absl::StatusOr<Response> Call(const google::protobuf::Message& request) {
    return hub().Call<Response>(request, patience());
  }

  // Data.
  void Write(const std::string& text);

  void Flush();

  // Talk: one line, left out with --quiet.
  void Say(const std::string& line);

  // Talk that even --quiet shows.
  void Warn(const std::string& line);

  // Whether there is a person who can answer.
  bool CanAsk() const { return terminal_.reads_terminal && terminal_.tells_terminal; }

  // Asks a person who can answer; anything but a yes is a no.
  bool Ask(const std::string& question);

  // Asks a person who can answer for a line of text; "" at the end of the input.
  std::string AskLine(const std::string& question);
  // Whether the input has ended, so that nobody answers any more.
  bool InputEnded() const;

  // Asks a person; true with --yes. INVALID_ARGUMENT if nobody can be asked:
  // nothing is ever done because nobody said no.
  absl::StatusOr<bool> Confirm(const std::string& question);

 private:
  // What the profile shows the hub, if it is this hub's.
  absl::Status TakeCredentials(const Profile& profile);

  GlobalOptions options_;
  Terminal terminal_;
  Format format_;
  std::string language_;
  std::string address_;
  std::string token_;  // of a token file
  SignIn sign_in_;
  Hub::Identity identity_;
  absl::Status trouble_;  // with the profile
  std::unique_ptr<Hub> hub_;
};

// Where the hub is looked for: the option, the profile, BROBYGGER_SERVER, the installed hub's
// socket, and last the socket of a demo hub beside the build's bin folder.
std::string ServerAddress(const std::string& option);

}  // namespace brobygger::cli
