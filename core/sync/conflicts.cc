#include "core/sync/conflicts.h"

#include <vector>

#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/registry/ingest.h"
#include "core/sync/claims.h"

namespace brobygger::sync {
namespace {

absl::StatusOr<bool> Decided(const storage::Snapshot& snapshot, const v1::Conflict& conflict) {
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::FindAssociation(snapshot, conflict.association_id()));
  if (!association) return true;
  if (conflict.path().empty()) {
    // The source lost a record that somebody changed here: settled by deleting it.
    // Somebody deleted a record that the source changes: settled by undeleting it.
    const bool was_deleted_here = conflict.registry_value() == "deleted";
    return association->has_delete_time() != was_deleted_here;
  }
  BB_ASSIGN_OR_RETURN(const std::string held, model::FieldText(*association, conflict.path()));
  return !model::SameValue(conflict.path(), held, conflict.registry_value());
}

}  // namespace

absl::Status CloseDecidedConflicts(storage::Store& store, const std::string& connection_id) {
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  std::vector<std::string> decided;
  BB_RETURN_IF_ERROR(ForEach(*latest, storage::Kind::kConflict, connection_id + "/",
                             [&](const std::string& key, const std::string& bytes) -> absl::Status {
                               v1::Conflict conflict;
                               if (!conflict.ParseFromString(bytes)) return absl::OkStatus();
                               BB_ASSIGN_OR_RETURN(const bool over, Decided(*latest, conflict));
                               if (over) decided.push_back(key);
                               return absl::OkStatus();
                             }));
  if (decided.empty()) return absl::OkStatus();
  return store
      .Write("sync",
             [&](storage::Transaction& transaction) {
               for (const auto& key : decided) {
                 BB_RETURN_IF_ERROR(transaction.Remove(storage::Kind::kConflict, key));
               }
               return absl::OkStatus();
             })
      .status();
}

}  // namespace brobygger::sync
