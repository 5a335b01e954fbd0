#pragma once

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace brobygger::support {

// A server of the tests in Python, in a process of its own: it prints the port of 127.0.0.1 that
// it listens on, and ends with its standard input, which this object holds.
class ServerProcess {
 public:
  // `words`: the program, and what it is told.
  explicit ServerProcess(std::vector<std::string> words) {
    words.insert(words.begin(), {"/usr/bin/python3", "-I"});
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    if (pipe2(input.data(), O_CLOEXEC) != 0 || pipe2(output.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error("no pipe");
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    const int failed = posix_spawn(&pid_, pointers[0], &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    close(output[1]);
    input_ = input[1];
    std::string line;
    for (char sign = 0; read(output[0], &sign, 1) == 1 && sign != '\n';) line += sign;
    close(output[0]);
    if (failed != 0 || line.empty()) throw std::runtime_error("the server did not start");
    port_ = std::atoi(line.c_str());
  }
  ~ServerProcess() {
    close(input_);
    waitpid(pid_, nullptr, 0);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  int port() const { return port_; }

  // POSTs `body` to `path` over plain HTTP and returns the body of the answer.
  std::string Post(const std::string& path, const std::string& body) const {
    const int line = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    std::string request = "POST " + path +
                          " HTTP/1.0\r\nContent-Length: " + std::to_string(body.size()) +
                          "\r\n\r\n" + body;
    if (connect(line, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      throw std::runtime_error("the server is gone");
    }
    for (std::size_t at = 0; at < request.size();) {
      const ssize_t sent = write(line, request.data() + at, request.size() - at);
      if (sent <= 0) throw std::runtime_error("the server does not listen");
      at += static_cast<std::size_t>(sent);
    }
    std::string answer;
    std::array<char, 4096> bytes{};
    for (ssize_t got = 0; (got = read(line, bytes.data(), bytes.size())) > 0;) {
      answer.append(bytes.data(), static_cast<std::size_t>(got));
    }
    close(line);
    return answer.substr(answer.find("\r\n\r\n") + 4);
  }

 private:
  pid_t pid_ = 0;
  int input_ = -1;
  int port_ = 0;
};

}  // namespace brobygger::support
