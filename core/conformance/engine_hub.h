#pragma once

#include <memory>
#include <string>
#include <vector>

#include "brobygger/sync/v1/plan.pb.h"
#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/conformance/scenes.h"
#include "core/registry/identity.h"
#include "core/storage/store.h"
#include "core/sync/engine.h"

namespace brobygger::conformance {

// The two fields that a fixture must map, so that the cases know what to edit.
inline constexpr char kName[] = "official_name";
inline constexpr char kPurpose[] = "purpose.da";

// A hub in small that knows one source, the fixture's: the real engine over a store in
// memory, with the real supervisor, host and plugin. A person looks at every plan and
// accepts it, unless a case says otherwise. Belongs to one thread.
class EngineHub {
 public:
  static absl::StatusOr<std::unique_ptr<EngineHub>> Make(Bench& bench);
  // One that has brought in all the source has, and has nothing left to do.
  static absl::StatusOr<std::unique_ptr<EngineHub>> MakeAgreed(Bench& bench);
  ~EngineHub();

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

  // How many associations there are, not counting deleted ones.
  absl::StatusOr<std::size_t> CountHere();
  // What the registry and the source say of a record's association. INVALID_ARGUMENT
  // if the record is not linked.
  absl::StatusOr<std::string> TextHere(const std::string& external_id, const std::string& path);
  absl::StatusOr<std::string> TextThere(const std::string& external_id, const std::string& path);
  absl::Status EditHere(const std::string& external_id,
                        const std::string& path,
                        const std::string& text);
  // "" empties it.
  absl::Status EditThere(const std::string& external_id,
                         const std::string& path,
                         const std::string& text);
  absl::Status DeleteHere(const std::string& external_id);
  absl::StatusOr<bool> IsDeletedHere(const std::string& external_id);

  absl::StatusOr<std::vector<sync::v1::Conflict>> Conflicts();
  absl::Status Resolve(const std::string& conflict_id,
                       sync::v1::ResolveConflictRequest::Choice choice,
                       const std::string& value = "");
  absl::StatusOr<std::size_t> CountDeadLetters();
  absl::Status ReplayDeadLetters();

 private:
  explicit EngineHub(Bench& bench);
  absl::Status SetUp();
  absl::Status Change(const sync::v1::Connection& connection);
  absl::StatusOr<registry::v1::Association> Find(const std::string& external_id);

  Bench& bench_;
  registry::Identity identity_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<supervisor::Supervisor> supervisor_;
  std::unique_ptr<sync::Engine> engine_;
  std::map<std::string, std::string> secrets_;
  supervisor::CancelToken cancel_;
};

}  // namespace brobygger::conformance
