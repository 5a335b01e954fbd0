#include "tests/plugins/faults/escapes.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <functional>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

namespace brobygger::tests {
namespace {

using Try = std::function<long()>;  // negative: refused, with errno

long Close(int descriptor) {
  if (descriptor < 0) return -1;
  close(descriptor);
  return 0;
}

long OpenFile(const std::string& path, int flags) { return Close(open(path.c_str(), flags, 0600)); }

long OpenSocket(int family, int type, int protocol = 0) {
  return Close(socket(family, type, protocol));
}

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

long ConnectTo(std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  const sockaddr_in address = Loopback(port);
  const long result =
      connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const int error = errno;
  close(descriptor);
  errno = error;
  return result;
}

long FastOpen(std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  const sockaddr_in address = Loopback(port);
  const long result = sendto(descriptor, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const int error = errno;
  close(descriptor);
  errno = error;
  return result;
}

long Listen() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  const sockaddr_in address = Loopback(0);
  const long result =
      bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const int error = errno;
  close(descriptor);
  errno = error;
  return result;
}

// The child, if there is one after all, must not come back as a second plugin.
long Child(long pid) {
  if (pid == 0) _exit(0);
  return pid;
}

long Clone3() {
  clone_args arguments{};
  arguments.exit_signal = SIGCHLD;
  return Child(syscall(SYS_clone3, &arguments, sizeof(arguments)));
}

long ReadParentMemory() {
  char byte = 0;
  iovec here{&byte, 1};
  iovec there{&byte, 1};
  return process_vm_readv(getppid(), &here, 1, &there, 1, 0);
}

long Exec() {
  char program[] = "/bin/true";
  char* arguments[] = {program, nullptr};
  return execve(program, arguments, nullptr);
}

long RaiseCoreLimit() {
  const rlimit limit{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  return setrlimit(RLIMIT_CORE, &limit);
}

std::vector<Attempt> Run(const std::vector<std::pair<std::string, Try>>& tries) {
  std::vector<Attempt> attempts;
  for (const auto& [name, attempt] : tries) {
    errno = 0;
    const long result = attempt();
    attempts.push_back({name, result < 0 ? errno : 0});
  }
  return attempts;
}

std::vector<std::pair<std::string, Try>> Files(const EscapeTargets& to) {
  const std::string parent = "/proc/" + std::to_string(getppid());
  return {
      {"read shadow", [] { return OpenFile("/etc/shadow", O_RDONLY); }},
      {"read passwd", [] { return OpenFile("/etc/passwd", O_RDONLY); }},
      {"list the root", [] { return OpenFile("/", O_RDONLY | O_DIRECTORY); }},
      {"read another's file", [&to] { return OpenFile(to.forbidden_file, O_RDONLY); }},
      {"write another's file", [&to] { return OpenFile(to.forbidden_file, O_WRONLY); }},
      {"write the file it may read", [&to] { return OpenFile(to.allowed_file, O_WRONLY); }},
      {"make a file outside",
       [&to] { return OpenFile(to.forbidden_folder + "/new", O_WRONLY | O_CREAT); }},
      {"remove a file outside", [&to] { return unlink(to.forbidden_file.c_str()); }},
      {"truncate a file outside", [&to] { return truncate(to.forbidden_file.c_str(), 0); }},
      {"link a file in",
       [&to] { return link(to.forbidden_file.c_str(), (to.allowed_folder + "/in").c_str()); }},
      {"move a file out",
       [&to] {
         return rename((to.allowed_folder + "/w").c_str(), (to.forbidden_folder + "/w").c_str());
       }},
      {"read the parent's memory", [parent] { return OpenFile(parent + "/mem", O_RDONLY); }},
      {"read the parent's environment",
       [parent] { return OpenFile(parent + "/environ", O_RDONLY); }},
      {"use an inherited descriptor", [&to] { return fcntl(to.forbidden_descriptor, F_GETFD); }},
      {"raise a limit", RaiseCoreLimit},
  };
}

std::vector<std::pair<std::string, Try>> Processes() {
  return {
      {"exec", Exec},
      {"fork", [] { return Child(fork()); }},
      {"clone", [] { return Child(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }},
      {"clone3", Clone3},
      {"signal the parent", [] { return kill(getppid(), 0); }},
      {"signal everybody", [] { return kill(-1, 0); }},
      {"signal by descriptor", [] { return syscall(SYS_pidfd_open, getppid(), 0); }},
      {"trace the parent", [] { return ptrace(PTRACE_ATTACH, getppid(), nullptr, nullptr); }},
      {"copy the parent's memory", ReadParentMemory},
      {"change the parent's limits",
       [] { return syscall(SYS_prlimit64, getppid(), RLIMIT_CPU, nullptr, nullptr); }},
  };
}

std::vector<std::pair<std::string, Try>> Sockets(const EscapeTargets& to) {
  return {
      {"another port", [&to] { return ConnectTo(to.forbidden_port); }},
      {"another port at once", [&to] { return FastOpen(to.forbidden_port); }},
      {"UDP", [] { return OpenSocket(AF_INET, SOCK_DGRAM); }},
      {"UDP over IPv6", [] { return OpenSocket(AF_INET6, SOCK_DGRAM); }},
      {"raw", [] { return OpenSocket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }},
      {"MPTCP", [] { return OpenSocket(AF_INET, SOCK_STREAM, 262); }},
      {"netlink", [] { return OpenSocket(AF_NETLINK, SOCK_RAW); }},
      {"packets", [] { return OpenSocket(AF_PACKET, SOCK_RAW); }},
      {"a Unix socket", [] { return OpenSocket(AF_UNIX, SOCK_STREAM); }},
      {"listen", Listen},
  };
}

std::vector<std::pair<std::string, Try>> Kernel() {
  return {
      {"mount", [] { return mount("none", "/mnt", "tmpfs", 0, nullptr); }},
      {"a user namespace", [] { return unshare(CLONE_NEWUSER); }},
      {"a mount namespace", [] { return unshare(CLONE_NEWNS); }},
      {"chroot", [] { return chroot("/"); }},
      {"bpf", [] { return syscall(SYS_bpf, 0, nullptr, 0); }},
      {"perf", [] { return syscall(SYS_perf_event_open, nullptr, 0, -1, -1, 0); }},
      {"io_uring", [] { return syscall(SYS_io_uring_setup, 1, nullptr); }},
      {"userfaultfd", [] { return syscall(SYS_userfaultfd, 0); }},
      {"keys", [] { return syscall(SYS_keyctl, 0, 0, 0, 0, 0); }},
      {"a module", [] { return syscall(SYS_finit_module, -1, "", 0); }},
      {"kexec", [] { return syscall(SYS_kexec_load, 0, 0, nullptr, 0); }},
      {"another user", [] { return setuid(1); }},
      {"open by handle", [] { return syscall(SYS_open_by_handle_at, AT_FDCWD, nullptr, 0); }},
  };
}

}  // namespace

std::vector<Attempt> TryEscapes(const EscapeTargets& targets) {
  std::vector<Attempt> all;
  for (const auto& part : {Files(targets), Processes(), Sockets(targets), Kernel()}) {
    const std::vector<Attempt> attempts = Run(part);
    all.insert(all.end(), attempts.begin(), attempts.end());
  }
  return all;
}

std::vector<Attempt> TryAllowed(const EscapeTargets& targets) {
  return Run({
      {"read its file", [&] { return OpenFile(targets.allowed_file, O_RDONLY); }},
      {"write in its folder",
       [&] { return OpenFile(targets.allowed_folder + "/w", O_WRONLY | O_CREAT | O_TRUNC); }},
      {"connect to its port", [&] { return ConnectTo(targets.allowed_port); }},
  });
}

}  // namespace brobygger::tests
