#include "plugins/reference/registry/faults.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <stdexcept>

#include <unistd.h>

namespace brobygger::reference {
namespace {

constexpr std::array kNames = {"down",        "busy",           "denied", "cut",
                               "empty_list",  "wait",           "stuck",  "drop_answer",
                               "hold_answer", "retry",          "stale",  "upper_case",
                               "short_names", "rejects_purpose"};
constexpr std::array kOwnFaults = {"exit", "throw", "loop"};
constexpr std::array kVerbs = {"Check", "Discover", "Read", "Lookup", "Write"};
constexpr int kBusySeconds = 7;

template <typename List>
bool Contains(const List& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

[[noreturn]] void Loop() {
  std::atomic<std::uint64_t> turns = 0;
  while (true) ++turns;
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
}

}  // namespace brobygger::reference
