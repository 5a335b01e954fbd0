#include "core/mail/sender.h"

#include <atomic>

#include <netinet/in.h>
#include <sys/socket.h>

#include "core/base/error.h"
#include "tests/core/mail/smtp_server.h"
#include "tests/support/temp_folder.h"

namespace brobygger::mail {
namespace {

const Delivery kMail = {.from = "brobygger@fjordby.example",
                        .to = "it@fjordby.example",
                        .message = "Subject: x\r\n\r\n.dots\r\n..\r\nend\r\n"};

bool Says(const absl::Status& status, const std::string& words) {
  return std::string(status.message()).find(words) != std::string::npos;
}

Settings SettingsFor(const SmtpServer& server, const std::string& tls) {
  Settings settings;
  settings.server = server.url();
  settings.from = kMail.from;
  settings.to = {kMail.to};
  settings.tls = tls;
  return settings;
}

absl::Status Send(const Settings& settings, const Delivery& delivery = kMail) {
  return MakeSmtpSender(settings)->Send(delivery, nullptr);
}

TEST_CASE("a mail arrives as it was written, from and to whom it says") {
  const support::TempFolder folder;
  const SmtpServer server(folder.path());
  const absl::Status sent = Send(SettingsFor(server, "none"));
  INFO(sent);
  REQUIRE(sent.ok());
  CHECK(MailsIn(folder.path()) ==
        std::vector<std::string>{"X-Mail: brobygger@fjordby.example\r\n"
                                 "X-Rcpt: it@fjordby.example\r\nX-Encrypted: no\r\n" +
                                 kMail.message});
}

TEST_CASE("encryption that is required is used, and the server must be who it says") {
  const support::TempFolder folder;
  const SmtpServer server(folder.path(), {"--tls"});
  Settings settings = SettingsFor(server, "required");
  const absl::Status unknown = Send(settings);
  CHECK(absl::IsFailedPrecondition(unknown));
  CHECK(Says(unknown, "mail.ca_file"));
  CHECK(MailsIn(folder.path()).empty());

  settings.ca_file = folder.path() / "server.pem";
  const absl::Status sent = Send(settings);
  INFO(sent);
  CHECK(sent.ok());
  REQUIRE(MailsIn(folder.path()).size() == 1);
  CHECK(MailsIn(folder.path())[0].find("X-Encrypted: yes") != std::string::npos);
}

TEST_CASE("a server that is encrypted from the first byte is spoken to so") {
  const support::TempFolder folder;
  const SmtpServer server(folder.path(), {"--smtps"});
  Settings settings = SettingsFor(server, "required");
  settings.server = "smtps://127.0.0.1:" + server.port();
  CHECK(absl::IsFailedPrecondition(Send(settings)));
  settings.ca_file = folder.path() / "server.pem";
  const absl::Status sent = Send(settings);
  INFO(sent);
  CHECK(sent.ok());
  REQUIRE(MailsIn(folder.path()).size() == 1);
  CHECK(MailsIn(folder.path())[0].find("X-Encrypted: yes") != std::string::npos);
}

TEST_CASE("nothing is sent in the clear where encryption is required") {
  const support::TempFolder folder;
  const SmtpServer server(folder.path());
  const absl::Status refused = Send(SettingsFor(server, "required"));
  CHECK(absl::IsFailedPrecondition(refused));
  CHECK(Says(refused, "it offers no encryption"));
  CHECK(MailsIn(folder.path()).empty());
}

TEST_CASE("opportunistic encryption takes what the server has") {
  const bool offered = GENERATE(false, true);
  const support::TempFolder folder;
  const SmtpServer server(folder.path(),
                          offered ? std::vector<std::string>{"--tls"} : std::vector<std::string>{});
  const absl::Status sent = Send(SettingsFor(server, "opportunistic"));
  INFO(sent);
  CHECK(sent.ok());
  REQUIRE(MailsIn(folder.path()).size() == 1);
  CHECK((MailsIn(folder.path())[0].find("X-Encrypted: yes") != std::string::npos) == offered);
}

TEST_CASE("a user logs in with the password that its reference names") {
  const support::TempFolder folder;
  const SmtpServer server(folder.path(), {"--tls", "--require-tls", "--login", "hub:right"});
  Settings settings = SettingsFor(server, "required");
  settings.ca_file = folder.path() / "server.pem";
  settings.user = "hub";
  settings.password = "credential:mail";
  const auto send_with = [&](const absl::StatusOr<std::string>& password) {
    return MakeSmtpSender(settings,
                          [&](const std::string& reference) {
                            CHECK(reference == "credential:mail");
                            return password;
                          })
        ->Send(kMail, nullptr);
  };
  const absl::Status wrong = send_with("wrong");
  INFO(wrong);
  CHECK(absl::IsFailedPrecondition(wrong));
  CHECK(Says(wrong, "mail.password"));
  CHECK_FALSE(Says(wrong, "wrong)"));
  const auto unreadable = base::MakeError(errors::v1::ERROR_REASON_SECRET_UNREADABLE, "no file");
  CHECK(send_with(unreadable) == unreadable);
  CHECK(MailsIn(folder.path()).empty());
  CHECK(send_with("right").ok());
  CHECK(MailsIn(folder.path()).size() == 1);
}

TEST_CASE("a refused recipient needs a person, and the error does not repeat the address") {
  const support::TempFolder folder;
  const SmtpServer server(folder.path(), {"--refuse", kMail.to});
  const absl::Status refused = Send(SettingsFor(server, "none"));
  CHECK(absl::IsFailedPrecondition(refused));
  CHECK(Says(refused, "550"));
  CHECK_FALSE(Says(refused, "it@"));
}

TEST_CASE("a server that asks to come again later is no fault of anybody") {
  const support::TempFolder folder;
  const SmtpServer server(folder.path(), {"--greylist", "1"});
  CHECK(absl::IsUnavailable(Send(SettingsFor(server, "none"))));
  CHECK(Send(SettingsFor(server, "none")).ok());
}

TEST_CASE("a server that is not there is no fault of anybody") {
  const support::TempFolder folder;
  Settings settings;
  {
    const SmtpServer server(folder.path());
    settings = SettingsFor(server, "none");
  }
  CHECK(absl::IsUnavailable(Send(settings)));
}

TEST_CASE("a mail on its way to a server that says nothing is given up when asked") {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  REQUIRE(listen(listener, 1) == 0);
  socklen_t size = sizeof(address);
  REQUIRE(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  Settings settings;
  settings.server = "smtp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  settings.tls = "none";
  std::atomic<int> asked = 0;
  const auto sent = MakeSmtpSender(settings)->Send(kMail, [&] { return ++asked > 2; });
  CHECK(absl::IsUnavailable(sent));
  CHECK(asked == 3);
  close(listener);
}

}  // namespace
}  // namespace brobygger::mail
