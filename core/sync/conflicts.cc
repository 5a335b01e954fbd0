#include "core/sync/conflicts.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/registry/ingest.h"
#include "core/registry/links.h"
#include "core/sync/claims.h"
#include "core/sync/list_slots.h"
#include "core/sync/outbound.h"
#include "core/sync/twins.h"

namespace brobygger::sync {
namespace {

// By association. Each of several records is asked about: one look at all of them answers for each.
using TwinsSeen = std::map<std::string, Twins>;

absl::StatusOr<bool> IsTwinDecided(const storage::Snapshot& snapshot,
                                   const StreamKey& stream,
                                   const v1::Conflict& conflict,
                                   TwinsSeen& seen) {
  const std::string& id = conflict.association_id();
  auto known = seen.find(id);
  if (known == seen.end()) {
    BB_ASSIGN_OR_RETURN(Twins twins, TwinsOf(snapshot, stream, id));
    known = seen.emplace(id, std::move(twins)).first;
  }
  return IsTwinNoMore(known->second, conflict);
}

absl::StatusOr<bool> Decided(const storage::Snapshot& snapshot,
                             const StreamKey& stream,
                             const Mapping& mapping,
                             const v1::Conflict& conflict,
                             TwinsSeen& seen) {
  if (conflict.kind() == v1::Conflict::KIND_MAYBE_CREATED) {
    // Whatever became of the association, the record is there or is not, until that is known.
    const std::string write = OperationKey(stream, conflict.external_id());
    BB_ASSIGN_OR_RETURN(const storage::Bytes open, snapshot.Find(storage::Kind::kOperation, write));
    return open == nullptr;
  }
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::FindAssociation(snapshot, conflict.association_id()));
  if (!association) return true;
  if (conflict.kind() == v1::Conflict::KIND_DUPLICATE) {
    return IsTwinDecided(snapshot, stream, conflict, seen);
  }
  if (conflict.path().empty()) {
    // The source lost a record that somebody changed here: settled by deleting it.
    // Somebody deleted a record that the source changes: settled by undeleting it.
    const bool was_deleted_here = conflict.registry_value() == "deleted";
    return association->has_delete_time() != was_deleted_here;
  }
  BB_ASSIGN_OR_RETURN(const std::string held, model::FieldText(*association, conflict.path()));
  BB_ASSIGN_OR_RETURN(const Slots slots,
                      SlotsOf(snapshot, stream, mapping, conflict.external_id()));
  const auto known = slots.find(conflict.path());
  if (known == slots.end()) {
    return !model::SameValue(conflict.path(), held, conflict.registry_value());
  }
  // An entry that the source has no field for says nothing about those that it has.
  return !model::SameValue(conflict.path(), FirstEntries(held, known->second),
                           FirstEntries(conflict.registry_value(), known->second));
}

absl::Status LogGivenWay(storage::Transaction& transaction,
                         const v1::Conflict& conflict,
                         std::uint64_t number) {
  v1::OverruledValue value;
  value.set_connection_id(conflict.connection_id());
  value.set_external_id(conflict.external_id());
  value.set_association_id(conflict.association_id());
  value.set_path(conflict.path());
  value.set_value(conflict.source_value());
  value.set_at_source(true);
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::FindAssociation(transaction, conflict.association_id()));
  if (association) {
    BB_ASSIGN_OR_RETURN(*value.mutable_replaced_by(),
                        model::FieldText(*association, conflict.path()));
  }
  return LogOverruled(transaction, std::move(value), number);
}

absl::Status Close(storage::Transaction& transaction,
                   const StreamKey& stream,
                   const std::map<std::string, v1::Conflict>& decided,
                   const std::set<std::string>& writable) {
  std::uint64_t number = 0;
  for (const auto& [key, conflict] : decided) {
    if (conflict.kind() == v1::Conflict::KIND_DUPLICATE) {
      BB_RETURN_IF_ERROR(CloseTwin(transaction, stream, conflict));
      continue;
    }
    if (writable.count(conflict.path()) > 0) {
      BB_RETURN_IF_ERROR(LogGivenWay(transaction, conflict, number++));
      BB_RETURN_IF_ERROR(AgreeOnTold(transaction, stream, conflict));
    }
    BB_RETURN_IF_ERROR(transaction.Remove(storage::Kind::kConflict, key));
  }
  return absl::OkStatus();
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
    if (!change.conflict() || IsTwinQuestion(change)) continue;
    v1::Conflict conflict = about;
    conflict.set_kind(change.fight() ? v1::Conflict::KIND_FORMAT_FIGHT
                                     : v1::Conflict::KIND_BOTH_CHANGED);
    conflict.set_path(change.path());
    conflict.set_registry_value(change.old_value());
    conflict.set_source_value(change.new_value());
    BB_ASSIGN_OR_RETURN(const bool is_new, OpenConflict(transaction, stream, std::move(conflict)));
    opened += is_new ? 1 : 0;
  }
  return opened;
}

absl::Status AgreeOnTold(storage::Transaction& transaction,
                         const StreamKey& stream,
                         const v1::Conflict& conflict) {
  const std::string key = stream.For(conflict.external_id());
  BB_ASSIGN_OR_RETURN(auto link, Load<v1::Link>(transaction, storage::Kind::kLink, key));
  if (!link) return absl::OkStatus();
  auto& bases = *link->mutable_bases();
  bases.erase(std::remove_if(bases.begin(), bases.end(),
                             [&](const auto& base) { return base.path() == conflict.path(); }),
              bases.end());
  v1::FieldBase& base = *bases.Add();
  base.set_path(conflict.path());
  base.set_source_value(conflict.source_value());
  base.set_registry_value(conflict.source_value());
  BB_RETURN_IF_ERROR(registry::PutLink(transaction, key, *link));
  return MarkDirty(transaction, stream, link->association_id());
}

absl::StatusOr<Slots> SlotsOf(const storage::Snapshot& snapshot,
                              const StreamKey& stream,
                              const Mapping& mapping,
                              const std::string& external_id) {
  BB_ASSIGN_OR_RETURN(const auto claim,
                      Load<v1::Claim>(snapshot, storage::Kind::kClaim, stream.For(external_id)));
  return claim ? mapping.SlotsIn(*claim) : Slots();
}

absl::Status CloseDecidedConflicts(storage::Store& store,
                                   const StreamKey& stream,
                                   const Mapping& mapping) {
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  std::map<std::string, v1::Conflict> decided;
  TwinsSeen seen;
  const auto look = [&](const std::string& key, const std::string& bytes) -> absl::Status {
    v1::Conflict conflict;
    if (!conflict.ParseFromString(bytes)) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(const bool over, Decided(*latest, stream, mapping, conflict, seen));
    if (over) decided[key] = std::move(conflict);
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(ForEach(*latest, storage::Kind::kConflict, stream.prefix(), look));
  if (decided.empty()) return absl::OkStatus();
  const auto close = [&](storage::Transaction& transaction) {
    return Close(transaction, stream, decided, mapping.writable());
  };
  return store.Write("sync", close).status();
}

}  // namespace brobygger::sync
