#pragma once

#include <memory>
#include <thread>
#include <utility>

#include <catch2/catch.hpp>

#include "core/web/http_server.h"
#include "tests/core/web/http_client.h"
#include "tests/support/fake_clock.h"

namespace brobygger::web {

// A server on a free port of this machine, running on a thread of its own.
class RunningServer {
 public:
  explicit RunningServer(Handler handler, const HttpLimits& limits = {}) {
    auto server = HttpServer::Listen({.address = "127.0.0.1:0"}, limits, clock_);
    REQUIRE(server.ok());
    server_ = *std::move(server);
    thread_ = std::jthread([this, handler = std::move(handler)] { server_->Run(handler); });
  }
  ~RunningServer() { Stop(); }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  HttpClient Connect() const { return HttpClient(address()); }
  std::string address() const { return server_->address(); }
  HttpServer& server() { return *server_; }

  // Returns when nothing runs any more.
  void Stop() {
    server_->Stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  support::FakeClock clock_;
  std::unique_ptr<HttpServer> server_;
  std::jthread thread_;
};

}  // namespace brobygger::web
