#include "core/sync/apply.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <absl/synchronization/mutex.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/model/provenance.h"
#include "core/registry/ingest.h"
#include "core/sync/claims.h"
#include "core/sync/plan.h"
#include "core/sync/rejects.h"
#include "core/sync/standing.h"
#include "core/sync/write_window.h"

namespace brobygger::sync {
namespace {

using registry::v1::Association;
using registry::v1::Provenance;
using storage::Kind;
using v1::Conflict;
using v1::Link;
using v1::PlannedAction;

constexpr int kPartsUnderWay = 2;

// Everything but who said what and when.
bool SaysTheSame(const Provenance* before, const MergeResult& merge) {
  if (before == nullptr) return false;
  const std::vector<std::string> paths(before->paths().begin(), before->paths().end());
  const std::map<std::string, std::string> others(before->other_values().begin(),
                                                  before->other_values().end());
  std::vector<std::string> sorted = paths;
  std::sort(sorted.begin(), sorted.end());
  return sorted == merge.stands_behind && others == merge.other_values;
}

bool IsAbsent(const PlannedAction& action) {
  return action.link_reason() == "vanished" || action.link_reason() == "out_of_scope";
}

class Applier {
 public:
  explicit Applier(const ApplyContext& context)
      : context_(context),
        stream_(context.decisions.stream),
        window_(context.store, context.actor, kPartsUnderWay) {}

  absl::StatusOr<ApplyResult> Run(const v1::Plan& plan,
                                  const ProgressSink& progress,
                                  const supervisor::CancelToken& cancel) {
    BB_ASSIGN_OR_RETURN(const auto snapshot, context_.store.Latest());
    BB_ASSIGN_OR_RETURN(any_aside_, AnyAside(*snapshot, stream_));
    BB_RETURN_IF_ERROR(SeeWhetherAlone(plan));
    const std::uint64_t total =
        plan.create_count() + plan.update_count() + plan.delete_count() + plan.link_count();
    std::uint64_t done = 0;
    const auto apply = [&](v1::PlanPart part) -> absl::Status {
      if (cancel.cancelled()) return absl::CancelledError("cancelled by the caller");
      done += part.actions_size();
      if (progress) Report(progress, done, std::max(done, total));
      // Told here while the store's thread applies the part before.
      const auto told = std::make_shared<ToldClaims>(
          TellClaims(*snapshot, context_.decisions.mapping, KeysOf(part)));
      return window_.Submit(
          [this, told, part = std::move(part)](storage::Transaction& transaction) {
            context_.decisions.ahead->Use(std::move(*told));
            return ApplyPart(transaction, part);
          });
    };
    BB_RETURN_IF_ERROR(ForEachPart(*snapshot, plan, apply));
    BB_RETURN_IF_ERROR(window_.Drain());
    absl::MutexLock lock(&mutex_);
    return result_;
  }

 private:
  // Of the claims that the part is about.
  std::vector<std::string> KeysOf(const v1::PlanPart& part) const {
    std::vector<std::string> keys;
    for (const PlannedAction& action : part.actions()) {
      if (!IsAbsent(action)) keys.push_back(stream_.For(action.external_id()));
    }
    return keys;
  }

  // Runs on the store's thread.
  absl::Status ApplyPart(storage::Transaction& transaction, const v1::PlanPart& part) {
    absl::MutexLock lock(&mutex_);
    live_change_ = 0;
    if (transaction.revision() != next_revision_) next_revision_ = 0;
    for (const PlannedAction& action : part.actions()) {
      BB_RETURN_IF_ERROR(ApplyOne(transaction, action));
    }
    if (next_revision_ != 0) ++next_revision_;
    return CountLive(transaction);
  }

  // Nothing in the registry has changed since the plan: then what the plan found to
  // be new is new, as long as nobody else writes between this run's parts.
  absl::Status SeeWhetherAlone(const v1::Plan& plan) {
    BB_ASSIGN_OR_RETURN(const auto changes, context_.store.ChangesAfter(plan.made_revision(), 1));
    BB_ASSIGN_OR_RETURN(const auto latest, context_.store.Latest());
    absl::MutexLock lock(&mutex_);
    next_revision_ = changes.empty() ? latest->revision() + 1 : 0;
    return absl::OkStatus();
  }

  absl::Status ApplyOne(storage::Transaction& transaction, const PlannedAction& action)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (IsAbsent(action)) {
      if (!context_.with_deletions) return absl::OkStatus();
      return ApplyAbsent(transaction, action);
    }
    const bool known_new = next_revision_ != 0 && action.kind() == PlannedAction::KIND_CREATE &&
                           action.link_reason() == kNew;
    auto decision = DecideTold(context_.decisions, transaction, action.external_id(), known_new);
    if (!decision.ok()) return Reject(transaction, action.external_id(), decision.status());
    KeepPlannedDoubt(action, *decision);
    if (decision->nothing || Moved(action, *decision)) {
      ++result_.stale;
      return absl::OkStatus();
    }
    const absl::Status stored = Store(transaction, *decision);
    if (stored.ok()) {
      if (any_aside_) BB_RETURN_IF_ERROR(NoLongerAside(transaction, stream_, action.external_id()));
      return Settle(transaction, action.external_id());
    }
    return Reject(transaction, action.external_id(), stored);
  }

  // Whether the record, or the association, is not what the plan saw. What this
  // run itself wrote has not moved.
  bool Moved(const PlannedAction& action, const Decision& decision) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (action.record_hash() != decision.told_hash) return true;
    if (!decision.association) return action.kind() != PlannedAction::KIND_CREATE;
    const auto mine = written_.find(decision.association->id());
    if (mine != written_.end()) return mine->second != decision.action.base_revision();
    return action.association_id() != decision.association->id() ||
           action.base_revision() != decision.action.base_revision();
  }

  absl::Status Store(storage::Transaction& transaction, const Decision& decision)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const std::string& external_id = decision.action.external_id();
    Association stored;
    if (decision.association) stored = *decision.association;
    if (decision.undelete) {
      BB_ASSIGN_OR_RETURN(stored, registry::IngestDeletion(transaction, stored.id(), false));
    }
    const bool person_deleted = stored.has_delete_time();
    if (!person_deleted) {
      BB_ASSIGN_OR_RETURN(stored, StoreAssociation(transaction, decision, stored));
    }
    BB_RETURN_IF_ERROR(StoreConflicts(transaction, decision, stored, person_deleted));
    BB_RETURN_IF_ERROR(StoreStanding(transaction, decision, stored));
    return StoreLink(transaction, external_id, decision, stored);
  }

  absl::StatusOr<Association> StoreAssociation(storage::Transaction& transaction,
                                               const Decision& decision,
                                               const Association& before)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const Provenance who = Who(transaction, decision.action.external_id());
    if (!decision.association) return StoreNew(transaction, decision, who);
    const MergeResult& merge = decision.merge;
    const bool same =
        !merge.ChangesRegistry() && SaysTheSame(model::FindStatement(before, who), merge);
    if (same) return before;

    Association next = before;
    for (const auto& change : merge.changes) {
      if (change.conflict()) continue;
      BB_RETURN_IF_ERROR(model::SetFieldText(next, change.path(), change.new_value()));
    }
    model::SettleStatements(before, next);
    model::RecordStatement(next, who, merge.stands_behind);
    for (const auto& [path, text] : merge.other_values) {
      model::RecordOtherValue(next, who, path, text);
    }
    BB_ASSIGN_OR_RETURN(Association stored,
                        registry::IngestAssociation(transaction, std::move(next)));
    written_[stored.id()] = transaction.revision();
    if (merge.ChangesRegistry() || decision.undelete) ++result_.updated;
    return stored;
  }

  absl::StatusOr<Association> StoreNew(storage::Transaction& transaction,
                                       const Decision& decision,
                                       const Provenance& who)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    BB_ASSIGN_OR_RETURN(Association stored,
                        registry::IngestNewChecked(transaction, NewAssociation(decision, who)));
    written_[stored.id()] = transaction.revision();
    ++result_.created;
    return stored;
  }

  // What follows from how the record stood to the associations there were.
  absl::Status StoreStanding(storage::Transaction& transaction,
                             const Decision& decision,
                             const Association& stored) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (decision.action.link_reason() == kByMatch) ++result_.matched;
    BB_ASSIGN_OR_RETURN(const int asked,
                        KeepStanding(transaction, context_.decisions, decision, stored));
    result_.questions += static_cast<std::uint64_t>(asked);
    return absl::OkStatus();
  }

  absl::Status StoreConflicts(storage::Transaction& transaction,
                              const Decision& decision,
                              const Association& association,
                              bool person_deleted) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const std::string key = stream_.For(decision.action.external_id());
    for (const auto& change : decision.merge.changes) {
      if (!change.conflict()) continue;
      Conflict conflict = NewConflict(transaction, decision.action.external_id(), association.id());
      conflict.set_kind(Conflict::KIND_BOTH_CHANGED);
      conflict.set_path(change.path());
      conflict.set_registry_value(change.old_value());
      conflict.set_source_value(change.new_value());
      BB_RETURN_IF_ERROR(PutConflict(transaction, key + "/" + change.path(), std::move(conflict)));
    }
    if (!person_deleted) return absl::OkStatus();
    Conflict conflict = NewConflict(transaction, decision.action.external_id(), association.id());
    conflict.set_kind(Conflict::KIND_DELETE_VS_EDIT);
    conflict.set_registry_value("deleted");
    return PutConflict(transaction, key + "/", std::move(conflict));
  }

  // One that is open stays the same one; only the source's value may be newer.
  absl::Status PutConflict(storage::Transaction& transaction,
                           const std::string& key,
                           Conflict conflict) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    BB_ASSIGN_OR_RETURN(auto open, Load<Conflict>(transaction, Kind::kConflict, key));
    if (open) {
      open->set_source_value(conflict.source_value());
      conflict = *std::move(open);
    } else {
      ++result_.conflicts;
    }
    return transaction.Put(Kind::kConflict, key, conflict.SerializeAsString());
  }

  Conflict NewConflict(const storage::Transaction& transaction,
                       const std::string& external_id,
                       const std::string& association_id) const {
    Conflict conflict;
    conflict.set_connection_id(stream_.connection_id);
    conflict.set_external_id(external_id);
    conflict.set_association_id(association_id);
    *conflict.mutable_open_time() = base::ToTimestamp(transaction.now());
    return conflict;
  }

  absl::Status StoreLink(storage::Transaction& transaction,
                         const std::string& external_id,
                         const Decision& decision,
                         const Association& association) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!decision.link || decision.link->state() != Link::STATE_LIVE) ++live_change_;
    Link link;
    link.set_association_id(association.id());
    link.set_state(Link::STATE_LIVE);
    link.set_agreed_hash(decision.told_hash);
    link.set_agreed_revision(registry::RevisionOfEtag(association.etag()));
    *link.mutable_since_time() = base::ToTimestamp(transaction.now());
    return transaction.Put(Kind::kLink, stream_.For(external_id), link.SerializeAsString(),
                           {{storage::Index::kLinkByAssociation, association.id()}});
  }

  absl::Status ApplyAbsent(storage::Transaction& transaction, const PlannedAction& action)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const bool hidden = action.link_reason() == "out_of_scope";
    BB_ASSIGN_OR_RETURN(Decision decision, DecideAbsent(context_.decisions, transaction,
                                                        action.external_id(), hidden));
    if (decision.nothing) return Settle(transaction, action.external_id());
    // An association that another of this run's records kept alive, or that
    // somebody changed since, is not deleted on an old plan's word.
    const PlannedAction::Kind kind = decision.action.kind();
    if (kind != action.kind() && kind == PlannedAction::KIND_DELETE) {
      ++result_.stale;
      return absl::OkStatus();
    }
    if (kind == PlannedAction::KIND_DELETE) {
      BB_ASSIGN_OR_RETURN(const Association gone,
                          registry::IngestDeletion(transaction, action.association_id(), true));
      written_[gone.id()] = transaction.revision();
      ++result_.deleted;
    } else if (kind == PlannedAction::KIND_CONFLICT) {
      Conflict conflict = NewConflict(transaction, action.external_id(), action.association_id());
      conflict.set_kind(Conflict::KIND_DELETE_VS_EDIT);
      BB_RETURN_IF_ERROR(
          PutConflict(transaction, stream_.For(action.external_id()) + "/", std::move(conflict)));
    } else {
      ++result_.unlinked;
    }
    return Unlink(transaction, action.external_id(), *std::move(decision.link), hidden);
  }

  absl::Status Unlink(storage::Transaction& transaction,
                      const std::string& external_id,
                      Link link,
                      bool hidden) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    --live_change_;
    link.set_state(hidden ? Link::STATE_OUT_OF_SCOPE : Link::STATE_TOMBSTONE);
    *link.mutable_since_time() = base::ToTimestamp(transaction.now());
    BB_RETURN_IF_ERROR(
        transaction.Put(Kind::kLink, stream_.For(external_id), link.SerializeAsString()));
    return Settle(transaction, external_id);
  }

  absl::Status Settle(storage::Transaction& transaction, const std::string& external_id) {
    return transaction.Remove(Kind::kPending, stream_.For(external_id));
  }

  // A record that breaks a rule is kept aside; any other trouble stops the run.
  absl::Status Reject(storage::Transaction& transaction,
                      const std::string& external_id,
                      const absl::Status& why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto reason = base::ReasonOf(why);
    const bool rule = base::CodeOf(reason) == absl::StatusCode::kInvalidArgument ||
                      reason == errors::v1::ERROR_REASON_IDENTIFIER_TAKEN;
    if (!rule) return why;
    ++result_.rejected;
    BB_ASSIGN_OR_RETURN(const std::string place, PlaceOf(transaction, stream_.For(external_id)));
    BB_RETURN_IF_ERROR(KeepAside(transaction, stream_, context_.run_id,
                                 RejectedByHub(external_id, place, why), false));
    return Settle(transaction, external_id);
  }

  absl::Status CountLive(storage::Transaction& transaction) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (live_change_ == 0) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(auto state,
                        Load<v1::StreamState>(transaction, Kind::kStreamState, stream_.prefix()));
    v1::StreamState next = state ? *std::move(state) : v1::StreamState();
    next.set_live_records(next.live_records() + static_cast<std::uint64_t>(live_change_));
    return transaction.Put(Kind::kStreamState, stream_.prefix(), next.SerializeAsString());
  }

  Provenance Who(const storage::Transaction& transaction, const std::string& external_id) const {
    Provenance who;
    who.set_connection_id(stream_.connection_id);
    who.set_external_id(external_id);
    who.set_actor(context_.actor);
    who.set_run_id(context_.run_id);
    *who.mutable_registered_time() = base::ToTimestamp(transaction.now());
    return who;
  }

  static void Report(const ProgressSink& progress, std::uint64_t done, std::uint64_t total) {
    v1::Progress now;
    now.set_phase(v1::Progress::PHASE_APPLYING);
    now.set_done(done);
    now.set_total(total);
    progress(now);
  }

  const ApplyContext& context_;
  const StreamKey& stream_;
  bool any_aside_ = false;
  absl::Mutex mutex_;
  ApplyResult result_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, storage::Revision> written_ ABSL_GUARDED_BY(mutex_);
  std::int64_t live_change_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of this run's next part, while nobody else has written; else 0.
  storage::Revision next_revision_ ABSL_GUARDED_BY(mutex_) = 0;
  WriteWindow window_;  // last: it waits for bodies that use all of the above
};

}  // namespace

absl::StatusOr<ApplyResult> ApplyParts(const ApplyContext& context,
                                       const v1::Plan& plan,
                                       const ProgressSink& progress,
                                       const supervisor::CancelToken& cancel) {
  return Applier(context).Run(plan, progress, cancel);
}

}  // namespace brobygger::sync
