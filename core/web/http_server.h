#pragma once

#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/web/connection.h"
#include "core/web/http.h"

namespace brobygger::web {

struct ListenOptions {
  // An IP address and a port: "127.0.0.1:8480", "[::1]:8480". Port 0 takes a free one.
  std::string address;
  // Whether others than this machine may connect.
  bool beyond_loopback = false;
  // The server's certificate with those that vouch for it, and its key, as files in PEM. Both or
  // none: then it speaks plain HTTP.
  std::string certificate_file = {};
  std::string key_file = {};
};

// Serves HTTP/1.1 to many connections on one thread, which never blocks. When there is
// no room for another connection, the one that has waited longest without a request is
// closed for it; if all have one, the new one is.
class HttpServer {
 public:
  // Binds the address; clients can connect and wait from now on. INVALID_ARGUMENT for an
  // address that is none, FAILED_PRECONDITION for one that is taken or not allowed, and for a
  // certificate or key that cannot be used; the text is for the person who starts it. Files are
  // read now, and not again.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Listen(const ListenOptions& options,
                                                            const HttpLimits& limits,
                                                            const base::Clock& clock);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Where it listens, with the port that port 0 became. Thread-safe.
  std::string address() const;
  // Whether it speaks TLS.
  bool encrypts() const;

  // SIGTERM and SIGINT become Stop(); a second one ends the process. Call before Run().
  void StopOnSignals();

  // Serves until Stop(), then answers the requests it has and returns. Once. The
  // handler's answers may come from any thread, and must have come for it to return:
  // whoever gives them must be done with that before the server is destroyed.
  void Run(Handler handler);

  // Lets nobody else in. Thread-safe; also before Run().
  void Stop();

 private:
  class Loop;

  explicit HttpServer(std::unique_ptr<Loop> loop);

  std::unique_ptr<Loop> loop_;
};

}  // namespace brobygger::web
