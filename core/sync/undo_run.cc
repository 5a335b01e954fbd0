#include "core/sync/undo_run.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/model/provenance.h"
#include "core/registry/edit.h"
#include "core/registry/ingest.h"
#include "core/sync/claims.h"
#include "core/sync/keys.h"
#include "core/sync/mapping.h"
#include "core/sync/outbound.h"
#include "core/sync/runs.h"

namespace brobygger::sync {
namespace {

using plugin::v1::OperationResult;
using registry::v1::Association;
using storage::Kind;
using v1::PlannedAction;
using v1::RunAction;
using v1::UndoRunResponse;
using Changes = google::protobuf::RepeatedPtrField<v1::FieldChange>;

constexpr std::uint64_t kMostKept = 500;

absl::Status NotUndoable(const v1::Run& run, const std::string& state, const std::string& why) {
  return base::MakeError(errors::v1::ERROR_REASON_RUN_NOT_UNDOABLE, "the run " + why,
                         {{"run_id", run.id()}, {"state", state}});
}

absl::Status MayBeUndone(const v1::Run& run) {
  if (run.has_undo_time()) return NotUndoable(run, "undone", "was undone already");
  if (run.state() == v1::Run::STATE_RUNNING) {
    return NotUndoable(run, "running", "is under way; wait for its end");
  }
  return absl::OkStatus();
}

// Fields of associations: their ids and paths.
using Fields = std::set<std::pair<std::string, std::string>>;

// What is undone and by whom, and what that has come to so far.
struct Undoing {
  const v1::Run& run;
  const std::string& actor;
  const Fields changed_here;                          // by the run
  std::map<std::string, storage::Revision> own = {};  // what it has written, by association
  UndoRunResponse response = {};
};

// Undoes the actions of one stored part within one write.
class PartUndoer {
 public:
  PartUndoer(storage::Transaction& transaction, Undoing& undoing)
      : transaction_(transaction), undoing_(undoing) {}

  absl::Status Undo(const RunAction& done) {
    const PlannedAction& action = done.action();
    BB_ASSIGN_OR_RETURN(auto association,
                        registry::FindAssociation(transaction_, action.association_id()));
    if (!association) return absl::OkStatus();
    switch (action.kind()) {
      case PlannedAction::KIND_CREATE:
        return UndoCreate(done, *association);
      case PlannedAction::KIND_DELETE:
        return UndoDelete(*association);
      case PlannedAction::KIND_SOURCE_CREATE:
        if (Done(done))
          Keep(*association, "", "the record at the source stays: nothing is deleted there");
        return absl::OkStatus();
      case PlannedAction::KIND_SOURCE_UPDATE:
        if (!Done(done)) return absl::OkStatus();
        return PutBack(*association, action.external_id(), OfSourceAlone(action));
      default:
        return PutBack(*association, action.external_id(), action.changes());
    }
  }

 private:
  static bool Done(const RunAction& done) {
    return done.outcome() == OperationResult::OUTCOME_APPLIED ||
           done.outcome() == OperationResult::OUTCOME_NO_CHANGE;
  }

  // Without what the run brought from one record and wrote to another: what is to be again is what
  // the registry held before, and not what the other record did.
  Changes OfSourceAlone(const PlannedAction& action) const {
    Changes changes;
    for (const v1::FieldChange& change : action.source_changes()) {
      const bool here = undoing_.changed_here.contains({action.association_id(), change.path()});
      if (!here) *changes.Add() = change;
    }
    return changes;
  }

  void Keep(const Association& association, const std::string& path, const std::string& reason) {
    undoing_.response.set_kept_count(undoing_.response.kept_count() + 1);
    if (undoing_.response.kept_count() > kMostKept) return;
    v1::KeptAction& kept = *undoing_.response.add_kept();
    kept.set_association_id(association.id());
    kept.set_official_name(association.official_name());
    kept.set_path(path);
    kept.set_reason(reason);
  }

  // Whether nobody but the run and this undoing has changed it.
  bool Untouched(const Association& association, storage::Revision by_run) const {
    const auto own = undoing_.own.find(association.id());
    const storage::Revision known = own == undoing_.own.end() ? by_run : own->second;
    if (registry::RevisionOfEtag(association.etag()) <= known) return true;
    // Another record of the run's may have joined it in a later write.
    const auto& statements = association.provenance();
    return std::all_of(statements.begin(), statements.end(), [&](const auto& statement) {
      return statement.run_id() == undoing_.run.id();
    });
  }

  absl::Status UndoCreate(const RunAction& done, const Association& association) {
    if (association.has_delete_time()) return absl::OkStatus();
    if (!Untouched(association, done.revision())) {
      Keep(association, "", "somebody has changed it since");
      return absl::OkStatus();
    }
    BB_ASSIGN_OR_RETURN(
        const Association deleted,
        registry::DeleteAssociation(transaction_, association.id(), "", undoing_.actor));
    return Remember(deleted);
  }

  absl::Status UndoDelete(const Association& association) {
    if (!association.has_delete_time()) return absl::OkStatus();
    const auto back =
        registry::UndeleteAssociation(transaction_, association.id(), "", undoing_.actor);
    if (!back.ok()) return KeepIfRefused(association, "", back.status());
    return Remember(*back);
  }

  // A rule that what was is against by now, as where its number has gone to another, holds up
  // nothing else of the run.
  absl::Status KeepIfRefused(const Association& association,
                             const std::string& path,
                             const absl::Status& why) {
    const bool by_a_rule = absl::IsAlreadyExists(why) || absl::IsFailedPrecondition(why) ||
                           absl::IsInvalidArgument(why);
    if (by_a_rule) Keep(association, path, std::string(why.message()));
    return by_a_rule ? absl::OkStatus() : why;
  }

  absl::Status Remember(const Association& stored) {
    undoing_.own[stored.id()] = registry::RevisionOfEtag(stored.etag());
    undoing_.response.set_restored_count(undoing_.response.restored_count() + 1);
    return absl::OkStatus();
  }

  absl::Status PutBack(const Association& association,
                       const std::string& external_id,
                       const Changes& changes) {
    if (association.has_delete_time()) return absl::OkStatus();
    Association next = association;
    std::vector<std::string> paths;
    std::vector<std::pair<const v1::FieldChange*, std::string>> taken_back;  // and what was held
    for (const v1::FieldChange& change : changes) {
      if (change.conflict() || IsHubPath(change.path())) continue;
      BB_ASSIGN_OR_RETURN(const std::string held, model::FieldText(association, change.path()));
      if (model::SameValue(change.path(), held, change.old_value())) continue;
      if (!model::SameValue(change.path(), held, change.new_value())) {
        Keep(association, change.path(), "somebody has changed it since");
        continue;
      }
      BB_RETURN_IF_ERROR(model::SetFieldText(next, change.path(), change.old_value()));
      taken_back.push_back({&change, held});
      paths.push_back(change.path());
    }
    if (paths.empty()) return absl::OkStatus();
    registry::v1::Provenance who;
    who.set_actor(undoing_.actor);
    *who.mutable_registered_time() = base::ToTimestamp(transaction_.now());
    model::SettleStatements(association, next);
    model::RecordStatement(next, who, paths);
    const auto stored = registry::IngestAssociation(transaction_, std::move(next));
    if (!stored.ok()) {
      absl::Status kept;
      for (const std::string& path : paths) {
        kept = KeepIfRefused(association, path, stored.status());
      }
      return kept;
    }
    for (const auto& [change, held] : taken_back) {
      BB_RETURN_IF_ERROR(KeepTakenBack(association.id(), external_id, *change, held));
    }
    undoing_.response.set_field_count(undoing_.response.field_count() + paths.size());
    return Remember(*stored);
  }

  // What the run brought over was somebody's word, and whoever undoes the run need not have
  // seen it.
  absl::Status KeepTakenBack(const std::string& association_id,
                             const std::string& external_id,
                             const v1::FieldChange& change,
                             const std::string& held) {
    if (held.empty()) return absl::OkStatus();
    v1::OverruledValue value;
    value.set_connection_id(undoing_.run.connection_id());
    value.set_external_id(external_id);
    value.set_association_id(association_id);
    value.set_path(change.path());
    value.set_value(held);
    value.set_replaced_by(change.old_value());
    value.set_run_id(undoing_.run.id());
    return LogOverruled(transaction_, std::move(value), logged_++);
  }

  storage::Transaction& transaction_;
  Undoing& undoing_;
  std::uint64_t logged_ = 0;
};

absl::StatusOr<std::vector<v1::RunPart>> PartsOf(const storage::Snapshot& snapshot,
                                                 const std::string& run_id) {
  std::vector<v1::RunPart> parts;
  BB_RETURN_IF_ERROR(ForEach(snapshot, Kind::kRunPart, run_id + "/",
                             [&](const std::string& /*key*/, const std::string& bytes) {
                               parts.emplace_back().ParseFromString(bytes);
                               return absl::OkStatus();
                             }));
  return parts;
}

Fields ChangedHere(const std::vector<v1::RunPart>& parts) {
  Fields fields;
  for (const v1::RunPart& part : parts) {
    for (const RunAction& done : part.actions()) {
      for (const v1::FieldChange& change : done.action().changes()) {
        if (!change.conflict()) fields.emplace(done.action().association_id(), change.path());
      }
    }
  }
  return fields;
}

// A try leaves nothing behind.
absl::Status Undo(storage::Store& store, const v1::RunPart& part, bool dry_run, Undoing& undoing) {
  const auto body = [&](storage::Transaction& transaction) -> absl::Status {
    PartUndoer undoer(transaction, undoing);
    for (auto done = part.actions().rbegin(); done != part.actions().rend(); ++done) {
      BB_RETURN_IF_ERROR(undoer.Undo(*done));
    }
    return dry_run ? absl::CancelledError("only a try") : absl::OkStatus();
  };
  const auto written = store.Write(undoing.actor, body);
  return dry_run && absl::IsCancelled(written.status()) ? absl::OkStatus() : written.status();
}

}  // namespace

absl::StatusOr<UndoRunResponse> UndoRun(storage::Store& store,
                                        const v1::UndoRunRequest& request,
                                        const std::string& actor) {
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  BB_ASSIGN_OR_RETURN(v1::Run run, FindRun(*latest, request.run_id()));
  BB_RETURN_IF_ERROR(MayBeUndone(run));
  BB_ASSIGN_OR_RETURN(const auto parts, PartsOf(*latest, run.id()));
  Undoing undoing{.run = run, .actor = actor, .changed_here = ChangedHere(parts)};
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    BB_RETURN_IF_ERROR(Undo(store, *part, request.dry_run(), undoing));
  }
  if (request.dry_run()) return std::move(undoing.response);
  const auto noted = store.Write("sync", [&](storage::Transaction& transaction) {
    *run.mutable_undo_time() = base::ToTimestamp(transaction.now());
    return StoreRun(transaction, run);
  });
  BB_RETURN_IF_ERROR(noted.status());
  return std::move(undoing.response);
}

}  // namespace brobygger::sync
