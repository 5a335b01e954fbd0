// What a client that is slow, large or many can do to the others: nothing.
#include <future>
#include <mutex>
#include <vector>

#include "tests/core/web/running_server.h"
#include "tests/support/captured_log.h"

namespace brobygger::web {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

void Ok(const Request& /*request*/, const Respond& respond) { respond({.body = "ok"}); }

// Keeps its answers back until it is told.
class Held {
 public:
  Handler handler() {
    return [this](const Request& /*request*/, Respond respond) {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(respond));
      if (waiting_.size() == 1) asked_.set_value();
    };
  }
  void AwaitFirst() { asked_.get_future().wait(); }
  void Release(const std::string& body) {
    const std::lock_guard lock(mutex_);
    for (const Respond& respond : waiting_) respond({.body = body});
    waiting_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<Respond> waiting_;
  std::promise<void> asked_;
};

TEST_CASE("a header that is too large is refused and the connection closed") {
  RunningServer server(Ok);
  auto fits = server.Connect();
  CHECK(fits.Fetch("/", "X: " + std::string(7000, 'x') + "\r\n").status == 200);
  auto large = server.Connect();
  CHECK(large.Fetch("/", "X: " + std::string(17'000, 'x') + "\r\n").status == 431);
  CHECK(large.IsClosed());
  auto endless = server.Connect();
  endless.Send("GET /" + std::string(100'000, 'x'));
  CHECK(endless.Read().status == 431);
}

TEST_CASE("a client that says nothing is let go") {
  RunningServer server(Ok, {.request_patience = milliseconds(100)});
  auto silent = server.Connect();
  CHECK(silent.IsClosed());
  auto idle = server.Connect();
  CHECK(idle.Fetch("/").status == 200);
  CHECK(idle.IsClosed());
}

TEST_CASE("a client that sends an octet now and then is let go as one that says nothing") {
  RunningServer server(Ok, {.request_patience = milliseconds(300)});
  auto slow = server.Connect();
  const auto begin = Clock::now();
  slow.Send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
  // Sends as often as it is not closed.
  while (!slow.IsClosed(milliseconds(20)) && Clock::now() - begin < std::chrono::seconds(10)) {
    slow.Send("x");
  }
  CHECK(Clock::now() - begin < std::chrono::seconds(10));
}

TEST_CASE("clients that send slowly keep nobody else waiting") {
  RunningServer server(Ok, {.connections = 32});
  std::vector<HttpClient> slow;
  for (int i = 0; i < 100; ++i) {
    slow.push_back(server.Connect());
    slow.back().Send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
  }
  CHECK(server.Connect().Fetch("/").status == 200);
}

TEST_CASE("where there is no room the connection that waited longest makes it") {
  const std::string log = support::CapturedLog([] {
    RunningServer server(Ok, {.connections = 3});
    std::vector<HttpClient> clients;
    for (int i = 0; i < 3; ++i) {
      clients.push_back(server.Connect());
      REQUIRE(clients.back().Fetch("/").status == 200);
    }
    REQUIRE(clients[0].Fetch("/").status == 200);  // so the second one waits longest
    auto fourth = server.Connect();
    CHECK(fourth.Fetch("/").status == 200);
    CHECK(clients[1].IsClosed());
    CHECK(clients[0].Fetch("/").status == 200);
    CHECK(clients[2].Fetch("/").status == 200);
  });
  CHECK(log.find("web_connections_full connections=3") != std::string::npos);
}

TEST_CASE("a connection with a request to answer is not closed for another") {
  Held held;
  RunningServer server(held.handler(), {.connections = 1});
  auto first = server.Connect();
  first.Get("/");
  held.AwaitFirst();
  auto second = server.Connect();
  CHECK(second.IsClosed());
  held.Release("answer");
  CHECK(first.Read().body == "answer");
}

TEST_CASE("a thousand connections one after the other leave nothing behind") {
  RunningServer server(Ok, {.connections = 8});
  for (int i = 0; i < 1000; ++i) REQUIRE(server.Connect().Fetch("/").status == 200);
}

TEST_CASE("a client that does not take its answer is let go") {
  RunningServer server(
      [](const Request& /*request*/, const Respond& respond) {
        respond({.body = std::string(64 << 20, 'x')});
      },
      {.connections = 1, .answer_patience = milliseconds(200)});
  auto greedy = server.Connect();
  greedy.Get("/");
  // There is room for nobody else until it is gone.
  const auto begin = Clock::now();
  int status = 0;
  while (status == 0 && Clock::now() - begin < std::chrono::seconds(20)) {
    auto next = server.Connect();
    next.Send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    status = next.Read(true).status;
  }
  CHECK(status == 200);
  CHECK(greedy.Read().body.size() < std::size_t{64} << 20);
}

TEST_CASE("a stop answers what was asked and closes what waits") {
  Held held;
  RunningServer server(held.handler());
  auto idle = server.Connect();
  auto asking = server.Connect();
  asking.Get("/");
  held.AwaitFirst();
  server.server().Stop();
  CHECK(idle.IsClosed());
  held.Release("answer");
  const Answer answer = asking.Read();
  CHECK(answer.body == "answer");
  CHECK(answer.fields.at("connection") == "close");
  CHECK(asking.IsClosed());
  server.Stop();
}

TEST_CASE("a stop does not wait for ever on an answer that is not taken") {
  RunningServer server(
      [](const Request& /*request*/, const Respond& respond) {
        respond({.body = std::string(64 << 20, 'x')});
      },
      {.stop_grace = milliseconds(100)});
  auto greedy = server.Connect();
  greedy.Get("/");
  REQUIRE(server.Connect().Fetch("/", "Connection: close\r\n").status == 200);
  const auto begin = Clock::now();
  server.Stop();
  CHECK(Clock::now() - begin < std::chrono::seconds(20));
}

}  // namespace
}  // namespace brobygger::web
