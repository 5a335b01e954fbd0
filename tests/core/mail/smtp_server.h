#pragma once

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace brobygger::mail {

// A real mail server (tests/support/smtp_server.py) in a process of its own, which
// ends with this object. What it was given is in `folder`, and stays there.
class SmtpServer {
 public:
  explicit SmtpServer(std::string folder, const std::vector<std::string>& more = {})
      : folder_(std::move(folder)) {
    std::vector<std::string> words = {BB_SMTP_SERVER, folder_};
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
    REQUIRE(posix_spawn(&pid_, BB_SMTP_SERVER, &actions, nullptr, argv.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    close(output[1]);
    input_ = input[1];
    port_ = ReadLine(output[0]);
    close(output[0]);
    INFO("is python3-aiosmtpd installed?");
    REQUIRE_FALSE(port_.empty());
  }
  ~SmtpServer() {
    close(input_);
    waitpid(pid_, nullptr, 0);
  }
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  const std::string& port() const { return port_; }
  std::string url() const { return "smtp://127.0.0.1:" + port_; }

 private:
  static std::string ReadLine(int descriptor) {
    std::string line;
    for (char c = 0; read(descriptor, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }

  const std::string folder_;
  pid_t pid_ = 0;
  int input_ = -1;
  std::string port_;
};

// The mails that a server has kept in `folder`, oldest first.
inline std::vector<std::string> MailsIn(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".eml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> mails;
  for (const auto& path : paths) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    mails.push_back(text.str());
  }
  return mails;
}

}  // namespace brobygger::mail
