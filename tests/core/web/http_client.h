#pragma once

#include <chrono>
#include <map>
#include <string>

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace brobygger::web {

// An answer as it was read from the socket.
struct Answer {
  int status = 0;  // 0: the connection ended instead
  std::map<std::string, std::string> fields = {};
  std::string body = {};
  std::string head = {};  // status line and fields, as sent
};

// A client that sends just the octets it is given. For one thread.
class HttpClient {
 public:
  // `address` as HttpServer::address() tells it, of 127.0.0.1.
  explicit HttpClient(const std::string& address)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0);
  }
  ~HttpClient() { close(socket_); }
  HttpClient(HttpClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // False if the other side has closed.
  bool Send(const std::string& octets) {
    return send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(octets.size());
  }

  void Get(const std::string& target, const std::string& fields = "") {
    Send("GET " + target + " HTTP/1.1\r\nHost: door.example\r\n" + fields + "\r\n");
  }

  // The next answer. `bodiless`: as to HEAD.
  Answer Read(bool bodiless = false) {
    Answer answer;
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!Receive()) return answer;
    }
    answer.head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    ParseHead(answer);
    const auto length = answer.fields.find("content-length");
    const std::size_t size =
        bodiless || length == answer.fields.end() ? 0 : std::stoul(length->second);
    while (received_.size() < size && Receive()) {
    }
    answer.body = received_.substr(0, size);
    received_.erase(0, size);
    return answer;
  }

  Answer Fetch(const std::string& target, const std::string& fields = "") {
    Get(target, fields);
    return Read();
  }

  // Whether an answer begins to come.
  bool Begins() { return !received_.empty() || Receive(); }

  // Reads on until this comes, and takes it with what came before; false if it does not come.
  bool ReadUntil(const std::string& octets) {
    std::size_t found = std::string::npos;
    while ((found = received_.find(octets)) == std::string::npos) {
      if (!Receive()) return false;
    }
    received_.erase(0, found + octets.size());
    return true;
  }

  // Whether the other side closes within `patience`, without a further octet.
  bool IsClosed(std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    return received_.empty() && !Receive(patience) && ended_;
  }

 private:
  bool Receive(std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    pollfd waited{socket_, POLLIN, 0};
    if (poll(&waited, 1, static_cast<int>(patience.count())) != 1) return false;
    char part[4096];
    const ssize_t count = recv(socket_, part, sizeof(part), 0);
    ended_ = count <= 0;
    if (ended_) return false;
    received_.append(part, static_cast<std::size_t>(count));
    return true;
  }

  static void ParseHead(Answer& answer) {
    answer.status = std::stoi(answer.head.substr(9, 3));
    std::size_t begin = answer.head.find("\r\n") + 2;
    while (begin < answer.head.size()) {
      const std::size_t end = answer.head.find("\r\n", begin);
      const std::size_t colon = answer.head.find(": ", begin);
      std::string name = answer.head.substr(begin, colon - begin);
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      answer.fields[name] = answer.head.substr(colon + 2, end - colon - 2);
      begin = end + 2;
    }
  }

  int socket_;
  std::string received_;
  bool ended_ = false;
};

}  // namespace brobygger::web
