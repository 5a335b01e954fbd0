#include "core/cli/device_login.h"

#include <deque>
#include <map>

#include <catch2/catch.hpp>

#include "tests/support/fake_clock.h"

namespace brobygger::cli {
namespace {

using daemon::HttpsAnswer;
using std::chrono::seconds;
using Answer = absl::StatusOr<HttpsAnswer>;

constexpr char kIssuer[] = "https://login.example.dk/realms/fjordby";
constexpr char kDiscovery[] =
    "https://login.example.dk/realms/fjordby/.well-known/openid-configuration";
constexpr char kDevice[] = "https://login.example.dk/device";
constexpr char kToken[] = "https://login.example.dk/token";

std::string Metadata(const std::string& more = "") {
  return std::string(R"({"issuer":")") + kIssuer + R"(","device_authorization_endpoint":")" +
         kDevice + R"(","token_endpoint":")" + kToken + "\"" + more + "}";
}

std::string Code(const std::string& more = "") {
  return R"({"device_code":"dc","user_code":"WDJB-MJHT",)"
         R"("verification_uri":"https://login.example.dk/go","expires_in":600)" +
         more + "}";
}

constexpr char kTokens[] =
    R"({"access_token":"at-1","token_type":"Bearer","expires_in":300,"refresh_token":"rt-1"})";

HttpsAnswer Fault(const std::string& error) { return {400, R"({"error":")" + error + "\"}"}; }

// A login provider as told, and a person who waits without time passing for anybody else.
class FakeProvider {
 public:
  FakeProvider() {
    answers_[kDiscovery] = {HttpsAnswer{200, Metadata()}};
    answers_[kDevice] = {HttpsAnswer{200, Code()}};
  }

  // The last of them is given again and again.
  void Answers(const std::string& url, std::deque<Answer> answers) {
    answers_[url] = std::move(answers);
  }

  LoginWorld World() {
    LoginWorld world;
    world.ask = [this](const std::string& url, const LoginWorld::Form& form) -> Answer {
      asked[url].push_back(form);
      auto& left = answers_[url];
      if (left.empty()) return HttpsAnswer{404, ""};
      Answer next = left.front();
      if (left.size() > 1) left.pop_front();
      return next;
    };
    world.wait = [this](seconds time) {
      waits.push_back(time.count());
      clock.Advance(time);
      return gives_up_after == waits.size() ? absl::CancelledError("given up") : absl::OkStatus();
    };
    world.show = [this](const DeviceCode& code) { shown.push_back(code); };
    world.clock = &clock;
    return world;
  }

  absl::StatusOr<Tokens> Login() {
    return LoginByCode({.issuer = kIssuer, .client_id = "cli", .scope = "openid x"}, World());
  }

  support::FakeClock clock;
  std::map<std::string, std::vector<LoginWorld::Form>> asked;
  std::vector<std::int64_t> waits;
  std::vector<DeviceCode> shown;
  std::size_t gives_up_after = 0;

 private:
  std::map<std::string, std::deque<Answer>> answers_;
};

}  // namespace

TEST_CASE("a code is shown, and asked after until somebody has used it", "[login]") {
  FakeProvider provider;
  provider.Answers(kToken, {Fault("authorization_pending"), Fault("authorization_pending"),
                            HttpsAnswer{200, kTokens}});
  const auto tokens = provider.Login();
  INFO(tokens.status().ToString());
  REQUIRE(tokens.ok());
  CHECK(tokens->access_token == "at-1");
  CHECK(tokens->refresh_token == "rt-1");
  CHECK(tokens->expires_at == provider.clock.Now() + seconds(300));
  CHECK(tokens->token_endpoint == kToken);
  REQUIRE(provider.shown.size() == 1);
  CHECK(provider.shown[0].user_code == "WDJB-MJHT");
  CHECK(provider.shown[0].verification_uri == "https://login.example.dk/go");
  CHECK(provider.shown[0].good_for == seconds(600));
  CHECK(provider.asked[kDevice][0] ==
        LoginWorld::Form{{"client_id", "cli"}, {"scope", "openid x"}});
  CHECK(provider.asked[kToken][0] ==
        LoginWorld::Form{{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                         {"device_code", "dc"},
                         {"client_id", "cli"}});
  CHECK(provider.waits == std::vector<std::int64_t>{5, 5, 5});
}

TEST_CASE("the provider's pace is kept, and a provider in trouble is asked less", "[login]") {
  FakeProvider provider;
  provider.Answers(kDevice, {HttpsAnswer{200, Code(R"(,"interval":2)")}});
  provider.Answers(
      kToken, {Fault("slow_down"), Fault("authorization_pending"),
               absl::UnavailableError("timed out"), HttpsAnswer{503, "<html>"},
               HttpsAnswer{429, ""}, Fault("authorization_pending"), HttpsAnswer{200, kTokens}});
  REQUIRE(provider.Login().ok());
  CHECK(provider.waits == std::vector<std::int64_t>{2, 7, 7, 14, 28, 56, 56});
}

TEST_CASE("an interval of nothing does not become a storm", "[login]") {
  FakeProvider provider;
  provider.Answers(kDevice, {HttpsAnswer{200, Code(R"(,"interval":0)")}});
  provider.Answers(kToken, {Fault("authorization_pending"), HttpsAnswer{200, kTokens}});
  REQUIRE(provider.Login().ok());
  CHECK(provider.waits == std::vector<std::int64_t>{1, 1});
}

TEST_CASE("signing in ends with a no, with the code's time, or with whoever waits", "[login]") {
  FakeProvider provider;
  SECTION("a no") {
    provider.Answers(kToken, {Fault("access_denied")});
    CHECK(absl::IsPermissionDenied(provider.Login().status()));
  }
  SECTION("the provider says that the code has run out") {
    provider.Answers(kToken, {Fault("expired_token")});
    CHECK(absl::IsUnauthenticated(provider.Login().status()));
  }
  SECTION("nobody says so") {
    provider.Answers(kToken, {Fault("authorization_pending")});
    CHECK(absl::IsUnauthenticated(provider.Login().status()));
    CHECK(provider.waits.size() == 119);
  }
  SECTION("given up") {
    provider.gives_up_after = 3;
    provider.Answers(kToken, {Fault("authorization_pending")});
    CHECK(absl::IsCancelled(provider.Login().status()));
    CHECK(provider.asked[kToken].size() == 2);
  }
  SECTION("any other fault") {
    provider.Answers(kToken, {Fault("invalid_grant")});
    const auto tokens = provider.Login();
    CHECK(absl::IsFailedPrecondition(tokens.status()));
    CHECK(tokens.status().message().find("invalid_grant") != absl::string_view::npos);
  }
}

TEST_CASE("metadata are also found where RFC 8414 has them", "[login]") {
  FakeProvider provider;
  provider.Answers(kDiscovery, {HttpsAnswer{404, ""}});
  provider.Answers("https://login.example.dk/.well-known/oauth-authorization-server/realms/fjordby",
                   {HttpsAnswer{200, Metadata()}});
  provider.Answers(kToken, {HttpsAnswer{200, kTokens}});
  CHECK(provider.Login().ok());
}

TEST_CASE("a provider that cannot be relied on is not used", "[login]") {
  FakeProvider provider;
  provider.Answers(kToken, {HttpsAnswer{200, kTokens}});
  const std::string other_issuer =
      R"({"issuer":"https://evil.example","device_authorization_endpoint":"https://evil.example/d",)"
      R"("token_endpoint":"https://evil.example/t"})";
  const std::string plain_endpoint = std::string(R"({"issuer":")") + kIssuer +
                                     R"(","device_authorization_endpoint":"http://x.example/d",)"
                                     R"("token_endpoint":"http://x.example/t"})";
  const std::string no_device =
      std::string(R"({"issuer":")") + kIssuer + R"(","token_endpoint":"https://x.example/t"})";
  const std::vector<Answer> metadata = {HttpsAnswer{200, other_issuer},
                                        HttpsAnswer{200, plain_endpoint},
                                        HttpsAnswer{200, no_device},
                                        HttpsAnswer{200, "<html>"},
                                        HttpsAnswer{200, "[]"},
                                        HttpsAnswer{302, ""},
                                        absl::UnavailableError("no route"),
                                        HttpsAnswer{200, Metadata() + "{}"}};
  for (const Answer& answer : metadata) {
    provider.Answers(kDiscovery, {answer});
    CHECK(absl::IsFailedPrecondition(provider.Login().status()));
  }
  CHECK(provider.asked[kDevice].empty());
  CHECK(absl::IsInvalidArgument(
      LoginByCode({.issuer = "http://login.example.dk", .client_id = "cli"}, provider.World())
          .status()));
}

TEST_CASE("what a provider gives to show steers no terminal and names no plain page", "[login]") {
  FakeProvider provider;
  for (const char* code :
       {R"({"device_code":"d","user_code":"A\u001b[2J","verification_uri":"https://x.example"})",
        R"({"device_code":"d","user_code":"A B","verification_uri":"https://x.example"})",
        R"({"device_code":"d","user_code":"AB","verification_uri":"http://x.example"})",
        R"({"device_code":"d","user_code":"AB","verification_uri":"javascript:x"})",
        R"({"device_code":"d","user_code":"AB"})", R"({"user_code":"AB"})", "{}", ""}) {
    CAPTURE(code);
    provider.Answers(kDevice, {HttpsAnswer{200, code}});
    CHECK(absl::IsFailedPrecondition(provider.Login().status()));
  }
  CHECK(provider.shown.empty());
  // A link that is no use is left out; the rest goes on.
  provider.Answers(kDevice,
                   {HttpsAnswer{200, Code(R"(,"verification_uri_complete":"http://x.dk")")}});
  provider.Answers(kToken, {HttpsAnswer{200, kTokens}});
  REQUIRE(provider.Login().ok());
  CHECK(provider.shown.at(0).complete_uri.empty());
}

TEST_CASE("a token that no header can hold is refused", "[login]") {
  FakeProvider provider;
  const std::string long_token(8193, 'a');
  for (const std::string& tokens :
       {std::string(R"({"access_token":"a\r\nx: y","token_type":"Bearer"})"),
        std::string(R"({"access_token":"","token_type":"Bearer"})"),
        std::string(R"({"access_token":"a","token_type":"DPoP"})"),
        std::string(R"({"access_token":"a"})"), std::string(R"({"token_type":"Bearer"})"),
        R"({"token_type":"Bearer","access_token":")" + long_token + "\"}"}) {
    CAPTURE(tokens);
    provider.Answers(kToken, {HttpsAnswer{200, tokens}});
    CHECK(absl::IsFailedPrecondition(provider.Login().status()));
  }
}

TEST_CASE("tokens are renewed, and an old refresh token goes on if there is no new one",
          "[login]") {
  FakeProvider provider;
  const LoginClient client{.issuer = kIssuer, .client_id = "cli"};
  const Tokens old{.access_token = "at-0", .refresh_token = "rt-0", .token_endpoint = kToken};
  provider.Answers(
      kToken, {HttpsAnswer{200, kTokens},
               HttpsAnswer{200, R"({"access_token":"at-2","token_type":"bearer"})"},
               Fault("invalid_grant"), HttpsAnswer{502, ""}, absl::UnavailableError("no route")});
  const auto next = RenewTokens(client, old, provider.World());
  REQUIRE(next.ok());
  CHECK(next->access_token == "at-1");
  CHECK(next->refresh_token == "rt-1");
  CHECK(next->token_endpoint == kToken);
  CHECK(provider.asked[kToken][0] == LoginWorld::Form{{"grant_type", "refresh_token"},
                                                      {"refresh_token", "rt-0"},
                                                      {"client_id", "cli"}});
  const auto same = RenewTokens(client, *next, provider.World());
  REQUIRE(same.ok());
  CHECK(same->access_token == "at-2");
  CHECK(same->refresh_token == "rt-1");
  CHECK(absl::IsUnauthenticated(RenewTokens(client, old, provider.World()).status()));
  CHECK(absl::IsUnavailable(RenewTokens(client, old, provider.World()).status()));
  CHECK(absl::IsUnavailable(RenewTokens(client, old, provider.World()).status()));
}

}  // namespace brobygger::cli
