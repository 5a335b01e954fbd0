#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/conformance/conversation.h"
#include "core/conformance/fixture.h"
#include "core/conformance/kit.h"
#include "core/conformance/mock.h"

namespace brobygger::conformance {

// How a process is started and configured.
struct Setup {
  nlohmann::json config = nlohmann::json::object();  // merged into the fixture's
  std::optional<std::map<std::string, std::string>> secrets = {};
  std::vector<std::string> fields = {};  // the selection; empty: no selection
};

// What the cases work with: the plugin, its fixture, and the means to start it. Belongs
// to one thread.
class Bench {
 public:
  static absl::StatusOr<std::unique_ptr<Bench>> Make(const KitOptions& options);
  ~Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  const Fixture& fixture() const { return fixture_; }
  const Mock& mock() const { return mock_; }
  Overheard& overheard() { return overheard_; }
  const supervisor::CatalogueEntry& entry() const { return entry_; }
  const std::string& manifest() const { return manifest_; }
  const std::filesystem::path& folder() const { return folder_; }
  bool longer() const { return longer_; }

  // What Discover told when the run began.
  const plugin::v1::StreamSchema& schema() const { return schema_; }
  bool Can(const std::string& ability) const;
  // Asks the plugin for its schema. The error says why it could not.
  absl::Status LearnSchema();

  // What of `need` is not there, in words; "" if nothing.
  std::string Missing(const std::string& need) const;

  // A configured process.
  absl::StatusOr<std::unique_ptr<Conversation>> Start(const Setup& setup = {});
  // The same on a bad day; the mock is told too.
  absl::StatusOr<std::unique_ptr<Conversation>> StartOn(const std::string& fault_name);
  // One that has only been greeted.
  absl::StatusOr<std::unique_ptr<Conversation>> StartBare(const supervisor::Jail& jail);
  // Its options, for those who vary them.
  absl::StatusOr<std::unique_ptr<Conversation>> StartBare(
      const supervisor::Jail& jail, const supervisor::SupervisorOptions& options);
  // Another library in the plugin's place, unchecked: it is for the host to refuse.
  absl::StatusOr<std::unique_ptr<Conversation>> StartLibrary(const std::string& path);

  plugin::v1::ConfigureRequest Configuration(const Setup& setup);

  // What becomes of the secrets that plugins renew from now on; null: none is kept. Called on
  // threads of the conversations.
  void KeepSecrets(supervisor::SecretKeeper keeper) { keep_secret_ = std::move(keeper); }

  // For a Supervisor: the options and the connection of the fixture.
  supervisor::SupervisorOptions Options() const;
  supervisor::ProcessSpec Spec(const nlohmann::json& config = nlohmann::json::object()) const;
  absl::StatusOr<std::unique_ptr<supervisor::Supervisor>> MakeSupervisor(
      const supervisor::SupervisorOptions& options) const {
    return make_supervisor_(options);
  }

  // Lines that plugins wrote on standard output.
  int stdout_lines() const { return *stdout_lines_; }

  // An operation id nobody used yet.
  std::string NewOpId() { return "kit-" + std::to_string(++operations_); }

 private:
  Bench(const KitOptions& options, std::filesystem::path folder, Fixture fixture);
  absl::Status FindPlugin();
  absl::StatusOr<std::unique_ptr<Conversation>> Launch(
      const supervisor::CatalogueEntry& entry,
      const supervisor::Jail& jail,
      const supervisor::SupervisorOptions& options);

  const std::string manifest_;
  const std::string host_program_;
  const SupervisorMaker make_supervisor_;
  const bool longer_;
  const std::filesystem::path folder_;
  const Fixture fixture_;
  const Mock mock_;
  Overheard overheard_;
  supervisor::CatalogueEntry entry_;
  plugin::v1::StreamSchema schema_;
  std::shared_ptr<std::atomic<int>> stdout_lines_ = std::make_shared<std::atomic<int>>(0);
  supervisor::SecretKeeper keep_secret_;
  std::uint64_t epoch_ = 0;
  int operations_ = 0;
  std::unique_ptr<supervisor::Warden> warden_;
};

}  // namespace brobygger::conformance
