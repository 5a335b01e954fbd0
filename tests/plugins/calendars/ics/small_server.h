#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace brobygger::ics {

// An HTTP server on a port of its own of this machine, for one connection after the other. Stops
// when it is destroyed.
class SmallServer {
 public:
  // Gives the whole answer to a request's head; the connection is closed after it. Runs in the
  // server's thread.
  using Answer = std::function<std::string(const std::string& request)>;

  explicit SmallServer(Answer answer);
  ~SmallServer();
  SmallServer(const SmallServer&) = delete;
  SmallServer& operator=(const SmallServer&) = delete;

  std::string Url(const std::string& path) const;
  int port() const { return port_; }
  // What was asked so far.
  std::vector<std::string> requests() const;

 private:
  void Run();

  Answer answer_;
  int listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

// An answer with a body and its length.
std::string Answer(const std::string& status, const std::string& headers, const std::string& body);

}  // namespace brobygger::ics
