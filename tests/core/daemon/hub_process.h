#pragma once

#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <grpcpp/grpcpp.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "core/daemon/descriptor.h"
#include "tests/support/temp_folder.h"

namespace brobygger::daemon {

// How a hub is started for a test.
struct HubProcessOptions {
  std::string fault;        // see hub_program.cc
  std::string more_config;  // lines for [limits]
  int descriptors = 0;      // RLIMIT_NOFILE; 0: as it is
};

// A hub in a process of its own, with a configuration and folders of its own.
class HubProcess {
 public:
  using Clock = std::chrono::steady_clock;

  explicit HubProcess(const HubProcessOptions& options = {}) {
    WriteConfig(options);
    OpenNotifySocket();
    Spawn(options);
  }
  ~HubProcess() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  HubProcess(const HubProcess&) = delete;
  HubProcess& operator=(const HubProcess&) = delete;

  // Waits until the hub tells its service manager that it is ready.
  bool IsReady() { return NextNotice() == "READY=1"; }

  // The next thing it tells, or "" after a generous time.
  std::string NextNotice() {
    pollfd waited{notify_.number(), POLLIN, 0};
    if (poll(&waited, 1, 30'000) <= 0) return "";
    char text[256];
    const ssize_t size = recv(notify_.number(), text, sizeof(text), 0);
    return {text, size > 0 ? static_cast<std::size_t>(size) : 0};
  }

  void Signal(int signal) const { kill(pid_, signal); }

  // Waits for the end: the exit code, or nothing if it is still there after
  // `patience`.
  std::optional<int> ExitCode(std::chrono::seconds patience = std::chrono::seconds(60)) {
    const auto end = Clock::now() + patience;
    int status = 0;
    while (waitpid(pid_, &status, WNOHANG) == 0) {
      if (Clock::now() > end) return std::nullopt;
      poll(nullptr, 0, 5);
    }
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

  std::string Log() const {
    std::ifstream file(folder_.path() / "log");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  std::string socket() const { return folder_.path() / "hub.sock"; }
  pid_t pid() const { return pid_; }

  std::shared_ptr<grpc::Channel> NewChannel() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel("unix:" + socket(), grpc::InsecureChannelCredentials(),
                                     arguments);
  }

 private:
  void WriteConfig(const HubProcessOptions& options) {
    const std::string folder = folder_.path();
    std::ofstream(folder + "/hub.toml")
        << "[hub]\ndata_dir = '" << folder << "/data'\nsocket = '" << socket()
        << "'\ngroup = ''\nrun_dir = '" << folder << "/run'\nplugin_roots = []\n[limits]\n"
        << options.more_config;
  }

  void OpenNotifySocket() {
    notify_ = Descriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder_.path() / "notify";
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    REQUIRE(bind(notify_.number(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  }

  void Spawn(const HubProcessOptions& options) {
    const std::string folder = folder_.path();
    const std::string limit =
        options.descriptors > 0 ? "ulimit -n " + std::to_string(options.descriptors) + "; " : "";
    const std::string command = limit + "NOTIFY_SOCKET=" + folder + "/notify exec " +
                                BB_HUB_PROGRAM + " " + folder + "/hub.toml " + options.fault +
                                " 2>" + folder + "/log";
    std::vector<std::string> words = {"sh", "-c", command};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    REQUIRE(posix_spawn(&pid_, "/bin/sh", nullptr, nullptr, argv.data(), environ) == 0);
  }

  support::TempFolder folder_;
  Descriptor notify_;
  pid_t pid_ = 0;
};

}  // namespace brobygger::daemon
