#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/supervisor/supervisor.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace brobygger::supervisor_tests {

using support::FakeClock;
using support::TempFolder;

// Waits until `what` holds. Returns false after `timeout`.
bool Eventually(const std::function<bool()>& what,
                std::chrono::milliseconds timeout = std::chrono::seconds(15));

// Puts a plugin file with this content, and its manifest, under `root`.
void InstallPlugin(const std::filesystem::path& root,
                   const std::string& name,
                   const std::string& content,
                   const std::string& kind = "dll",
                   const std::vector<std::string>& args = {});

// The SHA-256 of `text`, in hex.
std::string Sha256Hex(const std::string& text);

// Processes that are children of this one, zombies too.
std::vector<int> Children();
int CountOpenFiles();
long ResidentKilobytes();

// Whether a process is gone. A zombie that others have to bury counts as gone.
bool HasEnded(int pid);

// A supervisor over stand-in hosts, with short deadlines and a clock that stands.
struct SupervisorFixture {
  SupervisorFixture();

  // Replaces the supervisor.
  void Restart();
  supervisor::ProcessSpec Spec(const std::string& config_json = "{}",
                               const std::string& plugin = "stand.in") const;
  absl::StatusOr<std::unique_ptr<supervisor::Session>> Open(const std::string& config_json = "{}",
                                                            const std::string& plugin = "stand.in");
  supervisor::ProcessStatus Status() const;
  // Lets the longest back-off, but not the breaker's rest, pass.
  void PassBackoff();

  TempFolder folder;
  FakeClock clock;
  std::atomic<std::uint64_t> epochs = 0;
  supervisor::SupervisorOptions options;
  base::ConnectionId connection = base::ConnectionId("centre");
  std::unique_ptr<supervisor::Supervisor> supervisor;
};

}  // namespace brobygger::supervisor_tests
