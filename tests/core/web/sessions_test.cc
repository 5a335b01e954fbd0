#include "core/web/sessions.h"

#include <optional>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "tests/support/fake_clock.h"

namespace brobygger::web {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct SessionsFixture {
  SignedIn For(minutes life, const std::string& refresh_token = "refresh-1") {
    return {.token = "token-1",
            .expires_at = clock.Now() + life,
            .refresh_token = refresh_token,
            .display_name = "Mette"};
  }
  // The token, or the error's code as "!16".
  std::string TokenFor(const std::string& cookie) {
    std::string told = "?";
    sessions.TokenFor(cookie, "", [&](const absl::StatusOr<std::string>& token) {
      told = token.ok() ? *token : "!" + std::to_string(static_cast<int>(token.status().code()));
    });
    return told;
  }
  void AnswerRenewal(absl::StatusOr<SignedIn> answer) {
    REQUIRE(renewal != nullptr);
    std::exchange(renewal, nullptr)(std::move(answer));
  }

  support::FakeClock clock;
  std::vector<std::string> renewed;
  std::function<void(absl::StatusOr<SignedIn>)> renewal;
  Sessions sessions{[this](const std::string& refresh_token,
                           const std::string& /*address*/,
                           std::function<void(absl::StatusOr<SignedIn>)> done) {
                      renewed.push_back(refresh_token);
                      renewal = std::move(done);
                    },
                    clock,
                    {.sessions = 3, .sessions_of_one = 3}};
};

TEST_CASE_METHOD(SessionsFixture, "a cookie stands for a token, and no other cookie does") {
  const std::string one = sessions.Open(For(minutes(10)));
  const std::string two = sessions.Open(For(minutes(10)));
  CHECK(one.size() == 43);
  CHECK(one != two);
  CHECK(TokenFor(one) == "token-1");
  CHECK(TokenFor("") == "!16");
  CHECK(TokenFor(one + "x") == "!16");
  CHECK(sessions.Find(one)->display_name == "Mette");
}

TEST_CASE_METHOD(SessionsFixture, "a session that is closed is gone") {
  const std::string cookie = sessions.Open(For(minutes(10)));
  CHECK(sessions.Close(cookie)->refresh_token == "refresh-1");
  CHECK(sessions.Close(cookie) == nullptr);
  CHECK(TokenFor(cookie) == "!16");
}

TEST_CASE_METHOD(SessionsFixture, "an hour without use, or twelve in all, end a session") {
  const std::string idle = sessions.Open(For(minutes(100000)));
  const std::string used = sessions.Open(For(minutes(100000)));
  for (int i = 0; i < 12; ++i) {
    clock.Advance(minutes(59));
    CHECK(TokenFor(used) == "token-1");
  }
  CHECK(TokenFor(idle) == "!16");
  clock.Advance(minutes(30));
  CHECK(TokenFor(used) == "!16");
  CHECK(sessions.size() == 0);
}

TEST_CASE_METHOD(SessionsFixture, "who only looks whether somebody is signed in does not use it") {
  const std::string cookie = sessions.Open(For(minutes(100000)));
  clock.Advance(minutes(50));
  CHECK(sessions.Find(cookie) != nullptr);
  clock.Advance(minutes(50));
  CHECK(sessions.Find(cookie) == nullptr);
}

TEST_CASE_METHOD(SessionsFixture, "a token about to end is renewed once for all who ask") {
  const std::string cookie = sessions.Open(For(minutes(10)));
  clock.Advance(minutes(9) + seconds(10));
  std::vector<std::string> told;
  for (int i = 0; i < 3; ++i) {
    sessions.TokenFor(cookie, "", [&](const absl::StatusOr<std::string>& token) {
      told.push_back(token.ok() ? *token : "!");
    });
  }
  CHECK(told.empty());
  CHECK(renewed == std::vector<std::string>{"refresh-1"});
  AnswerRenewal(SignedIn{
      .token = "token-2", .expires_at = clock.Now() + minutes(10), .refresh_token = "refresh-2"});
  CHECK(told == std::vector<std::string>{"token-2", "token-2", "token-2"});
  CHECK(TokenFor(cookie) == "token-2");
  // What the provider does not say again stays.
  CHECK(sessions.Find(cookie)->display_name == "Mette");
  clock.Advance(minutes(9) + seconds(30));
  sessions.TokenFor(cookie, "", [](const auto&) {});
  CHECK(renewed.back() == "refresh-2");
}

TEST_CASE_METHOD(SessionsFixture, "a provider that is away does not end a token that still holds") {
  const std::string cookie = sessions.Open(For(minutes(10)));
  clock.Advance(minutes(9) + seconds(30));
  std::optional<absl::StatusOr<std::string>> told;
  const auto ask = [&] { sessions.TokenFor(cookie, "", [&](const auto& token) { told = token; }); };
  ask();
  AnswerRenewal(absl::UnavailableError("away"));
  CHECK(**told == "token-1");
  // It is not asked again at each call.
  ask();
  CHECK(renewal == nullptr);
  CHECK(**told == "token-1");
  clock.Advance(minutes(1));
  ask();
  AnswerRenewal(absl::UnavailableError("away"));
  CHECK(absl::IsUnavailable(told->status()));
  // And it is there again when the provider is.
  ask();
  AnswerRenewal(SignedIn{.token = "token-2", .expires_at = clock.Now() + minutes(10)});
  CHECK(**told == "token-2");
}

TEST_CASE_METHOD(SessionsFixture, "a sign-in that the provider ended ends the session") {
  const std::string cookie = sessions.Open(For(minutes(1)));
  std::optional<absl::StatusOr<std::string>> told;
  sessions.TokenFor(cookie, "", [&](const auto& token) { told = token; });
  AnswerRenewal(
      base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN, "no more", {{"why", "ended"}}));
  CHECK(absl::IsUnauthenticated(told->status()));
  CHECK(sessions.Find(cookie) == nullptr);
}

TEST_CASE_METHOD(SessionsFixture, "a provider that answers with nonsense ends no session") {
  const std::string cookie = sessions.Open(For(minutes(1)));
  std::optional<absl::StatusOr<std::string>> told;
  sessions.TokenFor(cookie, "", [&](const auto& token) { told = token; });
  AnswerRenewal(base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN, "it answers with a page",
                                {{"why", "provider"}}));
  CHECK(**told == "token-1");
  CHECK(sessions.Find(cookie) != nullptr);
}

TEST_CASE_METHOD(SessionsFixture,
                 "one token has so many sessions, and ended ones make room first") {
  const std::string other = sessions.Open({.token = "other"});
  clock.Advance(minutes(59));
  for (int i = 0; i < 5; ++i) sessions.Open({.token = "same"});
  CHECK(sessions.size() <= 3);
  clock.Advance(minutes(30));
  const std::string third = sessions.Open({.token = "third"});
  CHECK(TokenFor(third) == "third");
  CHECK(TokenFor(other) == "!16");
}

TEST_CASE_METHOD(SessionsFixture, "who signs out while a token is renewed is signed out") {
  const std::string cookie = sessions.Open(For(minutes(1)));
  std::optional<absl::StatusOr<std::string>> told;
  sessions.TokenFor(cookie, "", [&](const auto& token) { told = token; });
  sessions.Close(cookie);
  CHECK(absl::IsUnauthenticated(told->status()));
  AnswerRenewal(SignedIn{.token = "token-2", .expires_at = clock.Now() + minutes(10)});
  CHECK(sessions.Find(cookie) == nullptr);
}

TEST_CASE_METHOD(SessionsFixture, "an API key lasts as long as the session") {
  const std::string cookie = sessions.Open({.token = "bb_key"});
  clock.Advance(minutes(59));
  CHECK(TokenFor(cookie) == "bb_key");
  CHECK(renewed.empty());
}

TEST_CASE_METHOD(SessionsFixture, "a token that cannot be renewed ends the session with it") {
  const std::string cookie = sessions.Open(For(minutes(5), ""));
  clock.Advance(minutes(4) + seconds(59));
  CHECK(TokenFor(cookie) == "token-1");
  clock.Advance(seconds(1));
  CHECK(TokenFor(cookie) == "!16");
}

TEST_CASE_METHOD(SessionsFixture, "when there are too many, the one used longest ago makes room") {
  const std::string first = sessions.Open(For(minutes(100)));
  const std::string second = sessions.Open(For(minutes(100)));
  const std::string third = sessions.Open(For(minutes(100)));
  clock.Advance(minutes(1));
  CHECK(TokenFor(first) == "token-1");
  sessions.Open(For(minutes(100)));
  CHECK(sessions.size() == 3);
  CHECK(TokenFor(first) == "token-1");
}

}  // namespace
}  // namespace brobygger::web
