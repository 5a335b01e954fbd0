#include "tests/plugins/calendars/ics/small_server.h"

#include <array>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace brobygger::ics {

SmallServer::SmallServer(Answer answer)
    : answer_(std::move(answer)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, plain, size) != 0 || listen(listener_, 8) != 0 ||
      getsockname(listener_, plain, &size) != 0) {
    throw std::runtime_error("no port to listen on");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

SmallServer::~SmallServer() {
  // Wakes accept().
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

std::string SmallServer::Url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<std::string> SmallServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void SmallServer::Run() {
  while (true) {
    const int line = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (line < 0) return;
    std::string request;
    std::array<char, 4096> bytes{};
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = read(line, bytes.data(), bytes.size());
      if (count <= 0) break;
      request.append(bytes.data(), static_cast<std::size_t>(count));
      // A TLS greeting: nobody here speaks that.
      if (request[0] == '\x16') break;
    }
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const std::string answer = answer_(request);
    for (std::size_t at = 0; at < answer.size();) {
      const ssize_t count = send(line, answer.data() + at, answer.size() - at, MSG_NOSIGNAL);
      if (count <= 0) break;
      at += static_cast<std::size_t>(count);
    }
    close(line);
  }
}

std::string Answer(const std::string& status, const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace brobygger::ics
