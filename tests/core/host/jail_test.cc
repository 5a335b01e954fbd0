#include <catch2/catch.hpp>
#include <fcntl.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/host/ruleset.h"
#include "tests/core/host/host_process.h"

namespace brobygger::tests {
namespace {

using plugin::v1::Diagnostic;

// A TCP port that somebody listens on.
class Listener {
 public:
  Listener() : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    bind(descriptor_, generic, size);
    listen(descriptor_, 8);
    getsockname(descriptor_, generic, &size);
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { close(descriptor_); }
  std::uint16_t port() const { return port_; }

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

// What only a newer Landlock refuses.
bool KernelCannot(const std::string& attempt) {
  const int abi = host::LandlockAbi();
  const bool files = abi < 1 && (attempt.find("file") != std::string::npos ||
                                 attempt.find("read") != std::string::npos ||
                                 attempt.find("list") != std::string::npos);
  return files || (abi < 3 && attempt == "truncate a file outside") ||
         (abi < 4 && attempt == "another port");
}

TEST_CASE("a plugin gets what it was given and nothing else", "[jail]") {
  const TempFolder given;
  const TempFolder scratch;
  const TempFolder others;
  const Listener allowed;
  const Listener forbidden;
  // Left open on purpose, as a careless hub would; a number that nobody gets by chance.
  const int leaked = fcntl(STDERR_FILENO, F_DUPFD, 200);
  const std::string secret = others.Write("hemmeligt", "x");
  const nlohmann::json config = {{"escape",
                                  {{"allowed_file", given.Write("a", "x")},
                                   {"allowed_folder", scratch.path()},
                                   {"allowed_port", allowed.port()},
                                   {"forbidden_file", secret},
                                   {"forbidden_folder", others.path()},
                                   {"forbidden_port", forbidden.port()},
                                   {"forbidden_descriptor", leaked}}}};
  HostProcess host({"--read-path", given.path(), "--write-path", scratch.path(), "--tcp-port",
                    std::to_string(allowed.port()), "--plugin", TestPluginFile("test.faults")});
  close(leaked);
  INFO(host.line());
  REQUIRE(host.ready());
  REQUIRE(Configure(host, config.dump()).empty());
  grpc::ClientContext context;
  plugin::v1::CheckResponse response;
  REQUIRE(host.stub().Check(&context, {}, &response).ok());

  int escapes = 0;
  int allowances = 0;
  for (const Diagnostic& attempt : response.diagnostics()) {
    CAPTURE(attempt.path(), attempt.detail());
    if (attempt.code() == "allowed") {
      ++allowances;
      CHECK(attempt.detail() == "0");
    } else if (!KernelCannot(attempt.path())) {
      ++escapes;
      CHECK(attempt.detail() != "0");
    }
  }
  CHECK(allowances == 3);
  CHECK(escapes > 30);
  struct stat about {};
  CHECK(stat(secret.c_str(), &about) == 0);
  CHECK(about.st_size == 1);
}

TEST_CASE("the jail stands before the plugin's first constructor", "[jail]") {
  HostProcess host({"--plugin", TestPluginFile("test.faults")});
  REQUIRE(host.ready());
  grpc::ClientContext context;
  plugin::v1::StopResponse response;
  REQUIRE(host.stub().Stop(&context, {}, &response).ok());
  CHECK(host.WaitForEnd() == 0);
  if (host::LandlockAbi() >= 1) {
    CHECK(host.output().find("constructor: shadow refused") != std::string::npos);
  }
}

}  // namespace
}  // namespace brobygger::tests
