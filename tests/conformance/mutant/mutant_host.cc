// The plugin host with one fault: the file "fault" beside this program names the case of the kit
// that must find it. Linked with --wrap, so that the host itself is the one that is shipped.
#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include <sys/prctl.h>
#include <unistd.h>

#include "core/host/handshake.h"

// core/host/main.cc, whose main() is called so here.
int HostMain(int argc, char** argv);

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShortSocket = 60;
constexpr int kMutantRefused = 4;

// The names are the linker's and the C library's.
std::string fault;

std::string ReadFault() {
  std::ifstream in(fs::read_symlink("/proc/self/exe").parent_path() / "fault");
  std::string told = "none";
  in >> told;
  return told;
}

bool HasLongSocket(int argc, char** argv) {
  for (int at = 1; at + 1 < argc; ++at) {
    if (std::strcmp(argv[at], "--socket") == 0) return std::strlen(argv[at + 1]) > kShortSocket;
  }
  return false;
}

}  // namespace

extern "C" {

int __real_prctl(int option, ...);
ssize_t __real_read(int fd, void* buffer, size_t size);

// F12: it does not ask to die with its parent.
int __wrap_prctl(int option, ...) {
  va_list rest;
  va_start(rest, option);
  const unsigned long second = va_arg(rest, unsigned long);
  const unsigned long third = va_arg(rest, unsigned long);
  const unsigned long fourth = va_arg(rest, unsigned long);
  const unsigned long fifth = va_arg(rest, unsigned long);
  va_end(rest);
  if (fault == "F12" && option == PR_SET_PDEATHSIG) return 0;
  return __real_prctl(option, second, third, fourth, fifth);
}

// F12: nor does it look after its lifeline.
ssize_t __wrap_read(int fd, void* buffer, size_t size) {
  while (fault == "F12" && fd == brobygger::host::kLifelineDescriptor) pause();
  return __real_read(fd, buffer, size);
}

}  // extern "C"

int main(int argc, char** argv) {
  fault = ReadFault();
  // L9: it takes a path that has room for shorter ones.
  if (fault == "L9" && HasLongSocket(argc, argv)) _exit(kMutantRefused);
  return HostMain(argc, argv);
}
