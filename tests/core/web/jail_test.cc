#include "core/web/jail.h"

#include <cerrno>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/host/ruleset.h"
#include "tests/support/temp_folder.h"

namespace brobygger::web {
namespace {

// What `tried` gives in a process that is in the jail: 0 or its errno; 255 if the jail
// could not be entered.
template <typename Tried>
int InJail(Tried tried) {
  const pid_t child = fork();
  if (child == 0) {
    if (!EnterWebJail(64).ok()) _exit(255);
    errno = 0;
    _exit(tried() >= 0 ? 0 : errno);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 254;
}

int Opened(const std::string& path, int flags) {
  return open(path.c_str(), flags | O_CLOEXEC, 0600);
}

TEST_CASE("a jailed door can read and write no file that holds anybody's data") {
  if (host::LandlockAbi() < 1) return;  // it says so in the log instead
  const support::TempFolder folder;
  const std::string file = folder.path() / "registry.db";
  close(Opened(file, O_CREAT | O_WRONLY));
  CHECK(InJail([&] { return Opened(file, O_RDONLY); }) == EACCES);
  CHECK(InJail([&] { return Opened(file, O_WRONLY); }) == EACCES);
  CHECK(InJail([&] { return Opened(file + ".new", O_CREAT | O_WRONLY); }) == EACCES);
  CHECK(InJail([&] { return unlink(file.c_str()); }) == EACCES);
  CHECK(InJail([] { return Opened("/etc/passwd", O_RDONLY); }) == EACCES);
  CHECK(InJail([] { return Opened("/proc/1/environ", O_RDONLY); }) == EACCES);
  CHECK(InJail([] { return Opened("/usr/lib/os-release", O_WRONLY); }) == EACCES);
}

TEST_CASE("a jailed door can read what its libraries need") {
  CHECK(InJail([] { return Opened("/usr/lib/os-release", O_RDONLY); }) == 0);
  CHECK(InJail([] { return Opened("/dev/urandom", O_RDONLY); }) == 0);
}

TEST_CASE("a jailed door can call nobody but by a Unix stream") {
  CHECK(InJail([] { return socket(AF_INET, SOCK_STREAM, 0); }) == EPERM);
  CHECK(InJail([] { return socket(AF_INET6, SOCK_DGRAM, 0); }) == EPERM);
  CHECK(InJail([] { return socket(AF_NETLINK, SOCK_RAW, 0); }) == EPERM);
  CHECK(InJail([] { return socket(AF_UNIX, SOCK_DGRAM, 0); }) == EPERM);
  CHECK(InJail([] { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); }) == 0);
}

TEST_CASE("a jailed door can open no door of its own") {
  const int bound = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(InJail([&] {
          return bind(bound, reinterpret_cast<sockaddr*>(&address), sizeof(address));
        }) == EPERM);
  CHECK(InJail([&] { return listen(bound, 1); }) == EPERM);
  close(bound);
}

TEST_CASE("a jailed door can start no program and reach no process but itself") {
  char program[] = "/bin/true";
  char* words[] = {program, nullptr};
  char* nothing[] = {nullptr};
  CHECK(InJail([&] { return execve(program, words, nothing); }) == EPERM);
  CHECK(InJail([] { return fork(); }) == EPERM);
  CHECK(InJail([] { return kill(getppid(), 0); }) == EPERM);
  CHECK(InJail([] { return kill(getpid(), 0); }) == 0);
}

TEST_CASE("a jailed door can start threads") {
  CHECK(InJail([] {
          std::thread([] {}).join();
          return 0;
        }) == 0);
}

TEST_CASE("a jailed door has no more descriptors than it was given") {
  CHECK(InJail([] {
          int last = 0;
          while (last >= 0 && last < 1000) last = dup(STDERR_FILENO);
          return last;
        }) == EMFILE);
}

}  // namespace
}  // namespace brobygger::web
