#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <absl/synchronization/mutex.h>

#include "core/supervisor/supervisor.h"

namespace brobygger::tests {

// A clock that stands still until it is told otherwise.
class FakeClock final : public base::Clock {
 public:
  base::Instant Now() const override;
  void Advance(std::chrono::milliseconds by);

 private:
  mutable absl::Mutex mutex_;
  base::Instant now_ = base::Instant(std::chrono::hours(500000));
};

// A folder that goes with this object.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

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

}  // namespace brobygger::tests
