#include "core/host/handshake.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

namespace brobygger::host {
namespace {

constexpr int kHubGone = 3;

void Say(std::string line) {
  std::replace(line.begin(), line.end(), '\n', ' ');
  line += '\n';
  std::size_t written = 0;
  while (written < line.size()) {
    const ssize_t count = write(kHandshakeDescriptor, line.data() + written, line.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    written += static_cast<std::size_t>(count);
  }
  close(kHandshakeDescriptor);
}

// A field must not bring its own separators.
std::string Field(std::string text) {
  std::replace(text.begin(), text.end(), '|', '/');
  return text;
}

void* WaitForEnd(void* /*unused*/) {
  char byte = 0;
  ssize_t count = 0;
  do {
    count = read(kLifelineDescriptor, &byte, 1);
  } while (count > 0 || (count < 0 && errno == EINTR));
  // Not exit(): the plugin's destructors must not get a say in when we end.
  _exit(kHubGone);
}

}  // namespace

bool HasSupervisor() {
  return fcntl(kLifelineDescriptor, F_GETFD) >= 0 && fcntl(kHandshakeDescriptor, F_GETFD) >= 0;
}

void SayReady(const std::string& socket, const std::string& name, const std::string& version) {
  Say("OK|1|0|unix:" + socket + "|" + Field(name) + "|" + Field(version));
}

void SayRefused(const Refusal& refusal) { Say("ERR|" + refusal.code + "|" + refusal.text); }

void FollowLifeline() {
  pthread_t thread{};
  // The one thread without an owner: it lives until the process ends, and ends it.
  if (pthread_create(&thread, nullptr, WaitForEnd, nullptr) != 0) _exit(kHubGone);
  pthread_detach(thread);
}

}  // namespace brobygger::host
