#pragma once

#include <memory>
#include <string>
#include <vector>

#include "brobygger/sync/v1/plan.pb.h"
#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/conformance/mortal_store.h"
#include "core/conformance/scenes.h"
#include "core/conformance/set_clock.h"
#include "core/registry/identity.h"
#include "core/storage/store.h"
#include "core/sync/engine.h"

namespace brobygger::conformance {

// The two fields that a fixture must map, so that the cases know what to edit.
inline constexpr char kName[] = "official_name";
inline constexpr char kPurpose[] = "purpose.da";

// How a hub in small is set up.
struct HubSetup {
  std::string plugin_root = {};  // where its plugin lies; "": where the kit found it
  bool creates = false;          // what is made here is made at the source, if that can be
};

// A hub in small that knows one source, the fixture's: the real engine over a store in
// memory, with the real supervisor, host and plugin. A person looks at every plan and
// accepts it, unless a case says otherwise. Its clock stands until it is told. Belongs to one
// thread.
class EngineHub {
 public:
  static absl::StatusOr<std::unique_ptr<EngineHub>> Make(Bench& bench, const HubSetup& setup = {});
  // One that has brought in all the source has, and has nothing left to do.
  static absl::StatusOr<std::unique_ptr<EngineHub>> MakeAgreed(Bench& bench,
                                                               const HubSetup& setup = {});
  ~EngineHub();

  // The hub's process ends, and with it the plugin's, and another begins: what they knew is
  // gone, what reached the disk is not.
  absl::Status Restart();
  // The run that is under way stops as soon as may be; until the next start every one does.
  void Cancel() { cancel_->Cancel(); }
  MortalStore& disk() { return *disk_; }
  storage::Store& store() { return *store_; }
  supervisor::Supervisor& supervisor() { return *supervisor_; }
  void PassTime(std::chrono::microseconds passed) { clock_.Advance(passed); }

  // From now on the source has this bad day, and the mock has been told.
  absl::Status Suffer(const std::string& fault_name);
  absl::Status Recover();

  absl::StatusOr<sync::v1::Plan> Plan();
  absl::StatusOr<sync::v1::Run> Apply(const sync::v1::Plan& plan);
  absl::StatusOr<sync::v1::Run> Sync();
  absl::StatusOr<sync::v1::Run> RunUnattended();
  absl::Status RunOutbound();
  // Demands a plan with nothing in it.
  absl::Status NothingToDo();
  absl::StatusOr<std::vector<sync::v1::PlannedAction>> Actions(const std::string& plan_id);

  // Every association there is, deleted ones too.
  absl::StatusOr<std::vector<registry::v1::Association>> All();
  // How many there are, not counting deleted ones.
  absl::StatusOr<std::size_t> CountHere();
  // What the registry and the source say of a record's association. INVALID_ARGUMENT
  // if the record is not linked.
  absl::StatusOr<std::string> TextHere(const std::string& external_id, const std::string& path);
  absl::StatusOr<std::string> TextThere(const std::string& external_id, const std::string& path);
  absl::Status EditHere(const std::string& external_id,
                        const std::string& path,
                        const std::string& text);
  absl::Status EditHere(registry::v1::Association association,
                        const std::string& path,
                        const std::string& text);
  // "" empties it.
  absl::Status EditThere(const std::string& external_id,
                         const std::string& path,
                         const std::string& text);
  absl::Status MakeHere(const std::string& name, const std::string& purpose);
  absl::Status DeleteHere(const std::string& external_id);
  absl::StatusOr<bool> IsDeletedHere(const std::string& external_id);

  absl::StatusOr<std::vector<sync::v1::Conflict>> Conflicts();
  absl::Status Resolve(const std::string& conflict_id,
                       sync::v1::ResolveConflictRequest::Choice choice,
                       const std::string& value = "");
  absl::StatusOr<std::size_t> CountDeadLetters();
  absl::Status ReplayDeadLetters();

 private:
  EngineHub(Bench& bench, HubSetup setup);
  absl::Status SetUp();
  sync::v1::Connection ConnectionWith(const nlohmann::json& overlay) const;
  absl::Status Change(const sync::v1::Connection& connection);
  absl::StatusOr<registry::v1::Association> Find(const std::string& external_id);

  Bench& bench_;
  const HubSetup setup_;
  SetClock clock_;
  registry::Identity identity_;
  MortalStore* disk_ = nullptr;  // within store_
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<supervisor::Supervisor> supervisor_;
  std::unique_ptr<sync::Engine> engine_;
  std::map<std::string, std::string> secrets_;
  std::unique_ptr<supervisor::CancelToken> cancel_;
};

// The fixture's name of the field that becomes `path` here, or "".
std::string SourceField(const Bench& bench, const std::string& path);

}  // namespace brobygger::conformance
