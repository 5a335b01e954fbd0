#include "plugins/reference/registry/faults.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace brobygger::reference {
namespace {

constexpr std::array kNames = {
    "down",        "busy",        "denied", "cut",   "empty_list", "wait",        "stuck",
    "drop_answer", "hold_answer", "retry",  "stale", "upper_case", "short_names", "rejects_purpose",
    "renews_key"};
constexpr std::array kOwnFaults = {"exit", "throw", "loop", "leak", "bomb", "descriptors"};
constexpr std::array kVerbs = {"Check", "Discover", "Read", "Lookup", "Write", "UpgradeState"};
constexpr int kBusySeconds = 7;
// More than any limit allows, and no more: without a limit the machine must live.
constexpr std::size_t kLeakedMegabytes = 1024;
constexpr int kMostThreads = 1000;
constexpr int kMostDescriptors = 10'000;

template <typename List>
bool Contains(const List& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

[[noreturn]] void Loop() {
  std::atomic<std::uint64_t> turns = 0;
  while (true) ++turns;
}

void Leak() {
  std::vector<std::unique_ptr<std::string>> kept;
  while (kept.size() < kLeakedMegabytes) {
    kept.push_back(std::make_unique<std::string>(1 << 20, 'x'));
  }
}

// Starts a process, and if it may not, threads until it may not.
void Bomb() {
  if (const pid_t child = fork(); child >= 0) {
    if (child == 0) _exit(0);
    return;
  }
  for (int count = 0; count < kMostThreads; ++count) {
    std::thread([] {
      while (true) pause();
    }).detach();
  }
}

void TakeDescriptors() {
  for (int count = 0; count < kMostDescriptors; ++count) {
    if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) {
      throw std::runtime_error("there is no descriptor left");
    }
  }
}

}  // namespace

bool Faults::Add(const std::string& name) {
  const std::size_t colon = name.find(':');
  const bool known = colon == std::string::npos ? Contains(kNames, name)
                                                : Contains(kOwnFaults, name.substr(0, colon)) &&
                                                      Contains(kVerbs, name.substr(colon + 1));
  if (known) names_.insert(name);
  return known;
}

absl::Status Faults::Trouble() const {
  if (Has("down")) {
    return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_TRANSIENT,
                           .code = "reference.registry.down",
                           .da = "Kildesystemet svarer ikke. Der prøves igen.",
                           .en = "The source system does not answer. It is tried again."});
  }
  if (Has("denied")) {
    return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_AUTH,
                           .code = "reference.registry.denied",
                           .da = "Adgangen er lukket. Bed kildens ejer om at åbne den igen.",
                           .en = "Access is closed. Ask the source's owner to open it again."});
  }
  if (!Has("busy")) return absl::OkStatus();
  sdk::Diagnostic busy =
      sdk::ToDiagnostic({.kind = sdk::Diagnostic::CLASS_RATE_LIMITED,
                         .code = "reference.registry.busy",
                         .da = "Kildesystemet har for travlt. Der prøves igen om lidt.",
                         .en = "The source system is too busy. It is tried again in a while."});
  busy.mutable_retry_after()->set_seconds(kBusySeconds);
  return sdk::ToStatus(busy);
}

void Faults::Strike(const std::string& verb) const {
  if (Has("exit:" + verb)) _exit(0);
  if (Has("throw:" + verb)) throw std::runtime_error("thrown on purpose");
  if (Has("loop:" + verb)) Loop();
  if (Has("leak:" + verb)) Leak();
  if (Has("bomb:" + verb)) Bomb();
  if (Has("descriptors:" + verb)) TakeDescriptors();
}

}  // namespace brobygger::reference
