#include "core/sync/conflicts.h"

#include <utility>
#include <vector>

#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/clock.h"
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

v1::Conflict NewConflict(const storage::Transaction& transaction,
                         const StreamKey& stream,
                         const std::string& external_id,
                         const std::string& association_id) {
  v1::Conflict conflict;
  conflict.set_connection_id(stream.connection_id);
  conflict.set_external_id(external_id);
  conflict.set_association_id(association_id);
  *conflict.mutable_open_time() = base::ToTimestamp(transaction.now());
  return conflict;
}

absl::StatusOr<bool> OpenConflict(storage::Transaction& transaction,
                                  const StreamKey& stream,
                                  v1::Conflict conflict) {
  const std::string key = stream.For(conflict.external_id()) + "/" + conflict.path();
  BB_ASSIGN_OR_RETURN(auto open, Load<v1::Conflict>(transaction, storage::Kind::kConflict, key));
  const bool is_new = !open;
  if (open) {
    open->set_source_value(conflict.source_value());
    conflict = *std::move(open);
  }
  BB_RETURN_IF_ERROR(transaction.Put(storage::Kind::kConflict, key, conflict.SerializeAsString()));
  return is_new;
}

absl::StatusOr<int> OpenFieldConflicts(storage::Transaction& transaction,
                                       const StreamKey& stream,
                                       const v1::Conflict& about,
                                       const std::vector<v1::FieldChange>& changes) {
  int opened = 0;
  for (const auto& change : changes) {
    if (!change.conflict()) continue;
    v1::Conflict conflict = about;
    conflict.set_kind(v1::Conflict::KIND_BOTH_CHANGED);
    conflict.set_path(change.path());
    conflict.set_registry_value(change.old_value());
    conflict.set_source_value(change.new_value());
    BB_ASSIGN_OR_RETURN(const bool is_new, OpenConflict(transaction, stream, std::move(conflict)));
    opened += is_new ? 1 : 0;
  }
  return opened;
}

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
