// The hub's own end of a plugin, for the cases about faults: its supervisor.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/conformance/scenes.h"
#include "core/conformance/set_clock.h"

namespace brobygger::conformance {

// The hub answers within this, whatever a plugin does.
inline constexpr auto kBound = std::chrono::seconds(15);

// The hub's supervisor with this plugin, its deadlines short and its clock in our hands.
struct Hub {
  explicit Hub(const Bench& the_bench, const nlohmann::json& config = nlohmann::json::object());

  absl::StatusOr<std::unique_ptr<supervisor::Session>> Open();
  int pid() const { return hub->StatusOf(spec.connection).pid; }
  bool WaitGone() const;
  // Lets every pause pass, as a committed checkpoint would.
  void Mend();
  // Another hub takes over, with what this one kept.
  void Restart();

  const Bench& bench;
  SetClock clock;
  std::atomic<std::uint64_t> epochs = 0;
  supervisor::SupervisorOptions options;
  supervisor::ProcessSpec spec;
  std::unique_ptr<supervisor::Supervisor> hub;
};

// What one snapshot brought, also if it failed.
struct SnapshotRead {
  absl::Status status;
  std::size_t records = 0;
  bool complete = false;
};

// Reads all, and calls `at_first` at the first event; null: nothing.
SnapshotRead ReadSnapshot(supervisor::Session& session,
                          Bench& bench,
                          const std::function<void()>& at_first = nullptr);

// The next process, another one than `old_pid`, reads all there is.
absl::Status NextOneWorks(Hub& hub, Bench& bench, int old_pid);

// Calls one verb, whose error is told.
absl::Status CallVerb(supervisor::Session& session, Bench& bench, const std::string& verb);

// Demands that the plugin's own fault is told, and does no harm, in each verb that the
// fixture has a switch "`fault`:VERB" for.
absl::Status FailsInEachVerb(Bench& bench, const std::string& fault);

}  // namespace brobygger::conformance
