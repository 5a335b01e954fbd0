// mail test: whether the hub's mails would arrive. Reads the configuration and
// sends by itself, so that it tells before the hub is started, and of a file that no
// hub runs with yet.
#include <memory>
#include <set>

#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/errors.h"
#include "core/cli/session.h"
#include "core/daemon/config.h"
#include "core/daemon/mail_config.h"
#include "core/mail/postman.h"
#include "core/mail/sender.h"

namespace brobygger::cli {
namespace {

constexpr char kUsualConfig[] = "/etc/brobygger/brobygger.toml";

Outcome Test(Session& session, const std::string& config_file) {
  BB_ASSIGN_OR_RETURN(const auto config, daemon::LoadConfig(config_file));
  const mail::Settings settings = daemon::MailSettings(config);
  if (settings.server.empty()) {
    return absl::FailedPreconditionError(fmt::format(
        "{} names no mail.server, so nothing is mailed; see brobygger.example.toml.", config_file));
  }
  const auto sender = mail::MakeSmtpSender(settings);
  int code = kExitDone;
  for (const std::string& to : std::set<std::string>(settings.to.begin(), settings.to.end())) {
    const auto sent = mail::SendTestMail(*sender, settings, to, base::SystemClock());
    if (sent.ok()) {
      session.Say(fmt::format("{}: the mail server has taken the test mail over.", to));
      continue;
    }
    session.Warn(fmt::format("{}: {}", to, std::string(sent.message())));
    code = kExitOther;
  }
  return code;
}

}  // namespace

void AddMail(const Command& root) {
  const auto config_file = std::make_shared<std::string>(kUsualConfig);
  Command group = root.Add("mail", "Mails about what waits for a person");
  Command test = group.Add("test", "Send a test mail to each address of the hub's configuration");
  test.Option("--config", *config_file,
              {.summary = "The hub's configuration; usually /etc/brobygger/brobygger.toml",
               .completes = Completes::kFile})
      .Does([config_file](Session& session) { return Test(session, *config_file); });
}

}  // namespace brobygger::cli
