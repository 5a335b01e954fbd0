#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace brobygger::ics {

// An HTTPS server on a port of its own whose certificate, for 127.0.0.1, it signed itself. Takes
// one connection. Stops when it is destroyed.
class UntrustedServer {
 public:
  UntrustedServer();
  ~UntrustedServer();
  UntrustedServer(const UntrustedServer&) = delete;
  UntrustedServer& operator=(const UntrustedServer&) = delete;

  std::string Url(const std::string& path) const;
  // Whether a client trusted it and went on to say something.
  bool trusted() const { return trusted_; }

 private:
  void Run();

  int listener_;
  int port_ = 0;
  std::atomic<bool> trusted_ = false;
  std::thread thread_;
};

}  // namespace brobygger::ics
