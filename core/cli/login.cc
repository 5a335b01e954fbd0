// login, logout and whoami.
#include <chrono>
#include <filesystem>
#include <memory>

#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "brobygger/access/v1/access_service.pb.h"

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/output.h"
#include "core/cli/profile.h"
#include "core/cli/session.h"
#include "core/cli/sign_in.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using access::v1::WhoAmIRequest;
using access::v1::WhoAmIResponse;

struct LoginOptions {
  std::string token_file;
  std::string certificate_file;
  std::string key_file;
  LoginClient client;
  std::string ca_file;
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
    add("association", me.association_id());
    add("may", absl::StrJoin(me.rights(), ", "));
    add("sees at most", ShowEnum(access::v1::DataClass_Name(me.most()), "DATA_CLASS_"));
    // An association is told what is its own, whatever its role is told of others' contacts.
    if (me.association_id().empty()) {
      add("of its own contacts", me.own());
      add("of others here", me.municipality());
      add("elsewhere", me.elsewhere());
    }
    add("purpose", me.purpose());
    return rows;
  });
}

Outcome WhoAmI(Session& session) {
  BB_ASSIGN_OR_RETURN(const auto me, session.Call<WhoAmIResponse>(WhoAmIRequest()));
  Show(session, me);
  return 0;
}

// Keeps a way to sign in, once it is known to work.
Outcome Keep(Session& session, const Profile& profile, const std::string& token) {
  BB_RETURN_IF_ERROR(session.Present(token));
  BB_ASSIGN_OR_RETURN(
      const auto me, session.plain_hub().Call<WhoAmIResponse>(WhoAmIRequest(), session.patience()));
  BB_RETURN_IF_ERROR(SaveProfile(session.profile(), profile));
  session.Say(
      fmt::format("Signed in at {}; kept in {}.", profile.server, ProfilePath(session.profile())));
  Show(session, me);
  return 0;
}

Outcome LoginByFile(Session& session, Profile profile, const std::string& file) {
  std::error_code trouble;
  profile.token_file = std::filesystem::absolute(file, trouble).string();
  BB_ASSIGN_OR_RETURN(const std::string token, ReadToken(profile.token_file));
  return Keep(session, profile, token);
}

Outcome LoginByCertificate(Session& session, Profile profile, const LoginOptions& options) {
  if (options.certificate_file.empty() || options.key_file.empty() || !options.token_file.empty()) {
    return absl::InvalidArgumentError(
        "--certificate and --key go together, and without --token-file.");
  }
  std::error_code trouble;
  profile.certificate_file = std::filesystem::absolute(options.certificate_file, trouble).string();
  profile.key_file = std::filesystem::absolute(options.key_file, trouble).string();
  BB_RETURN_IF_ERROR(session.ShowCertificate(profile.certificate_file, profile.key_file));
  return Keep(session, profile, "");
}

// Where the hub says that its people sign in: it tells everybody who is not signed in.
absl::StatusOr<LoginClient> AskTheHub(Session& session) {
  const auto me = session.plain_hub().Call<WhoAmIResponse>(WhoAmIRequest(), session.patience());
  if (me.ok()) {
    return absl::InvalidArgumentError(
        fmt::format("At {} nobody needs to sign in: you are {}. For another hub: brobygger "
                    "--server https://... "
                    "login",
                    session.address(), me->actor()));
  }
  if (base::ReasonOf(me.status()) != errors::v1::ERROR_REASON_NOT_SIGNED_IN) return me.status();
  LoginClient client{base::ErrorMetadata(me.status(), "issuer"),
                     base::ErrorMetadata(me.status(), "client_id"),
                     base::ErrorMetadata(me.status(), "scope")};
  if (!client.issuer.empty() && !client.client_id.empty()) return client;
  return absl::InvalidArgumentError(
      "The hub does not tell where its people sign in: use --token-file with a key or token that "
      "you were given, or ask whoever runs the hub for --issuer and --client-id.");
}

// What is said now, else what was kept, else what the hub says.
absl::StatusOr<LoginClient> ClientFor(Session& session,
                                      const LoginOptions& options,
                                      const Profile& kept) {
  const LoginClient& said = options.client;
  if (said.issuer.empty() != said.client_id.empty()) {
    return absl::InvalidArgumentError("--issuer and --client-id go together.");
  }
  LoginClient client = said;
  if (client.issuer.empty() && kept.server == session.address()) client = kept.client;
  if (client.issuer.empty()) {
    BB_ASSIGN_OR_RETURN(client, AskTheHub(session));
  }
  if (!said.scope.empty()) client.scope = said.scope;
  if (client.scope.empty()) client.scope = "openid";
  return client;
}

void Tell(Session& session, const DeviceCode& code) {
  session.Warn(fmt::format("Open {} in a browser and enter the code {}", code.verification_uri,
                           code.user_code));
  if (!code.complete_uri.empty()) session.Warn(fmt::format("or open {}", code.complete_uri));
  session.Warn(fmt::format("It is good for {} minutes; Ctrl-C gives up.",
                           std::chrono::ceil<std::chrono::minutes>(code.good_for).count()));
}

Outcome LoginAtProvider(Session& session, Profile profile, const LoginOptions& options) {
  BB_RETURN_IF_ERROR(session.Present(""));
  BB_ASSIGN_OR_RETURN(const Profile kept, LoadProfile(session.profile()));
  BB_ASSIGN_OR_RETURN(profile.client, ClientFor(session, options, kept));
  profile.ca_file = options.ca_file.empty() ? kept.ca_file : options.ca_file;
  const LoginWorld world = RealWorld(profile.ca_file, session.plain_hub().interrupts(),
                                     [&session](const DeviceCode& code) { Tell(session, code); });
  BB_ASSIGN_OR_RETURN(profile.tokens, LoginByCode(profile.client, world));
  return Keep(session, profile, profile.tokens.access_token);
}

Outcome Login(Session& session, const LoginOptions& options) {
  Profile profile;
  profile.server = session.address();
  profile.purpose = session.options().purpose;
  if (!options.certificate_file.empty() || !options.key_file.empty()) {
    return LoginByCertificate(session, profile, options);
  }
  if (options.token_file.empty()) return LoginAtProvider(session, profile, options);
  return LoginByFile(session, profile, options.token_file);
}

// The provider forgets the sign-in, too, if it can be reached; here it is forgotten anyway.
void EndSignIn(Session& session) {
  const auto kept = LoadProfile(session.profile());
  if (!kept.ok() || kept->tokens.refresh_token.empty()) return;
  const LoginWorld world = RealWorld(kept->ca_file, session.plain_hub().interrupts(), {});
  if (!RevokeTokens(kept->client, kept->tokens, world).ok()) {
    session.Warn(fmt::format("{} could not be told; there the sign-in ends by itself.",
                             kept->client.issuer));
  }
}

Outcome Logout(Session& session) {
  EndSignIn(session);
  const std::string path = ProfilePath(session.profile());
  std::error_code trouble;
  const bool removed = std::filesystem::remove(path, trouble);
  std::filesystem::remove(path + ".lock", trouble);
  session.Say(removed ? fmt::format("{} is gone; a token file is left as it is.", path)
                      : fmt::format("There was no {}.", path));
  return 0;
}

}  // namespace

void AddLogin(const Command& root) {
  const auto options = std::make_shared<LoginOptions>();
  Command login = root.Add("login", "Sign in at a hub, and keep how");
  login
      .Option(
          "--token-file", options->token_file,
          {.summary = "File with an access token or an API key, read anew at each call, instead "
                      "of signing in by a browser",
           .completes = Completes::kFile})
      .Option("--certificate", options->certificate_file,
              {.summary = "Client certificate that a system calls with, in PEM; with --key",
               .completes = Completes::kFile})
      .Option("--key", options->key_file,
              {.summary = "Its private key, in PEM; both are read anew at each call",
               .completes = Completes::kFile})
      .Option("--issuer", options->client.issuer,
              {.summary = "Login provider's address; usually the hub tells it"})
      .Option("--client-id", options->client.client_id,
              {.summary = "What that provider knows this program by"})
      .Option("--scope", options->client.scope,
              {.summary = "What is asked of that provider; usually openid"})
      .Option("--ca-file", options->ca_file,
              {.summary = "Authorities that vouch for that provider, as PEM; usually the machine's",
               .completes = Completes::kFile})
      .Does([options](Session& session) { return Login(session, *options); });
  Command logout = root.Add("logout", "Forget how to sign in");
  logout.Does(Logout);
  Command whoami = root.Add("whoami", "Whom the hub takes you for, and what you may do");
  whoami.Does(WhoAmI);
}

}  // namespace brobygger::cli
