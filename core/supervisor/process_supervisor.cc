#include <filesystem>
#include <map>
#include <memory>
#include <thread>
#include <utility>

#include <absl/base/thread_annotations.h>
#include <absl/strings/str_cat.h>
#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/supervisor/connection_slot.h"
#include "core/supervisor/supervisor.h"

namespace brobygger::supervisor {
namespace {

namespace fs = std::filesystem;

// How often idle processes are looked for. The clock may be a fake one, so the
// wait is for real time and the decision is by the clock.
constexpr absl::Duration kSupervisorLook = absl::Milliseconds(200);

// Removes what a hub that was killed left in the run folder. Only what looks like
// its own goes: a socket "s" two folders down, and folders that are empty then.
void ClearRunFolder(const fs::path& run_dir) {
  std::error_code ignored;
  for (const auto& connection : fs::directory_iterator(run_dir, ignored)) {
    for (const auto& start : fs::directory_iterator(connection.path(), ignored)) {
      if (fs::is_socket(start.path() / "s", ignored)) fs::remove(start.path() / "s", ignored);
      if (start.is_directory(ignored)) fs::remove(start.path(), ignored);
    }
    if (connection.is_directory(ignored)) fs::remove(connection.path(), ignored);
  }
}

class ProcessSupervisor final : public Supervisor {
 public:
  explicit ProcessSupervisor(SupervisorOptions options)
      : options_(std::move(options)), housekeeper_([this] { KeepHouse(); }) {}

  ~ProcessSupervisor() override {
    {
      absl::MutexLock lock(&mutex_);
      leaving_ = true;
    }
    housekeeper_.join();
    // Together, since each may take its whole deadline.
    std::vector<std::thread> threads;
    for (const auto& slot : Slots()) {
      threads.emplace_back([slot] { slot->Shut(); });
    }
    for (std::thread& thread : threads) thread.join();
    ClearRunFolder(options_.run_dir);
  }
  ProcessSupervisor(const ProcessSupervisor&) = delete;
  ProcessSupervisor& operator=(const ProcessSupervisor&) = delete;

  std::vector<PluginFile> Plugins() const override {
    std::vector<PluginFile> files;
    for (CatalogueEntry& entry : ReadCatalogue(options_.plugin_roots)) {
      files.push_back(std::move(entry.file));
    }
    return files;
  }

  absl::StatusOr<std::unique_ptr<Session>> Open(const ProcessSpec& spec) override {
    return SlotOf(spec.connection)->Open(spec, [this](const std::string& plugin) {
      return Find(plugin);
    });
  }

  void Committed(const base::ConnectionId& connection) override { SlotOf(connection)->Committed(); }

  ProcessStatus StatusOf(const base::ConnectionId& connection) const override {
    std::shared_ptr<ConnectionSlot> slot;
    {
      absl::MutexLock lock(&mutex_);
      const auto found = slots_.find(connection);
      if (found == slots_.end()) return {};
      slot = found->second;
    }
    return slot->Status();
  }

  void Stop(const base::ConnectionId& connection) override {
    SlotOf(connection)->Stop("the hub wants it stopped");
  }

 private:
  std::shared_ptr<ConnectionSlot> SlotOf(const base::ConnectionId& connection) {
    absl::MutexLock lock(&mutex_);
    auto& slot = slots_[connection];
    if (slot == nullptr) slot = std::make_shared<ConnectionSlot>(connection, options_, warden_);
    return slot;
  }

  std::vector<std::shared_ptr<ConnectionSlot>> Slots() const {
    absl::MutexLock lock(&mutex_);
    std::vector<std::shared_ptr<ConnectionSlot>> slots;
    for (const auto& [connection, slot] : slots_) slots.push_back(slot);
    return slots;
  }

  absl::StatusOr<CatalogueEntry> Find(const std::string& plugin) const {
    const CatalogueEntry* refused = nullptr;
    const std::vector<CatalogueEntry> entries = ReadCatalogue(options_.plugin_roots);
    for (const CatalogueEntry& entry : entries) {
      if (entry.file.plugin != plugin) continue;
      if (entry.file.refused_because.empty()) return entry;
      refused = &entry;
    }
    if (refused == nullptr) {
      return base::MakeError(
          errors::v1::ERROR_REASON_PLUGIN_NOT_FOUND,
          absl::StrCat("There is no plugin '", plugin, "'; see 'brobygger plugin list'."),
          {{"plugin", plugin}});
    }
    return base::MakeError(
        errors::v1::ERROR_REASON_PLUGIN_REFUSED,
        absl::StrCat("The plugin '", plugin, "' is refused: ", refused->file.refused_because),
        {{"plugin", plugin}});
  }

  bool WaitLeaving() {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&leaving_), kSupervisorLook);
  }

  void KeepHouse() {
    while (!WaitLeaving()) {
      for (const auto& slot : Slots()) slot->KeepHouse();
    }
  }

  const SupervisorOptions options_;
  Warden warden_;
  mutable absl::Mutex mutex_;
  bool leaving_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<base::ConnectionId, std::shared_ptr<ConnectionSlot>> slots_ ABSL_GUARDED_BY(mutex_);
  std::thread housekeeper_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Supervisor>> MakeSupervisor(SupervisorOptions options) {
  if (options.next_epoch == nullptr || options.host_program.empty() || options.run_dir.empty()) {
    return absl::InvalidArgumentError("run_dir, host_program and next_epoch are required");
  }
  // A program is started in another folder, where a relative path means something else.
  options.run_dir = fs::absolute(options.run_dir).lexically_normal().string();
  options.host_program = fs::absolute(options.host_program).lexically_normal().string();
  std::error_code error;
  fs::create_directories(options.run_dir, error);
  if (!error) fs::permissions(options.run_dir, fs::perms::owner_all, error);
  if (error) {
    return base::MakeError(errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE,
                           absl::StrCat("The run folder ", options.run_dir,
                                        " cannot be made private: ", error.message()));
  }
  ClearRunFolder(options.run_dir);
  return std::make_unique<ProcessSupervisor>(std::move(options));
}

}  // namespace brobygger::supervisor
