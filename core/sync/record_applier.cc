#include "core/sync/record_applier.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/model/provenance.h"
#include "core/registry/ingest.h"
#include "core/registry/links.h"
#include "core/sync/claims.h"
#include "core/sync/conflicts.h"
#include "core/sync/list_slots.h"
#include "core/sync/rejects.h"
#include "core/sync/standing.h"
#include "core/sync/subject.h"
#include "core/sync/twins.h"

namespace brobygger::sync {
namespace {

using registry::v1::Association;
using registry::v1::Provenance;
using storage::Kind;
using v1::Conflict;
using v1::Link;
using v1::PlannedAction;

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

// Lists of which the source emptied what it has fields for, and the rest is left.
std::vector<std::string> EmptiedInPart(const MergeResult& merge) {
  std::vector<std::string> paths;
  for (const auto& change : merge.changes) {
    const bool told =
        std::count(merge.stands_behind.begin(), merge.stands_behind.end(), change.path()) > 0;
    if (!change.conflict() && !told && !change.new_value().empty()) paths.push_back(change.path());
  }
  return paths;
}

}  // namespace

bool IsAbsent(const PlannedAction& action) {
  return action.link_reason() == "vanished" || action.link_reason() == "out_of_scope";
}

RecordApplier::RecordApplier(const ApplyContext& context, bool any_aside, KnownWrites known)
    : context_(context),
      stream_(context.decisions.stream),
      any_aside_(any_aside),
      known_(std::move(known)),
      outbound_{context.decisions, context.actor, context.run_id, result_.outbound, known_},
      log_(context.run_id) {}

absl::Status RecordApplier::Close(storage::Transaction& transaction) {
  BB_RETURN_IF_ERROR(log_.Store(transaction));
  return CountLive(transaction, stream_, std::exchange(live_change_, 0));
}

std::vector<v1::Operation> RecordApplier::TakeIntents() { return std::exchange(intents_, {}); }

absl::Status RecordApplier::TakeOutcomes(storage::Transaction& transaction,
                                         const std::vector<v1::Operation>& intents,
                                         const std::vector<plugin::v1::OperationResult>& results) {
  for (std::size_t i = 0; i < intents.size(); ++i) {
    BB_RETURN_IF_ERROR(TakeOutcome(transaction, outbound_, intents[i], results[i]));
    log_.Add(intents[i], results[i]);
  }
  const std::int64_t more = std::exchange(result_.outbound.live, 0);
  BB_RETURN_IF_ERROR(CountLive(transaction, stream_, more));
  return log_.Store(transaction);
}

absl::Status RecordApplier::Apply(storage::Transaction& transaction,
                                  const PlannedAction& action,
                                  bool alone) {
  if (IsAbsent(action)) {
    if (!context_.with_deletions) return absl::OkStatus();
    return ApplyAbsent(transaction, action);
  }
  if (action.kind() == PlannedAction::KIND_SOURCE_CREATE) return MakeThere(transaction, action);
  const bool known_new =
      alone && action.kind() == PlannedAction::KIND_CREATE && action.link_reason() == kNew;
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

// The source is to get a record for an association that it does not have.
absl::Status RecordApplier::MakeThere(storage::Transaction& transaction,
                                      const PlannedAction& action) {
  BB_ASSIGN_OR_RETURN(const auto records,
                      LiveRecordsOf(stream_, transaction, action.association_id()));
  BB_ASSIGN_OR_RETURN(const Decision decision,
                      DecideMissing(context_.decisions, transaction, action.association_id()));
  if (!records.empty() || decision.nothing ||
      decision.action.base_revision() != action.base_revision()) {
    ++result_.stale;
    return absl::OkStatus();
  }
  BB_ASSIGN_OR_RETURN(auto intent,
                      PutIntent(transaction, outbound_, decision, *decision.association));
  if (intent) intents_.push_back(*std::move(intent));
  return absl::OkStatus();
}

// Whether the record, or the association, is not what the plan saw. What this
// run itself wrote has not moved.
bool RecordApplier::Moved(const PlannedAction& action, const Decision& decision) const {
  if (action.record_hash() != decision.told_hash) return true;
  if (!decision.association) return action.kind() != PlannedAction::KIND_CREATE;
  const auto mine = written_.find(decision.association->id());
  if (mine != written_.end()) return mine->second != decision.action.base_revision();
  return action.association_id() != decision.association->id() ||
         action.base_revision() != decision.action.base_revision();
}

absl::Status RecordApplier::Store(storage::Transaction& transaction, Decision& decision) {
  const std::string& external_id = decision.action.external_id();
  Association stored;
  if (decision.association) stored = *decision.association;
  if (decision.undelete) {
    BB_ASSIGN_OR_RETURN(stored, registry::IngestDeletion(transaction, stored.id(), false));
  }
  if (!stored.has_delete_time()) {
    BB_RETURN_IF_ERROR(KeepOverruled(transaction, decision));
    BB_ASSIGN_OR_RETURN(stored, StoreAssociation(transaction, decision, stored));
  }
  BB_RETURN_IF_ERROR(StoreConflicts(transaction, decision, stored));
  BB_RETURN_IF_ERROR(StoreStanding(transaction, decision, stored));
  LogDone(transaction, decision, stored);
  BB_RETURN_IF_ERROR(WriteDown(transaction, decision, stored));
  return StoreLink(transaction, external_id, decision, stored);
}

void RecordApplier::LogDone(const storage::Transaction& transaction,
                            const Decision& decision,
                            const Association& stored) {
  PlannedAction done = decision.action;
  if (done.kind() == PlannedAction::KIND_LINK || done.kind() == PlannedAction::KIND_SOURCE_UPDATE) {
    return;
  }
  done.set_association_id(stored.id());
  log_.Add(done, written_.count(stored.id()) > 0 ? transaction.revision() : 0);
}

// What the source is to be told of it.
absl::Status RecordApplier::WriteDown(storage::Transaction& transaction,
                                      Decision& decision,
                                      const Association& stored) {
  if (!context_.decisions.mapping.writes()) return absl::OkStatus();
  if (!decision.association) {
    // Only now it has an id. Of several records of this run one is written to.
    BB_ASSIGN_OR_RETURN(decision.merge, MergeInto(context_.decisions, transaction,
                                                  decision.action.external_id(), stored));
    decision.stands_for = stored.id();
  }
  if (decision.merge.source_changes.empty()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(auto intent, PutIntent(transaction, outbound_, decision, stored));
  if (intent) intents_.push_back(*std::move(intent));
  return absl::OkStatus();
}

absl::StatusOr<Association> RecordApplier::StoreAssociation(storage::Transaction& transaction,
                                                            const Decision& decision,
                                                            const Association& before) {
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
  for (const std::string& path : EmptiedInPart(merge)) StandBehindRest(before, who, path, next);
  BB_ASSIGN_OR_RETURN(Association stored,
                      registry::IngestAssociation(transaction, std::move(next)));
  written_[stored.id()] = transaction.revision();
  if (merge.ChangesRegistry() || decision.undelete) ++result_.updated;
  return stored;
}

absl::StatusOr<Association> RecordApplier::StoreNew(storage::Transaction& transaction,
                                                    const Decision& decision,
                                                    const Provenance& who) {
  BB_ASSIGN_OR_RETURN(Association stored,
                      registry::IngestNewChecked(transaction, NewAssociation(decision, who)));
  written_[stored.id()] = transaction.revision();
  ++result_.created;
  return stored;
}

// What follows from how the record stood to the associations there were.
absl::Status RecordApplier::StoreStanding(storage::Transaction& transaction,
                                          const Decision& decision,
                                          const Association& stored) {
  if (decision.action.link_reason() == kByMatch) ++result_.matched;
  BB_ASSIGN_OR_RETURN(const int asked,
                      KeepStanding(transaction, context_.decisions, decision, stored));
  result_.questions += static_cast<std::uint64_t>(asked);
  return absl::OkStatus();
}

absl::Status RecordApplier::StoreConflicts(storage::Transaction& transaction,
                                           const Decision& decision,
                                           const Association& association) {
  Conflict about =
      NewConflict(transaction, stream_, decision.action.external_id(), association.id());
  BB_ASSIGN_OR_RETURN(const int opened,
                      OpenFieldConflicts(transaction, stream_, about, decision.merge.changes));
  result_.conflicts += static_cast<std::uint64_t>(opened);
  BB_ASSIGN_OR_RETURN(const int twins,
                      AskAboutTwins(transaction, stream_, association.id(), decision.twins));
  result_.conflicts += static_cast<std::uint64_t>(twins);
  const bool told_of_deleted =
      association.has_delete_time() && decision.action.kind() == PlannedAction::KIND_CONFLICT;
  if (!told_of_deleted) return absl::OkStatus();
  about.set_registry_value("deleted");
  return StoreDeleteConflict(transaction, std::move(about));
}

absl::Status RecordApplier::StoreDeleteConflict(storage::Transaction& transaction,
                                                Conflict conflict) {
  conflict.set_kind(Conflict::KIND_DELETE_VS_EDIT);
  BB_ASSIGN_OR_RETURN(const bool is_new, OpenConflict(transaction, stream_, std::move(conflict)));
  result_.conflicts += is_new ? 1 : 0;
  return absl::OkStatus();
}

// Values of the registry that give way to the source's.
absl::Status RecordApplier::KeepOverruled(storage::Transaction& transaction,
                                          const Decision& decision) {
  for (const auto& change : decision.merge.changes) {
    if (!change.overrules()) continue;
    v1::OverruledValue value;
    value.set_connection_id(stream_.connection_id);
    value.set_external_id(decision.action.external_id());
    value.set_association_id(decision.association->id());
    value.set_path(change.path());
    value.set_value(change.old_value());
    value.set_replaced_by(change.new_value());
    value.set_run_id(context_.run_id);
    BB_RETURN_IF_ERROR(LogOverruled(transaction, std::move(value), result_.overruled++));
  }
  return absl::OkStatus();
}

absl::Status RecordApplier::StoreLink(storage::Transaction& transaction,
                                      const std::string& external_id,
                                      const Decision& decision,
                                      const Association& association) {
  const bool was_live = decision.link && decision.link->state() == Link::STATE_LIVE;
  const bool deleted = association.has_delete_time();
  if (decision.association && !was_live && !deleted) {
    // The record is there after all: what came of its absence is over.
    BB_RETURN_IF_ERROR(transaction.Remove(Kind::kConflict, stream_.For(external_id) + "/"));
    BB_RETURN_IF_ERROR(transaction.Remove(Kind::kDeadLetter, stream_.For(association.id())));
  }
  if (!was_live) ++live_change_;
  if (decision.written_later) BB_RETURN_IF_ERROR(MarkDirty(transaction, stream_, association.id()));
  Link link;
  link.set_passed_over(decision.passed_over);
  if (deleted || (decision.association && decision.written_later)) {
    // Whatever changed on either side counts as soon as somebody undeletes it, and not
    // before: so what was agreed on stays what it was, and one that was passed over is one until it
    // is asked about. The same goes for a record of which it is not known yet whether it is written
    // to.
    if (decision.link) link = *decision.link;
    if (link.agreed_hash() != decision.told_hash) link.clear_agreed_hash();
  } else {
    for (const auto& base : decision.merge.source_bases) *link.add_bases() = base;
    link.set_agreed_hash(decision.told_hash);
    link.set_agreed_revision(registry::RevisionOfEtag(association.etag()));
  }
  link.set_association_id(association.id());
  link.set_state(Link::STATE_LIVE);
  *link.mutable_since_time() = base::ToTimestamp(transaction.now());
  return registry::PutLink(transaction, stream_.For(external_id), link);
}

absl::Status RecordApplier::ApplyAbsent(storage::Transaction& transaction,
                                        const PlannedAction& action) {
  const bool hidden = action.link_reason() == "out_of_scope";
  BB_ASSIGN_OR_RETURN(Decision decision,
                      DecideAbsent(context_.decisions, transaction, action.external_id(), hidden));
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
    log_.Add(decision.action, transaction.revision());
  } else if (kind == PlannedAction::KIND_CONFLICT) {
    BB_RETURN_IF_ERROR(StoreDeleteConflict(
        transaction,
        NewConflict(transaction, stream_, action.external_id(), action.association_id())));
  } else {
    ++result_.unlinked;
    log_.Add(decision.action, 0);
  }
  return Unlink(transaction, action.external_id(), *std::move(decision.link), hidden);
}

absl::Status RecordApplier::Unlink(storage::Transaction& transaction,
                                   const std::string& external_id,
                                   Link link,
                                   bool hidden) {
  --live_change_;
  link.set_state(hidden ? Link::STATE_OUT_OF_SCOPE : Link::STATE_TOMBSTONE);
  *link.mutable_since_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(registry::PutLink(transaction, stream_.For(external_id), link));
  // Another of its records may be the association's now.
  if (context_.decisions.mapping.writes()) {
    BB_RETURN_IF_ERROR(MarkDirty(transaction, stream_, link.association_id()));
  }
  return Settle(transaction, external_id);
}

absl::Status RecordApplier::Settle(storage::Transaction& transaction,
                                   const std::string& external_id) {
  return transaction.Remove(Kind::kPending, stream_.For(external_id));
}

// A record that breaks a rule is kept aside; any other trouble stops the run.
absl::Status RecordApplier::Reject(storage::Transaction& transaction,
                                   const std::string& external_id,
                                   const absl::Status& why) {
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

Provenance RecordApplier::Who(const storage::Transaction& transaction,
                              const std::string& external_id) const {
  Provenance who;
  who.set_connection_id(stream_.connection_id);
  who.set_external_id(external_id);
  who.set_actor(context_.actor);
  who.set_run_id(context_.run_id);
  *who.mutable_registered_time() = base::ToTimestamp(transaction.now());
  return who;
}

}  // namespace brobygger::sync
