#include "core/mail/settings.h"

#include <catch2/catch.hpp>

namespace brobygger::mail {
namespace {

Settings Good() {
  Settings settings;
  settings.server = "smtp://mail.fjordby.example:25";
  settings.from = "brobygger@fjordby.example";
  settings.to = {"it@fjordby.example"};
  return settings;
}

std::string FaultOf(const Settings& settings) {
  const auto fault = FindFault(settings);
  return fault ? fault->key : "";
}

TEST_CASE("settings without a server have no fault, since nothing is mailed") {
  CHECK(FaultOf(Settings()).empty());
  CHECK(FaultOf(Good()).empty());
}

TEST_CASE("a server is an SMTP address without user and path") {
  for (const char* server : {"smtp://mail", "smtps://10.0.0.1:465", "smtp://[::1]:2525"}) {
    CAPTURE(server);
    Settings settings = Good();
    settings.server = server;
    CHECK(FaultOf(settings).empty());
  }
  for (const char* server : {"mail.fjordby.example", "http://x", "smtp://", "smtp://bo:secret@mail",
                             "smtp://mail/x", "smtp://mail:0", "smtp://mail:99999", "smtp://mail:x",
                             "file:///etc/passwd", "smtp://a b"}) {
    CAPTURE(server);
    Settings settings = Good();
    settings.server = server;
    CHECK(FaultOf(settings) == "server");
  }
}

TEST_CASE("every key of the mail settings is checked") {
  Settings settings = Good();
  std::string key;
  SECTION("no sender") { settings.from = "", key = "from"; }
  SECTION("a sender with a name") { settings.from = "Bo <a@b.example>", key = "from"; }
  SECTION("nobody to tell") { settings.to = {}, key = "to"; }
  SECTION("a recipient that is none") { settings.to.emplace_back("it"), key = "to"; }
  SECTION("an unknown rule of encryption") { settings.tls = "yes", key = "tls"; }
  SECTION("a language that mails do not have") { settings.language = "sv", key = "language"; }
  SECTION("a relative file") { settings.ca_file = "ca.pem", key = "ca_file"; }
  SECTION("a password for nobody") { settings.password = "credential:mail", key = "user"; }
  SECTION("a user without a password") { settings.user = "hub", key = "password"; }
  SECTION("a password itself") { settings.user = "hub", settings.password = "x", key = "password"; }
  SECTION("a password that others could read on its way") {
    settings.user = "hub";
    settings.password = "credential:mail";
    settings.tls = "opportunistic";
    key = "tls";
  }
  CHECK(FaultOf(settings) == key);
}

TEST_CASE("a fault never repeats a password that stands where it must not") {
  Settings settings = Good();
  settings.user = "hub";
  settings.password = "hunter2";
  CHECK(FindFault(settings)->wanted.find("hunter2") == std::string::npos);
}

}  // namespace
}  // namespace brobygger::mail
