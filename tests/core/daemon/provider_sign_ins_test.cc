#include "core/daemon/provider_sign_ins.h"

#include <catch2/catch.hpp>

#include "tests/core/daemon/fake_provider.h"

namespace brobygger::daemon {
namespace {

namespace v1 = access::v1;
namespace reasons = errors::v1;

constexpr char kBack[] = "http://127.0.0.1:8480/session/callback";
const std::string kVerifier(43, 'v');

v1::BeginSignInRequest BeginRequest() {
  v1::BeginSignInRequest request;
  request.set_redirect_uri(kBack);
  request.set_state("state-0123456789abcdef");
  request.set_nonce(kTestNonce);
  request.set_code_challenge(std::string(43, 'c'));
  return request;
}

v1::FinishSignInRequest FinishRequest() {
  v1::FinishSignInRequest request;
  request.set_code("code/1+2");
  request.set_redirect_uri(kBack);
  request.set_code_verifier(kVerifier);
  request.set_nonce(kTestNonce);
  return request;
}

v1::RenewSignInRequest RenewRequest(const std::string& refresh_token) {
  v1::RenewSignInRequest request;
  request.set_refresh_token(refresh_token);
  return request;
}

std::string FieldOf(const absl::Status& status) {
  CHECK(base::ReasonOf(status) == reasons::ERROR_REASON_FIELD_INVALID);
  return base::ErrorMetadata(status, "field");
}

bool IsOverloaded(const absl::Status& status) {
  return base::ReasonOf(status) == reasons::ERROR_REASON_OVERLOADED;
}

}  // namespace

TEST_CASE("a browser is sent to the provider with all that the code flow asks for", "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  CHECK(sign_ins.Ways().provider_host() == "login.fjordby.example");
  CHECK(sign_ins.Ways().demo_people().empty());
  const auto begun = sign_ins.Begin(BeginRequest());
  REQUIRE(begun.ok());
  CHECK(begun->authorization_url() ==
        "https://login.fjordby.example/auth?kommune=0998&response_type=code"
        "&client_id=brobygger-web"
        "&redirect_uri=http%3a%2f%2f127.0.0.1%3a8480%2fsession%2fcallback"
        "&scope=openid%20profile&state=state-0123456789abcdef&nonce=nonce-0123456789abcdef"
        "&code_challenge=" +
            std::string(43, 'c') + "&code_challenge_method=S256");
}

TEST_CASE("what a sign-in begins with must have its form, and come back to the page itself",
          "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  auto request = BeginRequest();
  for (const char* uri : {"", "https://evil.example/session/callback",
                          "http://127.0.0.1:8480/elsewhere", "http://127.0.0.1/session/callback"}) {
    request.set_redirect_uri(uri);
    CHECK(FieldOf(sign_ins.Begin(request).status()) == "redirect_uri");
  }
  request = BeginRequest();
  for (const std::string& text :
       {std::string(), std::string(15, 'x'), std::string(257, 'x'),
        std::string("state 0123456789abcdef"), std::string("state&0123456789abcdef")}) {
    request.set_state(text);
    CHECK(FieldOf(sign_ins.Begin(request).status()) == "state");
    request = BeginRequest();
    request.set_nonce(text);
    CHECK(FieldOf(sign_ins.Begin(request).status()) == "nonce");
    request = BeginRequest();
    request.set_code_challenge(text);
    CHECK(FieldOf(sign_ins.Begin(request).status()) == "code_challenge");
    request = BeginRequest();
  }
  auto finish = FinishRequest();
  finish.set_redirect_uri("https://evil.example/session/callback");
  CHECK(FieldOf(sign_ins.Finish(finish).status()) == "redirect_uri");
  finish = FinishRequest();
  finish.set_code("a code");
  CHECK(FieldOf(sign_ins.Finish(finish).status()) == "code");
  finish = FinishRequest();
  finish.set_code_verifier(std::string(42, 'v'));
  CHECK(FieldOf(sign_ins.Finish(finish).status()) == "code_verifier");
  // With a nonce of nothing a token of any sign-in would do.
  finish = FinishRequest();
  finish.set_nonce("");
  CHECK(FieldOf(sign_ins.Finish(finish).status()) == "nonce");
  CHECK(FieldOf(sign_ins.Renew(RenewRequest("")).status()) == "refresh_token");
  CHECK(provider.asked.empty());
}

TEST_CASE("where the page has an address of its own, browsers come back there alone", "[sign_in]") {
  FakeProvider provider;
  auto parts = provider.Parts();
  parts.public_url = "https://hub.fjordby.example";
  ProviderSignIns sign_ins(std::move(parts));
  CHECK(FieldOf(sign_ins.Begin(BeginRequest()).status()) == "redirect_uri");
  auto request = BeginRequest();
  request.set_redirect_uri("https://hub.fjordby.example/session/callback");
  CHECK(sign_ins.Begin(request).ok());
  v1::EndSignInRequest end;
  end.set_post_logout_redirect_uri("https://hub.fjordby.example/");
  CHECK(sign_ins.End(end).ok());
  end.set_post_logout_redirect_uri("https://hub.fjordby.example/session/callback");
  CHECK(FieldOf(sign_ins.End(end).status()) == "post_logout_redirect_uri");
}

TEST_CASE("a code becomes tokens, which the hub takes itself", "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  const auto finished = sign_ins.Finish(FinishRequest());
  INFO(finished.status());
  REQUIRE(finished.ok());
  const v1::SignIn& got = finished->sign_in();
  CHECK(got.access_token() == "at-1");
  CHECK(got.refresh_token() == "rt-1");
  CHECK_FALSE(got.id_token().empty());
  CHECK(got.display_name() == "Mette");
  const auto ends = provider.clock.Now() + std::chrono::seconds(300);
  CHECK(base::Instant(std::chrono::seconds(got.expire_time().seconds())) == ends);
  CHECK(provider.taken == std::vector<std::string>{"at-1"});
  REQUIRE(provider.Forms(kProviderToken).size() == 1);
  CHECK(provider.Forms(kProviderToken)[0] ==
        std::map<std::string, std::string>{{"grant_type", "authorization_code"},
                                           {"code", "code/1+2"},
                                           {"redirect_uri", kBack},
                                           {"client_id", kWebClient},
                                           {"code_verifier", kVerifier}});
  for (const HttpsCall& call : provider.asked) {
    CHECK(call.authorization.empty());
    CHECK(call.most_time <= kConversation);
    CHECK_FALSE(call.by_proxy);
  }
}

TEST_CASE("a client's secret is read each time, and shown where tokens are asked for alone",
          "[sign_in]") {
  FakeProvider provider;
  auto parts = provider.Parts();
  parts.client_secret = "file:/secret";
  std::string secret = "a secret:+";
  parts.secrets = [&secret](const std::string& reference) -> absl::StatusOr<std::string> {
    CHECK(reference == "file:/secret");
    if (secret.empty()) return absl::FailedPreconditionError("/secret: no such file");
    return secret;
  };
  ProviderSignIns sign_ins(std::move(parts));
  REQUIRE(sign_ins.Finish(FinishRequest()).ok());
  REQUIRE(provider.asked.size() == 2);
  CHECK(provider.asked[0].authorization.empty());
  // base64 of "brobygger-web:a%20secret%3a%2b" (RFC 6749 section 2.3.1)
  CHECK(provider.asked[1].authorization == "Basic YnJvYnlnZ2VyLXdlYjphJTIwc2VjcmV0JTNhJTJi");
  secret = "next";
  REQUIRE(sign_ins.Renew(RenewRequest("rt-1")).ok());
  CHECK(provider.asked.back().authorization == "Basic YnJvYnlnZ2VyLXdlYjpuZXh0");
  // Where it should be is nothing for whoever signs in.
  secret = "";
  const auto refused = sign_ins.Renew(RenewRequest("rt-1"));
  CHECK(WhyOf(refused.status()) == "provider");
  CHECK(refused.status().message().find("/secret") == absl::string_view::npos);
}

TEST_CASE("a code that the provider does not take is the caller's fault alone", "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  provider.Refuses("invalid_grant");
  const auto wrong = sign_ins.Finish(FinishRequest());
  CHECK(base::ReasonOf(wrong.status()) == reasons::ERROR_REASON_NOT_SIGNED_IN);
  CHECK(WhyOf(wrong.status()) == "wrong_code");
  for (const char* error : {"invalid_client", "unauthorized_client", "invalid_request"}) {
    provider.Refuses(error, 401);
    CHECK(WhyOf(sign_ins.Finish(FinishRequest()).status()) == "provider");
  }
}

TEST_CASE("an ID token of another sign-in, provider or client signs nobody in", "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  provider.Answers(provider.TokenAnswer({{"nonce", "nonce-of-somebody-else"}}));
  CHECK(WhyOf(sign_ins.Finish(FinishRequest()).status()) == "wrong_nonce");
  provider.Answers(provider.TokenAnswer({{"nonce", nullptr}}));
  CHECK(WhyOf(sign_ins.Finish(FinishRequest()).status()) == "wrong_nonce");
  for (const nlohmann::json& changes :
       {nlohmann::json{{"iss", "https://evil.example"}}, nlohmann::json{{"aud", "other"}},
        nlohmann::json{{"exp", 1}}, nlohmann::json{{"sub", nullptr}}}) {
    CAPTURE(changes.dump());
    provider.Answers(provider.TokenAnswer(changes));
    CHECK(WhyOf(sign_ins.Finish(FinishRequest()).status()) == "provider");
  }
  auto answer = provider.TokenAnswer();
  answer["id_token"] = answer["id_token"].get<std::string>() + "A";
  provider.Answers(answer);
  CHECK(WhyOf(sign_ins.Finish(FinishRequest()).status()) == "provider");
  answer.erase("id_token");
  provider.Answers(answer);
  CHECK(WhyOf(sign_ins.Finish(FinishRequest()).status()) == "provider");
  CHECK(provider.taken.empty());
}

TEST_CASE("an access token that the hub does not take is not handed on", "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  provider.takes = absl::UnauthenticatedError("WrongAudience");
  const auto finished = sign_ins.Finish(FinishRequest());
  CHECK(WhyOf(finished.status()) == "token_not_taken");
  CHECK(WhyOf(sign_ins.Renew(RenewRequest("rt-1")).status()) == "token_not_taken");
  provider.takes = base::MakeError(reasons::ERROR_REASON_OVERLOADED, "no keys");
  CHECK(IsOverloaded(sign_ins.Finish(FinishRequest()).status()));
}

TEST_CASE("a sign-in is renewed, with the old refresh token where there is no new one",
          "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  // The ID token of a renewal need not have the nonce.
  auto answer = provider.TokenAnswer({{"nonce", nullptr}});
  answer["refresh_token"] = "rt-2";
  provider.Answers(answer);
  auto renewed = sign_ins.Renew(RenewRequest("rt-1"));
  REQUIRE(renewed.ok());
  CHECK(renewed->sign_in().refresh_token() == "rt-2");
  CHECK(renewed->sign_in().display_name() == "Mette");
  CHECK(provider.Forms(kProviderToken)[0] ==
        std::map<std::string, std::string>{
            {"grant_type", "refresh_token"}, {"refresh_token", "rt-1"}, {"client_id", kWebClient}});
  provider.Answers({{"access_token", "at-3"}, {"token_type", "bearer"}});
  renewed = sign_ins.Renew(RenewRequest("rt-2"));
  REQUIRE(renewed.ok());
  CHECK(renewed->sign_in().access_token() == "at-3");
  CHECK(renewed->sign_in().refresh_token() == "rt-2");
  CHECK(renewed->sign_in().id_token().empty());
  CHECK(renewed->sign_in().display_name().empty());
}

TEST_CASE("a refresh token that was good once is no guess when it has ended", "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  REQUIRE(sign_ins.Finish(FinishRequest()).ok());
  provider.Refuses("invalid_grant");
  CHECK(WhyOf(sign_ins.Renew(RenewRequest("rt-1")).status()) == "ended");
  CHECK(WhyOf(sign_ins.Renew(RenewRequest("rt-2")).status()) == "wrong_refresh_token");
  // Another hub, or this one started anew, knows nothing of it.
  ProviderSignIns other(provider.Parts());
  CHECK(WhyOf(other.Renew(RenewRequest("rt-1")).status()) == "wrong_refresh_token");
}

TEST_CASE("a sign-in ends at the provider, too", "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  v1::EndSignInRequest request;
  request.set_refresh_token("rt-1");
  request.set_id_token("a.b.c");
  request.set_post_logout_redirect_uri("http://127.0.0.1:8480/");
  const auto ended = sign_ins.End(request);
  REQUIRE(ended.ok());
  CHECK(ended->end_session_url() ==
        "https://login.fjordby.example/end?client_id=brobygger-web&id_token_hint=a.b.c"
        "&post_logout_redirect_uri=http%3a%2f%2f127.0.0.1%3a8480%2f");
  REQUIRE(provider.Forms(kProviderRevocation).size() == 1);
  CHECK(provider.Forms(kProviderRevocation)[0].at("token") == "rt-1");
  // Without a refresh token there is nothing to revoke.
  request.clear_refresh_token();
  CHECK(sign_ins.End(request).ok());
  CHECK(provider.Forms(kProviderRevocation).size() == 1);
  for (const char* back : {"https://evil.example/", "http://127.0.0.1:8480/x"}) {
    request.set_post_logout_redirect_uri(back);
    CHECK(FieldOf(sign_ins.End(request).status()) == "post_logout_redirect_uri");
  }
  // A provider without such a page.
  FakeProvider plain;
  auto metadata = FakeProvider::Metadata();
  metadata.erase("end_session_endpoint");
  plain.Answers(kProviderMetadata, {HttpsAnswer{200, metadata.dump()}});
  ProviderSignIns quiet(plain.Parts());
  CHECK(quiet.End({})->end_session_url().empty());
}

TEST_CASE("a provider that is away is said to be, and may be tried again", "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  for (const FakeProvider::Answer& answer :
       {FakeProvider::Answer(absl::UnavailableError("no route")),
        FakeProvider::Answer(HttpsAnswer{503, ""}), FakeProvider::Answer(HttpsAnswer{429, ""})}) {
    provider.Answers(kProviderMetadata, {answer});
    const auto begun = sign_ins.Begin(BeginRequest());
    CHECK(IsOverloaded(begun.status()));
    CHECK(begun.status().message().find("does not answer") != absl::string_view::npos);
  }
  provider.Answers(kProviderMetadata, {HttpsAnswer{200, FakeProvider::Metadata().dump()}});
  provider.Answers(kProviderToken, {absl::UnavailableError("no route")});
  CHECK(IsOverloaded(sign_ins.Finish(FinishRequest()).status()));
  CHECK(IsOverloaded(sign_ins.Renew(RenewRequest("rt-1")).status()));
  provider.Answers(kProviderToken, {HttpsAnswer{502, "<html>"}});
  CHECK(IsOverloaded(sign_ins.Finish(FinishRequest()).status()));
  provider.Answers(kProviderRevocation, {absl::UnavailableError("no route")});
  v1::EndSignInRequest end;
  end.set_refresh_token("rt-1");
  CHECK(IsOverloaded(sign_ins.End(end).status()));
}

TEST_CASE("a provider that cannot be relied on signs nobody in", "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  auto other = FakeProvider::Metadata();
  other["issuer"] = "https://evil.example";
  auto plain = FakeProvider::Metadata();
  plain["authorization_endpoint"] = "http://login.fjordby.example/auth";
  auto script = FakeProvider::Metadata();
  script["authorization_endpoint"] = "javascript:alert(1)";
  auto token = FakeProvider::Metadata();
  token["token_endpoint"] = "http://login.fjordby.example/token";
  for (const std::string& body : {other.dump(), plain.dump(), script.dump(), token.dump(),
                                  std::string("<html>"), std::string("[]")}) {
    CAPTURE(body);
    provider.Answers(kProviderMetadata, {HttpsAnswer{200, body}});
    CHECK(WhyOf(sign_ins.Begin(BeginRequest()).status()) == "provider");
  }
}

TEST_CASE("a provider's addresses are kept for some minutes", "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  REQUIRE(sign_ins.Begin(BeginRequest()).ok());
  provider.clock.Advance(kKeepAddresses - std::chrono::seconds(1));
  REQUIRE(sign_ins.Begin(BeginRequest()).ok());
  CHECK(provider.asked.size() == 1);
  provider.clock.Advance(std::chrono::seconds(1));
  REQUIRE(sign_ins.Begin(BeginRequest()).ok());
  CHECK(provider.asked.size() == 2);
}

TEST_CASE("nothing is asked of a provider once the hub stops", "[sign_in]") {
  FakeProvider provider;
  ProviderSignIns sign_ins(provider.Parts());
  sign_ins.Stop();
  CHECK(IsOverloaded(sign_ins.Begin(BeginRequest()).status()));
}

}  // namespace brobygger::daemon
