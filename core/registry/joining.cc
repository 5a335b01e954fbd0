#include "core/registry/joining.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/registry/attached.h"
#include "core/registry/decision_log.h"
#include "core/registry/ingest.h"
#include "core/registry/merge.h"
#include "core/registry/records.h"
#include "core/registry/statements.h"

namespace brobygger::registry {
namespace {

using identity::v1::MergeRecord;
using identity::v1::RecordReference;
using identity::v1::StoredMerge;
using v1::Association;

constexpr int kLongestChain = 1000;

bool IsOlder(const Association& left, const Association& right) {
  const auto left_time = base::ToInstant(left.create_time());
  const auto right_time = base::ToInstant(right.create_time());
  return left_time != right_time ? left_time < right_time : left.id() < right.id();
}

absl::Status CannotUndo(const StoredMerge& merge, const std::string& why) {
  return base::MakeError(errors::v1::ERROR_REASON_MERGE_CONFLICT,
                         "The merge cannot be taken back: " + why + ".",
                         {{"merge_id", merge.record().id()},
                          {"association_id", merge.record().survivor_association_id()}});
}

absl::Status NotARecord(const std::string& why) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID, "record: " + why + ".",
                         {{"field", "record"}});
}

MergeRecord RecordOfMerge(const storage::Transaction& transaction,
                          const StoredMerge& merge,
                          const Together& together) {
  MergeRecord record;
  record.set_id(base::MakeUuid());
  record.set_survivor_association_id(merge.survivor_before().id());
  record.set_absorbed_association_id(merge.absorbed_before().id());
  record.set_survivor_etag_before(merge.survivor_before().etag());
  record.set_absorbed_etag_before(merge.absorbed_before().etag());
  record.set_moved_statement_count(together.statements);
  record.set_moved_name_count(together.names);
  *record.mutable_merge_time() = base::ToTimestamp(transaction.now());
  record.mutable_kept_paths()->Assign(together.kept_paths.begin(), together.kept_paths.end());
  record.mutable_taken_paths()->Assign(together.taken_paths.begin(), together.taken_paths.end());
  return record;
}

// Also a survivor that its sources have lost meanwhile can be taken apart.
absl::StatusOr<Association> SurvivorNow(const storage::Snapshot& snapshot,
                                        const StoredMerge& merge) {
  BB_ASSIGN_OR_RETURN(Association now,
                      GetAssociation(snapshot, merge.record().survivor_association_id()));
  if (!now.merged_into_association_id().empty()) {
    return CannotUndo(merge, "the survivor was itself merged into " +
                                 now.merged_into_association_id() + " since; take that back first");
  }
  return now;
}

}  // namespace

absl::StatusOr<StoredMerge> JoinAssociations(storage::Transaction& transaction,
                                             const Association& left,
                                             const Association& right,
                                             const std::string& decision_id,
                                             const std::string& actor) {
  StoredMerge merge;
  const bool in_order = IsOlder(left, right);
  *merge.mutable_survivor_before() = in_order ? left : right;
  *merge.mutable_absorbed_before() = in_order ? right : left;
  Together together =
      PutTogether(merge.survivor_before(), merge.absorbed_before(), base::DayOf(transaction.now()));
  *merge.mutable_record() = RecordOfMerge(transaction, merge, together);
  merge.mutable_record()->set_decision_id(decision_id);
  merge.mutable_record()->set_actor(actor);

  Association gone = merge.absorbed_before();
  *gone.mutable_delete_time() = base::ToTimestamp(transaction.now());
  gone.set_merged_into_association_id(merge.survivor_before().id());
  // First: its numbers must be free for the survivor.
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, gone));
  BB_RETURN_IF_ERROR(CheckIdentifiersFree(transaction, together.association));
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, together.association));
  *merge.mutable_survivor_after() = std::move(together.association);
  BB_RETURN_IF_ERROR(MoveAttached(transaction, merge));
  BB_RETURN_IF_ERROR(StoreMerge(transaction, merge));
  return merge;
}

absl::StatusOr<std::vector<identity::v1::UndoConflict>> UndoJoin(storage::Transaction& transaction,
                                                                 StoredMerge merge) {
  if (merge.record().has_undo_time()) return CannotUndo(merge, "it was taken back already");
  BB_ASSIGN_OR_RETURN(const Association now, SurvivorNow(transaction, merge));
  Apart apart = TakeApart(merge, now);
  if (now.has_delete_time()) *apart.survivor.mutable_delete_time() = now.delete_time();
  // First the survivor, which must let go of the numbers.
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, apart.survivor));
  BB_RETURN_IF_ERROR(CheckIdentifiersFree(transaction, apart.absorbed));
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, apart.absorbed));
  BB_RETURN_IF_ERROR(MoveAttachedBack(transaction, merge));
  *merge.mutable_record()->mutable_undo_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(StoreMerge(transaction, merge));
  return std::move(apart.conflicts);
}

absl::StatusOr<Association> SplitRecord(storage::Transaction& transaction,
                                        const Association& association,
                                        const RecordReference& record) {
  v1::Provenance who;
  who.set_connection_id(record.connection_id());
  who.set_external_id(record.external_id());
  const v1::Provenance* statement =
      record.connection_id().empty() ? nullptr : StatementBy(association, SourceKey(who));
  if (statement == nullptr) {
    return NotARecord("the association " + association.id() + " has no such record");
  }
  if (association.provenance_size() == 1) {
    return NotARecord("it is the association's only record; there is nothing to split");
  }
  Split split = SplitOff(association, *statement);
  split.own.set_id(base::MakeUuid());
  *split.own.mutable_create_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, split.rest));
  BB_RETURN_IF_ERROR(CheckIdentifiersFree(transaction, split.own));
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, split.own));
  BB_RETURN_IF_ERROR(MoveLinkOf(transaction, record, association.id(), split.own.id()));
  return std::move(split.own);
}

absl::StatusOr<std::optional<Association>> FollowMerges(const storage::Snapshot& snapshot,
                                                        const std::string& id) {
  BB_ASSIGN_OR_RETURN(auto association, FindAssociation(snapshot, id));
  for (int steps = 0; association && steps < kLongestChain; ++steps) {
    const std::string next = association->merged_into_association_id();
    if (next.empty()) break;
    BB_ASSIGN_OR_RETURN(association, FindAssociation(snapshot, next));
  }
  return association;
}

absl::StatusOr<Association> GetLive(const storage::Snapshot& snapshot, const std::string& id) {
  BB_ASSIGN_OR_RETURN(auto association, FollowMerges(snapshot, id));
  if (!association) return AssociationNotFound(id);
  if (!association->has_delete_time()) return *std::move(association);
  return base::MakeError(errors::v1::ERROR_REASON_ASSOCIATION_DELETED,
                         "The association " + association->id() + " is deleted; undelete it first.",
                         {{"association_id", association->id()}});
}

}  // namespace brobygger::registry
