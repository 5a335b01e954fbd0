#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

#include <absl/strings/str_cat.h>

#include "core/web/http_server.h"
#include "tests/core/web/running_server.h"

namespace brobygger::web {
namespace {

HttpLimits Posts() {
  HttpLimits limits;
  limits.most_body_bytes = 1000;
  limits.most_bodies_bytes = 1500;
  return limits;
}

void EchoBody(const Request& request, const Respond& respond) {
  respond({.body = absl::StrCat(request.is_post ? "POST " : "GET ", request.body, "|",
                                request.Field("content-type"))});
}

std::string Post(const std::string& body, const std::string& fields = "") {
  return absl::StrCat("POST /x HTTP/1.1\r\nHost: a\r\n", fields, "Content-Length: ", body.size(),
                      "\r\n\r\n", body);
}

TEST_CASE("a POST's body comes whole, and the connection goes on") {
  RunningServer server(EchoBody, Posts());
  auto client = server.Connect();
  client.Send(Post("one", "Content-Type: a/b\r\n"));
  CHECK(client.Read().body == "POST one|a/b");
  client.Send(Post("") + Post("three"));
  CHECK(client.Read().body == "POST |");
  CHECK(client.Read().body == "POST three|");
  CHECK(client.Fetch("/").body == "GET |");
}

TEST_CASE("a body that comes in parts is waited for") {
  RunningServer server(EchoBody, Posts());
  auto client = server.Connect();
  client.Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
  client.Send("def");
  CHECK(client.Read().body == "POST abcdef|");
}

TEST_CASE("a body is refused before it is read where its length is not told, or too large") {
  RunningServer server(EchoBody, Posts());
  const auto refusal = [&](const std::string& fields) {
    auto client = server.Connect();
    client.Send("POST /x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
    const int status = client.Read().status;
    CHECK(client.IsClosed());
    return status;
  };
  CHECK(refusal("Transfer-Encoding: chunked\r\n") == 411);
  CHECK(refusal("Content-Length: 1001\r\n") == 413);
  CHECK(refusal("Content-Length: 5\r\nExpect: 100-continue\r\n") == 417);
  CHECK(refusal("Content-Length: -1\r\n") == 400);
  CHECK(refusal("Content-Length: 5\r\nContent-Length: 6\r\n") == 400);
  CHECK(refusal("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") == 400);
}

TEST_CASE("bodies of all connections together have a limit, and room is given back") {
  RunningServer server(EchoBody, Posts());
  auto first = server.Connect();
  first.Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n");
  // Until the server has seen the first one, there is room for others.
  int status = 200;
  for (int i = 0; i < 1000 && status == 200; ++i) {
    auto second = server.Connect();
    second.Send(Post(std::string(800, 'x')));
    status = second.Read().status;
  }
  CHECK(status == 503);
  first.Send(std::string(900, 'y'));
  CHECK(first.Read().status == 200);
  auto third = server.Connect();
  third.Send(Post(std::string(800, 'z')));
  CHECK(third.Read().status == 200);
}

TEST_CASE("bodies from one address have a limit of their own") {
  HttpLimits limits = Posts();
  limits.most_bodies_bytes_of_one = 500;
  RunningServer server(EchoBody, limits);
  auto client = server.Connect();
  client.Send(Post(std::string(501, 'x')));
  CHECK(client.Read().status == 503);
  auto smaller = server.Connect();
  smaller.Send(Post(std::string(500, 'x')));
  CHECK(smaller.Read().status == 200);
}

TEST_CASE("bodies that never come whole keep nobody out") {
  HttpLimits limits = Posts();
  limits.connections = 8;
  RunningServer server(EchoBody, limits);
  std::vector<HttpClient> slow;
  for (int i = 0; i < 16; ++i) {
    slow.push_back(server.Connect());
    slow.back().Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
    CHECK(server.Connect().Fetch("/").status == 200);
  }
}

TEST_CASE("who sends a body too slowly is let go") {
  HttpLimits limits = Posts();
  limits.request_patience = std::chrono::milliseconds(200);
  RunningServer server(EchoBody, limits);
  auto client = server.Connect();
  client.Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nabc");
  CHECK(client.IsClosed());
}

// Pieces that a test gives one by one.
class Source final : public BodyPieces {
 public:
  void Next(Give give) override {
    {
      const std::lock_guard lock(mutex_);
      changed_.notify_all();
      if (!abandoned_) {
        give_ = std::move(give);
        return;
      }
    }
    give(std::nullopt);
  }
  void Abandon() override {
    Give owed;
    {
      const std::lock_guard lock(mutex_);
      abandoned_ = true;
      owed = std::exchange(give_, nullptr);
      changed_.notify_all();
    }
    if (owed) owed(std::nullopt);
  }

  void Deliver(std::optional<std::string> piece) {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, kPatience, [&] { return give_ != nullptr; }));
    const auto give = std::exchange(give_, nullptr);
    lock.unlock();
    give(std::move(piece));
  }
  bool IsWanted() {
    const std::lock_guard lock(mutex_);
    return give_ != nullptr;
  }
  bool IsAbandoned() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return abandoned_; });
  }

 private:
  static constexpr std::chrono::seconds kPatience{10};

  std::mutex mutex_;
  std::condition_variable changed_;
  BodyPieces::Give give_;
  bool abandoned_ = false;
};

struct Streaming {
  std::shared_ptr<Source> source = std::make_shared<Source>();
  RunningServer server{
      [this](const Request&, const Respond& respond) { respond({.pieces = source}); }, Posts()};
};

TEST_CASE_METHOD(Streaming, "pieces are sent as they come, as chunks, and then it is over") {
  auto client = server.Connect();
  client.Get("/");
  source->Deliver("first");
  CHECK(client.ReadUntil("5\r\nfirst\r\n"));
  source->Deliver("");
  source->Deliver("second");
  CHECK(client.ReadUntil("6\r\nsecond\r\n"));
  source->Deliver(std::nullopt);
  CHECK(client.ReadUntil("0\r\n\r\n"));
  CHECK(client.IsClosed());
}

TEST_CASE_METHOD(Streaming, "a reader that is gone ends the source") {
  {
    auto client = server.Connect();
    client.Get("/");
    source->Deliver("first");
    REQUIRE(client.ReadUntil("first"));
  }
  CHECK(source->IsAbandoned());
}

TEST_CASE_METHOD(Streaming, "a reader that does not read stops the source") {
  auto client = server.Connect();
  client.Get("/");
  const std::string piece(1 << 20, 'x');
  int given = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  auto wanted_last = std::chrono::steady_clock::now();
  // As much as the kernel keeps for the two, and no more.
  while (std::chrono::steady_clock::now() < end &&
         std::chrono::steady_clock::now() - wanted_last < std::chrono::milliseconds(300)) {
    if (!source->IsWanted()) {
      std::this_thread::yield();
      continue;
    }
    wanted_last = std::chrono::steady_clock::now();
    source->Deliver(piece);
    ++given;
  }
  CHECK(given > 0);
  CHECK(given < 32);
}

TEST_CASE_METHOD(Streaming, "a server that stops ends its streams") {
  auto client = server.Connect();
  client.Get("/");
  source->Deliver("first");
  REQUIRE(client.ReadUntil("first"));
  server.Stop();
  CHECK(source->IsAbandoned());
  // Whole, so that a reader can tell it from a connection that broke.
  CHECK(client.ReadUntil("0\r\n\r\n"));
  CHECK(client.IsClosed());
}

}  // namespace
}  // namespace brobygger::web
