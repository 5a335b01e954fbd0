// join: somebody on an association's board redeems the code that the municipality gave it.
#include <algorithm>
#include <memory>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "brobygger/access/v1/join_service.pb.h"

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/output.h"
#include "core/cli/own_words.h"
#include "core/cli/private_file.h"
#include "core/cli/profile.h"
#include "core/cli/session.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using access::v1::JoinResponse;

constexpr std::ptrdiff_t kCodeLetters = 16;

struct JoinOptions {
  std::string code_file;
  std::string title;
};

// What can be seen without the hub, so that a slip of the pen costs no try.
absl::Status CheckForm(const std::string& code, const std::string& language) {
  const auto letters = std::count_if(code.begin(), code.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c));
  });
  if (letters == kCodeLetters) return absl::OkStatus();
  return absl::InvalidArgumentError(
      OwnText("join_bad_form", language, {{"count", absl::StrCat(letters)}}));
}

// Never from the command line, which others on the machine can read and the shell keeps.
absl::StatusOr<std::string> ReadCode(Session& session, const JoinOptions& options) {
  if (!options.code_file.empty()) return ReadText(options.code_file);
  if (!session.CanAsk()) {
    return absl::InvalidArgumentError(
        "Nobody can be asked for the code here: give --code-file FILE, or - for standard input.");
  }
  return session.AskLine(OwnText("join_ask_code", session.language()) + ": ");
}

// A sign-in that is there is not lost by mistake.
absl::StatusOr<bool> MayKeep(Session& session) {
  BB_ASSIGN_OR_RETURN(const Profile kept, LoadProfile(session.profile()));
  const bool signed_in = !kept.token_file.empty() || !kept.certificate_file.empty() ||
                         !kept.tokens.access_token.empty();
  if (!signed_in) return true;
  const std::string& language = session.language();
  BB_ASSIGN_OR_RETURN(const bool replace, session.Confirm(OwnText("join_replace", language,
                                                                  {{"server", kept.server}})));
  if (!replace) session.Say(OwnText("join_kept", language));
  return replace;
}

absl::Status Keep(Session& session, const std::string& key, const std::string& file) {
  if (!ReplacePrivateFile(file, key + "\n")) {
    return absl::PermissionDeniedError(absl::StrCat(
        file, " cannot be written, so the key is lost. Ask the municipality for a new code."));
  }
  Profile profile;
  profile.server = session.address();
  profile.token_file = file;
  return SaveProfile(session.profile(), profile);
}

Outcome Join(Session& session, const JoinOptions& options) {
  const std::string& language = session.language();
  BB_ASSIGN_OR_RETURN(const bool may, MayKeep(session));
  if (!may) return 1;
  // The key comes back on the same way.
  BB_RETURN_IF_ERROR(session.Present(""));
  access::v1::JoinRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_code(), ReadCode(session, options));
  BB_RETURN_IF_ERROR(CheckForm(request.code(), language));
  request.set_title(options.title);
  if (request.title().empty() && session.CanAsk()) {
    request.set_title(session.AskLine(OwnText("join_ask_title", language) + ": "));
  }
  // Asked for only where it is sure to be kept.
  BB_RETURN_IF_ERROR(CheckPrivateName("A profile", session.profile()));
  BB_ASSIGN_OR_RETURN(const auto joined,
                      session.plain_hub().Call<JoinResponse>(request, session.patience()));
  const std::string file = absl::StrCat(ConfigFolder(), "/", session.profile(), ".key");
  BB_RETURN_IF_ERROR(Keep(session, joined.key(), file));
  session.Say(
      OwnText("join_done", language, {{"association", joined.official_name()}, {"file", file}}));
  session.Say(OwnText("join_next", language));
  return 0;
}

}  // namespace

void AddJoin(const Command& root) {
  const auto options = std::make_shared<JoinOptions>();
  root.Add("join", "Sign your association in with the code from the municipality")
      .Option("--code-file", options->code_file,
              {.summary = "File with the code, for scripts; else it is asked for",
               .completes = Completes::kFile})
      .Option("--title", options->title,
              {.summary = "What you do there, such as chair; no name. Else it is asked for"})
      .Does([options](Session& session) { return Join(session, *options); });
}

}  // namespace brobygger::cli
