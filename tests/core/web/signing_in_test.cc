// Signing in at the page, and calls by the session: the whole door, before a hub that is a fake.
#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>

#include "core/web/digest.h"
#include "core/web/hub_client.h"
#include "core/web/page_door.h"
#include "core/web/routes.h"
#include "tests/core/web/fake_sign_in.h"
#include "tests/core/web/running_server.h"
#include "tests/support/temp_folder.h"

namespace brobygger::web {
namespace {

using Json = nlohmann::json;

constexpr char kWhoAmI[] = "/api/brobygger.access.v1.AccessService/WhoAmI";

HttpLimits Posts() {
  HttpLimits limits;
  limits.most_body_bytes = 100'000;
  return limits;
}

struct Door {
  explicit Door(const std::string& public_url = "") : public_url_(public_url) {}

  // "Host" and what a browser says of a request by our own page.
  std::string OwnHost() const {
    return public_url_.empty() ? server.address() : public_url_.substr(public_url_.find("//") + 2);
  }
  std::string OwnOriginFields() const {
    const std::string own = public_url_.empty() ? "http://" + server.address() : public_url_;
    return "Origin: " + own + "\r\nSec-Fetch-Site: same-origin\r\n";
  }
  Answer Get(const std::string& target, const std::string& fields = "") {
    auto client = server.Connect();
    client.Send(
        absl::StrCat("GET ", target, " HTTP/1.1\r\nHost: ", OwnHost(), "\r\n", fields, "\r\n"));
    return client.Read();
  }
  Answer PostRaw(const std::string& target, const std::string& body, const std::string& fields) {
    auto client = server.Connect();
    client.Send(absl::StrCat("POST ", target, " HTTP/1.1\r\nHost: ", OwnHost(), "\r\n", fields,
                             "Content-Length: ", body.size(), "\r\n\r\n", body));
    return client.Read();
  }
  Answer Post(const std::string& target, const std::string& body, const std::string& fields = "") {
    return PostRaw(target, body,
                   absl::StrCat("Content-Type: application/json\r\nConnect-Protocol-Version: 1\r\n",
                                OwnOriginFields(), fields));
  }
  // The first cookie that an answer sets: "name=value".
  static std::string CookieOf(const Answer& answer) {
    const std::string field =
        answer.fields.count("set-cookie") == 0 ? "" : answer.fields.at("set-cookie");
    return field.substr(0, field.find(';'));
  }
  std::string ActorBy(const std::string& cookie) {
    const Answer answer = Post(kWhoAmI, "{}", "Cookie: " + cookie + "\r\n");
    return answer.status == 200 ? Json::parse(answer.body).value("actor", "")
                                : std::to_string(answer.status);
  }
  std::string BeCaseworker() {
    const Answer answer = Post("/session/demo", R"({"person":"caseworker"})");
    REQUIRE(answer.status == 200);
    return CookieOf(answer);
  }

  support::TempFolder folder;
  FakeSignIn hub{(folder.path() / "hub.sock").string()};
  HubClient feeds{hub.address()};
  std::unique_ptr<PageDoor> page;  // made when it is first asked, since it has to know the port
  std::string public_url_;
  RunningServer server{
      [this](const Request& request, const Respond& respond) {
        if (page == nullptr) {
          page = std::make_unique<PageDoor>(PageDoor::Options{
              .hub = hub.address(), .public_url = public_url_, .address = server.address()});
        }
        Routes(feeds, nullptr, page.get())(request, respond);
      },
      Posts()};
};

struct PublicDoor : Door {
  PublicDoor() : Door("https://hub.fjordby.example") {}
};

TEST_CASE_METHOD(Door, "who is signed in, and how one may, is told to everybody") {
  const Json told = Json::parse(Get("/session").body);
  CHECK(told["signedIn"] == false);
  CHECK(told["provider"] == "login.fjordby.example");
  CHECK(told["demoPeople"][0]["titleDa"] == "Sagsbehandler");
}

TEST_CASE_METHOD(Door, "a demo's person signs in and calls by a cookie that no script can read") {
  const Answer answer = Post("/session/demo", R"({"person":"caseworker"})");
  const std::string field = answer.fields.at("set-cookie");
  CHECK(field.find("; HttpOnly") != std::string::npos);
  CHECK(field.find("; SameSite=Lax") != std::string::npos);
  CHECK(answer.body.find("token") == std::string::npos);
  CHECK(ActorBy(CookieOf(answer)) == "Bearer demo-token");
  CHECK(Json::parse(Get("/session", "Cookie: " + CookieOf(answer) + "\r\n").body)["signedIn"] ==
        true);
  CHECK(Post("/session/demo", R"({"person":"nobody"})").status == 400);
}

TEST_CASE_METHOD(Door, "what is read for and where from goes along with a call") {
  const std::string cookie = BeCaseworker();
  const Answer answer =
      Post(kWhoAmI, "{}", "Brobygger-Purpose: collaboration\r\nCookie: " + cookie + "\r\n");
  const Json told = Json::parse(answer.body);
  CHECK(told["purpose"] == "collaboration");
  CHECK(told["elsewhere"] == "127.0.0.1");
}

TEST_CASE_METHOD(Door, "without a session a call is nobody's, and with a forged one refused") {
  CHECK(Post(kWhoAmI, "{}").status == 401);
  CHECK(ActorBy("brobygger=" + std::string(43, 'A')) == "401");
  CHECK(ActorBy("brobygger=;x") == "401");
}

TEST_CASE_METHOD(Door, "of a stranger little is read before they hear that they must sign in") {
  const std::string much = "{\"x\":\"" + std::string(20'000, 'x') + "\"}";
  CHECK(Post(kWhoAmI, much).status == 401);
  CHECK(Post(kWhoAmI, much, "Cookie: " + BeCaseworker() + "\r\n").status == 400);
}

TEST_CASE_METHOD(Door, "a session whose token the hub does not take any more is none") {
  const std::string cookie = CookieOf(Post("/session/association", R"({"key":"bb_1234_secret"})"));
  hub.Refuse("Bearer bb_1234_secret");
  CHECK(ActorBy(cookie) == "401");
  CHECK(Json::parse(Get("/session", "Cookie: " + cookie + "\r\n").body)["signedIn"] == false);
}

TEST_CASE_METHOD(Door, "a session is of no use to another page, and neither is signing in") {
  const std::string cookie = "Cookie: " + BeCaseworker() + "\r\n";
  const std::string json = "Content-Type: application/json\r\nConnect-Protocol-Version: 1\r\n";
  for (const char* const other : {"Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n",
                                  "Origin: null\r\n", "Sec-Fetch-Site: same-site\r\n", ""}) {
    CAPTURE(other);
    CHECK(PostRaw(kWhoAmI, "{}", json + cookie + other).status == 403);
    CHECK(PostRaw("/session/demo", R"({"person":"caseworker"})", json + other).status == 403);
    CHECK(PostRaw("/session/end", "{}", json + cookie + other).status == 403);
  }
  // As a form can be sent from anywhere.
  CHECK(PostRaw("/session/demo", "person=caseworker",
                OwnOriginFields() + "Content-Type: application/x-www-form-urlencoded\r\n")
            .status == 403);
  CHECK(
      PostRaw(kWhoAmI, "{}", OwnOriginFields() + cookie + "Content-Type: text/plain\r\n").status ==
      415);
}

TEST_CASE_METHOD(Door, "a name that somebody else owns does not make us their page") {
  auto client = server.Connect();
  client.Send("GET /session HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  CHECK(client.Read().status == 421);
}

TEST_CASE_METHOD(Door, "who shows a token or a key calls as that, from wherever") {
  const std::string json = "Content-Type: application/json\r\nConnect-Protocol-Version: 1\r\n";
  const Answer answer = PostRaw(kWhoAmI, "{}", json + "Authorization: Bearer bb_key\r\n");
  CHECK(Json::parse(answer.body)["actor"] == "Bearer bb_key");
  for (const char* const wrong : {"Authorization: Basic abc\r\n", "Authorization: Bearer a b\r\n",
                                  "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"}) {
    CAPTURE(wrong);
    CHECK(PostRaw(kWhoAmI, "{}", json + wrong).status == 401);
  }
}

TEST_CASE_METHOD(PublicDoor, "a login provider signs a browser in, by code with PKCE") {
  const Answer begun = Get("/session/begin?then=/foreninger/1");
  CHECK(begun.status == 303);
  const auto asked = hub.begun();
  CHECK(begun.fields.at("location") == "https://login.fjordby.example/auth?state=" + asked.state());
  CHECK(asked.redirect_uri() == "https://hub.fjordby.example/session/callback");
  const std::string browser = "Cookie: " + CookieOf(begun) + "\r\n";
  CHECK(browser.find("__Host-") != std::string::npos);

  const Answer back = Get("/session/callback?code=good&state=" + asked.state(), browser);
  CHECK(back.status == 303);
  CHECK(back.fields.at("location") == "/foreninger/1");
  const auto finished = hub.finished();
  CHECK(finished.nonce() == asked.nonce());
  CHECK(asked.code_challenge() == Base64Url(Sha256(finished.code_verifier())));
  // The first one takes the sign-in's own cookie away; the session's is the second.
  const std::size_t second = back.head.find("__Host-brobygger=");
  REQUIRE(second != std::string::npos);
  const std::string cookie = back.head.substr(second, back.head.find(';', second) - second);
  CHECK(back.head.find("; Secure", second) != std::string::npos);
  CHECK(ActorBy(cookie) == "Bearer provider-token");
  CHECK(Json::parse(Get("/session", "Cookie: " + cookie + "\r\n").body)["displayName"] ==
        "Mette Holm");

  const Answer ended = Post("/session/end", "{}", "Cookie: " + cookie + "\r\n");
  CHECK(Json::parse(ended.body)["next"] == "https://login.fjordby.example/logout");
  CHECK(hub.ended().refresh_token() == "refresh-token");
  CHECK(hub.ended().id_token() == "id-token");
  CHECK(ActorBy(cookie) == "401");
}

TEST_CASE_METHOD(PublicDoor, "a sign-in that another browser began, or that was used, is refused") {
  const Answer begun = Get("/session/begin");
  const std::string back = "/session/callback?code=good&state=" + hub.begun().state();
  const Answer other = Get(back);
  CHECK(other.fields.at("location") == "/#sign-in-failed");
  CHECK(other.fields.count("set-cookie") == 0);
  const std::string browser = "Cookie: " + CookieOf(begun) + "\r\n";
  const Answer used = Get(back, browser);
  CHECK(used.fields.at("location") == "/");
  // The browser lets go of it; the provider takes no code twice.
  CHECK(used.head.find("__Host-brobygger-sign-in=; ") != std::string::npos);
  CHECK(used.head.find("Max-Age=0") != std::string::npos);
  // What another process, or somebody else, made.
  std::string forged = browser;
  forged[forged.find('=') + 5] ^= 1;
  CHECK(Get(back, forged).fields.at("location") == "/#sign-in-failed");
  CHECK(Get("/session/callback?code=good&state=unknown", browser).fields.at("location") ==
        "/#sign-in-failed");
}

TEST_CASE_METHOD(PublicDoor, "a code that the provider does not take signs nobody in") {
  const Answer begun = Get("/session/begin");
  const Answer back = Get("/session/callback?code=bad&state=" + hub.begun().state(),
                          "Cookie: " + CookieOf(begun) + "\r\n");
  CHECK(back.fields.at("location") == "/#sign-in-failed");
  CHECK(back.head.find("brobygger=") == std::string::npos);
}

TEST_CASE_METHOD(PublicDoor, "signing in leads to our own page and nowhere else") {
  for (const char* const then : {"//evil.example", "https://evil.example", "/%5Cevil.example",
                                 "/%0d%0aSet-Cookie:x=y", "evil", "%00"}) {
    CAPTURE(then);
    const Answer begun = Get(std::string("/session/begin?then=") + then);
    const Answer back = Get("/session/callback?code=good&state=" + hub.begun().state(),
                            "Cookie: " + CookieOf(begun) + "\r\n");
    CHECK(back.fields.at("location") == "/");
  }
}

TEST_CASE_METHOD(Door, "an association signs in with its invitation, which shows its key once") {
  const Answer answer = Post("/session/association", R"({"code":"CODE"})");
  CHECK(Json::parse(answer.body)["key"] == "bb_1234_secret");
  CHECK(ActorBy(CookieOf(answer)) == "Bearer bb_1234_secret");
  CHECK(Post("/session/association", R"({"code":"WRONG"})").status == 401);
}

TEST_CASE_METHOD(Door, "an association signs in with the key that it kept") {
  CHECK(ActorBy(CookieOf(Post("/session/association", R"({"key":"bb_1234_secret"})"))) ==
        "Bearer bb_1234_secret");
  for (const char* const wrong : {R"({"key":"bb_wrong"})", R"({"key":"a b\r\nc"})"}) {
    CHECK(Post("/session/association", wrong).status == 401);
  }
  for (const char* const wrong : {"{}", "[]", "", R"({"key":"a","code":"b"})", R"({"key":1})"}) {
    CHECK(Post("/session/association", wrong).status == 400);
  }
}

TEST_CASE_METHOD(Door, "signing in again ends the session that the browser had") {
  const std::string first = BeCaseworker();
  const std::string second =
      CookieOf(Post("/session/demo", R"({"person":"caseworker"})", "Cookie: " + first + "\r\n"));
  CHECK(first != second);
  CHECK(ActorBy(first) == "401");
  CHECK(ActorBy(second) == "Bearer demo-token");
}

TEST_CASE_METHOD(Door, "calls by GET stay off, and what is not there is not found") {
  CHECK(Get(std::string(kWhoAmI) + "?connect=v1&message={}").status == 405);
  CHECK(Post("/api/brobygger.access.v1.JoinService/Join", R"({"code":"CODE"})").status == 404);
  CHECK(Post("/api/brobygger.access.v1.SignInService/DemoSignIn", "{}").status == 404);
  CHECK(Post("/session/nothing", "{}").status == 404);
  CHECK(Post("/foreninger", "{}").status == 405);
}

}  // namespace
}  // namespace brobygger::web
