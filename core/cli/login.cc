// login, logout and whoami.
#include <filesystem>
#include <memory>

#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "brobygger/access/v1/access_service.pb.h"

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/output.h"
#include "core/cli/profile.h"
#include "core/cli/session.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using access::v1::WhoAmIRequest;
using access::v1::WhoAmIResponse;

struct LoginOptions {
  std::string token_file;
};

void Show(Session& session, const WhoAmIResponse& me) {
  WriteRecord(session, me, [&] {
    Rows rows{.columns = {{"what", "WHAT"}, {"value", "VALUE"}}, .cells = {}};
    const auto add = [&](const char* what, const std::string& value) {
      if (!value.empty()) rows.cells.push_back({{what}, {value}});
    };
    add("actor", me.actor());
    add("municipality", me.municipality_code());
    add("department", me.department_id());
    add("may", absl::StrJoin(me.rights(), ", "));
    add("sees at most", ShowEnum(access::v1::DataClass_Name(me.most()), "DATA_CLASS_"));
    add("of its own contacts", me.own());
    add("of others here", me.municipality());
    add("elsewhere", me.elsewhere());
    add("purpose", me.purpose());
    return rows;
  });
}

Outcome WhoAmI(Session& session) {
  BB_ASSIGN_OR_RETURN(const auto me, session.Call<WhoAmIResponse>(WhoAmIRequest()));
  Show(session, me);
  return 0;
}

Outcome Login(Session& session, const LoginOptions& options) {
  Profile profile;
  profile.server = session.address();
  profile.purpose = session.options().purpose;
  std::error_code trouble;
  profile.token_file = std::filesystem::absolute(options.token_file, trouble).string();
  BB_ASSIGN_OR_RETURN(const std::string token, ReadToken(profile.token_file));
  session.hub().Present({.token = token, .purpose = profile.purpose});
  // Not kept before it is known to work.
  BB_ASSIGN_OR_RETURN(const auto me, session.Call<WhoAmIResponse>(WhoAmIRequest()));
  BB_RETURN_IF_ERROR(SaveProfile(session.profile(), profile));
  session.Say(
      fmt::format("Signed in at {}; kept in {}.", profile.server, ProfilePath(session.profile())));
  Show(session, me);
  return 0;
}

Outcome Logout(Session& session) {
  const std::string path = ProfilePath(session.profile());
  std::error_code trouble;
  const bool removed = std::filesystem::remove(path, trouble);
  session.Say(removed ? fmt::format("{} is gone; the token file is left as it is.", path)
                      : fmt::format("There was no {}.", path));
  return 0;
}

}  // namespace

void AddLogin(const Command& root) {
  const auto options = std::make_shared<LoginOptions>();
  Command login = root.Add("login", "Sign in at a hub, and keep how");
  login
      .Required("--token-file", options->token_file,
                {.summary = "File with an access token or an API key; read anew at each call",
                 .completes = Completes::kFile})
      .Does([options](Session& session) { return Login(session, *options); });
  Command logout = root.Add("logout", "Forget how to sign in");
  logout.Does(Logout);
  Command whoami = root.Add("whoami", "Whom the hub takes you for, and what you may do");
  whoami.Does(WhoAmI);
}

}  // namespace brobygger::cli
