#include <thread>

#include "core/web/calendar_text.h"
#include "core/web/routes.h"
#include "tests/core/web/calendar_reader.h"
#include "tests/core/web/fake_hub.h"
#include "tests/core/web/running_server.h"
#include "tests/support/captured_log.h"
#include "tests/support/temp_folder.h"

namespace brobygger::web {
namespace {

const std::string kSecret = "h6Jd0Zr3qWq-4oX_9yTtCw1nKbEuVgLmAsPiRfDx2Y8";
const std::string kRevoked = "zzzd0Zr3qWq-4oX_9yTtCw1nKbEuVgLmAsPiRfDx2Y8";
const std::string kFeed = "/feeds/" + kSecret + ".ics";

// A fake hub and a door in front of it.
struct Door {
  explicit Door(const HttpLimits& limits = {}) {
    fake.SetFeed(kSecret, FeedOf("Kultur og Fritid", "r7", "Netværksdag"));
    server = std::make_unique<RunningServer>(Routes(hub), limits);
  }
  // The hub's client goes before the server it calls back, and Run() has returned before.
  ~Door() { server->Stop(); }

  HttpClient Connect() const { return server->Connect(); }
  Answer Fetch(const std::string& target, const std::string& fields = "") const {
    return Connect().Fetch(target, fields);
  }
  // Asks until the answer has this status, or for ten seconds.
  bool Becomes(const std::string& target, int status) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < end) {
      if (Fetch(target).status == status) return true;
      std::this_thread::yield();
    }
    return false;
  }

  support::TempFolder folder;
  FakeHub fake{folder.path() / "hub.sock"};
  std::unique_ptr<RunningServer> server;
  HubClient hub{fake.address()};
};

TEST_CASE("a feed is the department's events as a calendar") {
  const Door door;
  const Answer answer = door.Fetch(kFeed);
  CHECK(answer.status == 200);
  CHECK(answer.fields.at("content-type") == "text/calendar; charset=utf-8");
  CHECK(answer.fields.at("cache-control") == "private, max-age=300");
  CHECK(answer.fields.at("referrer-policy") == "no-referrer");
  CHECK(answer.fields.at("x-content-type-options") == "nosniff");
  CHECK(answer.fields.at("etag") == std::string("\"") + kCalendarTextVersion + ".r7\"");
  CHECK(Values(answer.body, "NAME") == std::vector<std::string>{"Kultur og Fritid"});
  CHECK(Values(answer.body, "SUMMARY") == std::vector<std::string>{"Netværksdag"});
}

TEST_CASE("HEAD of a feed is its head, also where nothing changed") {
  const Door door;
  auto client = door.Connect();
  const Answer get = client.Fetch(kFeed);
  client.Send("HEAD " + kFeed + " HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto without_date = [](Answer answer) {
    answer.fields.erase("date");
    return answer.fields;
  };
  CHECK(without_date(client.Read(true)) == without_date(get));
  client.Send("HEAD " + kFeed + " HTTP/1.1\r\nHost: a\r\nIf-None-Match: " + get.fields.at("etag") +
              "\r\n\r\n");
  CHECK(client.Read(true).status == 304);
}

TEST_CASE("a reader that has the feed already is told so and the hub sends it no events") {
  Door door;
  auto client = door.Connect();
  const Answer first = client.Fetch(kFeed);
  const std::string etag = first.fields.at("etag");
  for (const std::string& value :
       {etag, "W/" + etag, "\"x\", " + etag, "W/\"a,b\" ," + etag, std::string("*")}) {
    CAPTURE(value);
    const Answer again = client.Fetch(kFeed, "If-None-Match: " + value + "\r\n");
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(again.fields.at("etag") == etag);
    CHECK(again.fields.at("cache-control") == first.fields.at("cache-control"));
    CHECK(again.fields.count("content-type") == 0);
  }
  CHECK(door.fake.Asked().at(1).etag() == "r7");

  door.fake.SetFeed(kSecret, FeedOf("Kultur og Fritid", "r8", "Aflyst"));
  const Answer changed = client.Fetch(kFeed, "If-None-Match: " + etag + "\r\n");
  CHECK(changed.status == 200);
  CHECK(changed.fields.at("etag") != etag);
}

TEST_CASE("a tag of an older calendar text is not the present one") {
  Door door;
  CHECK(door.Fetch(kFeed, "If-None-Match: \"0.r7\", \"r7\"\r\n").status == 200);
  CHECK(door.fake.Asked().at(0).etag().empty());
}

TEST_CASE("an etag of the hub that would be none over HTTP is left out") {
  Door door;
  for (const std::string etag : {"a\"b", "a b", "a\nb", ""}) {
    CAPTURE(etag);
    door.fake.SetFeed(kSecret, FeedOf("Kultur", etag, "x"));
    const Answer answer = door.Fetch(kFeed);
    CHECK(answer.status == 200);
    CHECK(answer.fields.count("etag") == 0);
  }
}

// All that a stranger could tell two answers apart by, but the time.
std::string Seen(const Answer& answer) {
  Answer without_date = answer;
  without_date.fields.erase("date");
  std::string seen = std::to_string(answer.status);
  for (const auto& [name, value] : without_date.fields) seen += "\n" + name + ": " + value;
  return seen + "\n\n" + answer.body;
}

TEST_CASE("secrets that are unknown, malformed or revoked are answered alike") {
  Door door;
  door.fake.SetFeed(kRevoked, FeedOf("Kultur", "r1", "x"));
  const std::string revoked = "/feeds/" + kRevoked + ".ics";
  REQUIRE(door.Fetch(revoked).status == 200);
  door.fake.Revoke(kRevoked);

  const std::string unknown = "/feeds/" + std::string(43, 'B') + ".ics";
  const Answer expected = door.Fetch(unknown);
  CHECK(expected.status == 404);
  const std::size_t asked = door.fake.Asked().size();
  const std::vector<std::string> wrong = {revoked,
                                          "/feeds/" + kSecret + "A.ics",
                                          "/feeds/" + kSecret.substr(1) + ".ics",
                                          "/feeds/.ics",
                                          "/feeds/../feeds.ics",
                                          "/feeds/" + std::string(43, '=') + ".ics",
                                          "/feeds/%68" + kSecret.substr(1) + ".ics"};
  for (const std::string& target : wrong) {
    CAPTURE(target);
    CHECK(Seen(door.Fetch(target)) == Seen(expected));
  }
  // The hub took part in each, so that none is quicker than the others.
  CHECK(door.fake.Asked().size() == asked + wrong.size());
}

TEST_CASE("a feed of the secret that malformed ones ask for is never shown for them") {
  Door door;
  door.fake.SetFeed(std::string(43, 'A'), FeedOf("Kultur", "r1", "x"));
  CHECK(door.Fetch("/feeds/short.ics").status == 404);
}

TEST_CASE("a secret that the hub finds malformed is one that is not there") {
  Door door;
  door.fake.FailWith(grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(door.Fetch(kFeed).status == 404);
}

TEST_CASE("whatever else is asked for is not there") {
  Door door;
  for (const std::string target : {"/", "/feeds", "/feeds/", "/healthz/", "/HEALTHZ", "//healthz",
                                   "/feeds/a.ic", "/favicon.ico", "/feeds/%2e%2e/healthz", "*"}) {
    CAPTURE(target);
    CHECK(door.Fetch(target).status == 404);
  }
  CHECK(door.fake.Asked().empty());
}

TEST_CASE("a hub that cannot answer is told as such, and when to come again") {
  Door door;
  for (const auto code :
       {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::INTERNAL, grpc::StatusCode::UNIMPLEMENTED,
        grpc::StatusCode::PERMISSION_DENIED, grpc::StatusCode::RESOURCE_EXHAUSTED}) {
    CAPTURE(code);
    door.fake.FailWith(code);
    const Answer answer = door.Fetch(kFeed);
    CHECK(answer.status == 503);
    CHECK(answer.fields.at("retry-after") == "30");
    CHECK(answer.fields.at("cache-control") == "no-store");
    CHECK(answer.body == "unavailable\n");
  }
}

TEST_CASE("health is the hub's, and says nothing more") {
  Door door;
  CHECK(door.Fetch("/healthz").body == "ok\n");
  CHECK(door.Fetch("/healthz?verbose").status == 200);
  door.fake.SetServing(false);
  const Answer answer = door.Fetch("/healthz");
  CHECK(answer.status == 503);
  CHECK(answer.body == "unavailable\n");
}

TEST_CASE("the door outlives its hub and finds it again") {
  Door door;
  const std::string log = support::CapturedLog([&] {
    REQUIRE(door.Fetch(kFeed).status == 200);
    door.fake.Stop();
    CHECK(door.Becomes("/healthz", 503));
    CHECK(door.Fetch(kFeed).status == 503);
    door.fake.Start();
    CHECK(door.Becomes(kFeed, 200));
    CHECK(door.Fetch("/healthz").status == 200);
  });
  CHECK(log.find("warning hub_not_reached") == log.rfind("hub_not_reached") - 8);
  CHECK(log.find("hub_reached_again") != std::string::npos);
}

TEST_CASE("many readers at once each get their own feed") {
  Door door;
  std::vector<std::string> secrets;
  for (int i = 0; i < 20; ++i) {
    std::string secret = kSecret;
    secret[0] = static_cast<char>('a' + i);
    secrets.push_back(secret);
    door.fake.SetFeed(secret, FeedOf(secret, "r1", secret));
  }
  std::vector<HttpClient> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(door.Connect());
    clients.back().Get("/feeds/" + secrets[i % 20] + ".ics");
  }
  for (int i = 0; i < 100; ++i) {
    REQUIRE(Values(clients[i].Read().body, "SUMMARY").at(0) == secrets[i % 20]);
  }
}

TEST_CASE("no secret and no path reaches the log, whatever goes wrong") {
  const std::string log = support::CapturedLog([] {
    Door door({.connections = 2});
    REQUIRE(door.Fetch(kFeed).status == 200);
    door.Fetch("/feeds/" + kRevoked + ".ics");
    door.Fetch("/feeds/" + kSecret + "x.ics");
    door.Connect().Send("GET " + kFeed + " HTTP/1.1\r\nbroken\r\n\r\n");
    door.Fetch(kFeed, "X: " + std::string(17'000, 'x') + "\r\n");
    std::vector<HttpClient> many;
    for (int i = 0; i < 5; ++i) {
      many.push_back(door.Connect());
      many.back().Get(kFeed);
    }
    // Readers that are still there may be let in before the next ones.
    many.clear();
    for (const auto code : {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::INTERNAL}) {
      door.fake.FailWith(code);
      door.Fetch(kFeed);
    }
    door.fake.Stop();
    CHECK(door.Becomes("/healthz", 503));
  });
  REQUIRE(log.find("hub_not_reached") != std::string::npos);
  CHECK(log.find("h6Jd0Zr3qWq") == std::string::npos);
  CHECK(log.find("zzzd0Zr3qWq") == std::string::npos);
  CHECK(log.find("feeds") == std::string::npos);
}

}  // namespace
}  // namespace brobygger::web
