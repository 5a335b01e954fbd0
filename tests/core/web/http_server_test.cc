#include "core/web/http_server.h"

#include <absl/strings/str_cat.h>

#include "tests/core/web/running_server.h"

namespace brobygger::web {
namespace {

// Tells what it was asked for.
void Echo(const Request& request, const Respond& respond) {
  respond({.status = 200,
           .fields = {{"Content-Type", "text/plain"}},
           .body = absl::StrCat(request.path, "|", request.if_none_match)});
}

std::string BodyFor(const std::string& octets) {
  RunningServer server(Echo);
  auto client = server.Connect();
  client.Send(octets);
  const Answer answer = client.Read();
  return answer.status == 200 ? answer.body : absl::StrCat(answer.status);
}

TEST_CASE("a request is answered with what the handler says and the safe fields") {
  RunningServer server(Echo);
  const Answer answer = server.Connect().Fetch("/a/b?c=d");
  CHECK(answer.status == 200);
  CHECK(answer.body == "/a/b|");
  CHECK(answer.fields.at("content-type") == "text/plain");
  CHECK(answer.fields.at("x-content-type-options") == "nosniff");
  CHECK(answer.fields.at("referrer-policy") == "no-referrer");
  CHECK(answer.fields.at("date") == "Wed, 01 May 2024 12:00:00 GMT");
  CHECK(answer.fields.count("server") == 0);
}

TEST_CASE("a handler sees the query, who asks, and from where") {
  RunningServer server([](const Request& request, const Respond& respond) {
    std::string told = request.query + "|" + request.client_address;
    for (const auto& value : request.authorizations) told += "|" + value;
    for (const auto& value : request.api_keys) told += "|" + value;
    respond({.body = told});
  });
  CHECK(server.Connect().Fetch("/a?b=c?d").body == "b=c?d|127.0.0.1");
  CHECK(server.Connect().Fetch("http://door.example/a?b").body == "b|127.0.0.1");
  CHECK(server.Connect()
            .Fetch("/?", "authorization: one\r\nAUTHORIZATION: two\r\nx-api-key: three\r\n")
            .body == "|127.0.0.1|one|two|three");
}

TEST_CASE(
    "what an answer takes up is let go when it is taken, or when nobody is there to take it") {
  auto held = std::make_shared<int>(0);
  RunningServer server([&](const Request& request, const Respond& respond) {
    const bool large = request.path == "/large";
    respond({.body = std::string(large ? std::size_t{64} << 20 : 1, 'x'), .held = held});
  });
  const auto is_let_go = [&] {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (held.use_count() > 1 && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
    return held.use_count() == 1;
  };
  auto client = server.Connect();
  CHECK(client.Fetch("/small").status == 200);
  CHECK(is_let_go());
  {
    auto gone = server.Connect();
    gone.Get("/large");
    REQUIRE(gone.Begins());
    CHECK(held.use_count() > 1);
  }
  CHECK(is_let_go());
}

TEST_CASE("HEAD is answered with the head of GET and no body") {
  RunningServer server(Echo);
  auto client = server.Connect();
  const Answer get = client.Fetch("/x");
  client.Send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
  const Answer head = client.Read(true);
  CHECK(head.head == get.head);
  CHECK(head.fields.at("content-length") == "3");
  CHECK(client.Fetch("/y").body == "/y|");  // and nothing was left in between
}

TEST_CASE("requests that were sent at once are answered in their order") {
  RunningServer server(Echo);
  auto client = server.Connect();
  std::string octets;
  for (int i = 0; i < 100; ++i) octets += absl::StrCat("GET /", i, " HTTP/1.1\r\nHost: a\r\n\r\n");
  client.Send(octets);
  for (int i = 0; i < 100; ++i) REQUIRE(client.Read().body == absl::StrCat("/", i, "|"));
}

TEST_CASE("several If-None-Match fields are one") {
  CHECK(BodyFor(
            "GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"1\"\r\nIf-None-Match: \"2\"\r\n\r\n") ==
        "/|\"1\", \"2\"");
}

TEST_CASE("a whole address as target is understood as its path") {
  CHECK(BodyFor("GET http://a.example/x?y HTTP/1.1\r\nHost: a.example\r\n\r\n") == "/x|");
  CHECK(BodyFor("GET HTTPS://a.example HTTP/1.1\r\nHost: a.example\r\n\r\n") == "/|");
}

TEST_CASE("HTTP/1.0 is answered and the connection closed") {
  RunningServer server(Echo);
  auto client = server.Connect();
  client.Send("GET /old HTTP/1.0\r\n\r\n");
  CHECK(client.Read().body == "/old|");
  CHECK(client.IsClosed());
}

TEST_CASE("methods other than GET and HEAD are refused with those that there are") {
  RunningServer server(Echo);
  auto client = server.Connect();
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "BREW"}) {
    CAPTURE(method);
    client.Send(absl::StrCat(method, " / HTTP/1.1\r\nHost: a\r\n\r\n"));
    const Answer answer = client.Read();
    CHECK(answer.status == 405);
    CHECK(answer.fields.at("allow") == "GET, HEAD");
  }
}

TEST_CASE("what is no HTTP request is refused and the connection closed") {
  RunningServer server(Echo);
  for (const std::string octets :
       {"GET / HTTP/1.1\r\n\r\n",                              // no Host
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",        // two
        "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",       //
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",                  // a blank before the colon
        "GET /\r\n\r\n", "GET / HTTP/3.0\r\nHost: a\r\n\r\n",  //
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01\x02\x01\x01"}) {
    CAPTURE(octets);
    auto client = server.Connect();
    client.Send(octets + "\r\n\r\n");
    CHECK(client.Read().status == 400);
    CHECK(client.IsClosed());
  }
}

TEST_CASE("a body is refused and what follows is not taken for a request") {
  RunningServer server(Echo);
  const std::string hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::string& fields :
       {absl::StrCat("Content-Length: ", hidden.size(), "\r\n"),
        std::string("Content-Length: 5000000000\r\n"),
        std::string("Transfer-Encoding: chunked\r\n"), std::string("Transfer-Encoding: gzip\r\n"),
        std::string("Content-Length: 0\r\nTransfer-Encoding: identity\r\n")}) {
    CAPTURE(fields);
    auto client = server.Connect();
    client.Send("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + hidden);
    const int status = client.Read().status;
    CHECK((status == 413 || status == 400));
    CHECK(client.IsClosed());
  }
}

TEST_CASE("a POST with a body hears of the method and the connection is closed") {
  RunningServer server(Echo);
  auto client = server.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
  CHECK(client.Read().status == 405);
  CHECK(client.IsClosed());
}

absl::Status ListenError(const std::string& address) {
  const support::FakeClock clock;
  return HttpServer::Listen({.address = address}, {}, clock).status();
}

TEST_CASE("an address that is none, taken, or for other machines is refused with what to do") {
  RunningServer server(Echo);
  CHECK(std::string(ListenError(server.address()).message()).find("is taken") != std::string::npos);
  for (const char* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:0"}) {
    CAPTURE(address);
    const auto error = ListenError(address);
    CHECK(absl::IsFailedPrecondition(error));
    CHECK(std::string(error.message()).find("--beyond-loopback") != std::string::npos);
  }
  for (const char* address :
       {"", "127.0.0.1", "localhost:80", ":80", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:8x",
        "::1:80", "[127.0.0.1]:80", "[::1]"}) {
    CAPTURE(address);
    CHECK(absl::IsInvalidArgument(ListenError(address)));
  }
}

TEST_CASE("another machine may connect where that was said") {
  const support::FakeClock clock;
  CHECK(HttpServer::Listen({.address = "0.0.0.0:0", .beyond_loopback = true}, {}, clock).ok());
}

TEST_CASE("a server that is stopped before it runs lets nobody in") {
  const support::FakeClock clock;
  const auto server = HttpServer::Listen({.address = "127.0.0.1:0"}, {}, clock);
  REQUIRE(server.ok());
  (*server)->Stop();
  (*server)->Run(Echo);
}

}  // namespace
}  // namespace brobygger::web
