#pragma once

#include <array>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace brobygger::daemon {

// A real login provider (tests/support/login_provider.mjs) in a process of its own, which
// ends with this object.
class LoginProvider {
 public:
  // Keys are new, under `kid`. `more`: the port, and files of a key and a certificate.
  explicit LoginProvider(const std::string& kid, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {BB_NODE, BB_LOGIN_PROVIDER, kid};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    REQUIRE(pipe2(input.data(), O_CLOEXEC) == 0);
    REQUIRE(pipe2(output.data(), O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    REQUIRE(posix_spawn(&pid_, BB_NODE, &actions, nullptr, argv.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    close(output[1]);
    input_ = input[1];
    output_ = output[0];
    port_ = ReadLine();
    INFO("is oidc-provider installed (npm ci in tests/)?");
    REQUIRE_FALSE(port_.empty());
  }
  ~LoginProvider() { Stop(); }
  LoginProvider(const LoginProvider&) = delete;
  LoginProvider& operator=(const LoginProvider&) = delete;

  // Ends the process; what asks it now is refused a connection.
  void Stop() {
    if (pid_ == 0) return;
    close(input_);
    waitpid(pid_, nullptr, 0);
    close(output_);
    pid_ = 0;
  }

  const std::string& port() const { return port_; }
  std::string Address(const std::string& path = "") const {
    return "http://127.0.0.1:" + port_ + path;
  }
  // An access token, as a client gets it by client_credentials.
  std::string Token() { return Ask("token\n"); }
  // How often its keys were asked for.
  int Asked() { return std::stoi(Ask("asked\n")); }

 private:
  std::string Ask(const std::string& question) {
    REQUIRE(write(input_, question.data(), question.size()) ==
            static_cast<ssize_t>(question.size()));
    return ReadLine();
  }

  std::string ReadLine() const {
    std::string line;
    for (char c = 0; read(output_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }

  pid_t pid_ = 0;
  int input_ = -1;
  int output_ = -1;
  std::string port_;
};

}  // namespace brobygger::daemon
