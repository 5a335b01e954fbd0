// What belongs to a collaboration: parties, tasks, milestones and outcomes.
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/collab/acting.h"
#include "core/collab/kept.h"
#include "core/collab/moves.h"
#include "core/collab/rules.h"
#include "core/model/rules.h"
#include "core/registry/joining.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::collab {
namespace {

using model::BrokenRule;
using v1::Collaboration;
using v1::CollaborationTask;
using v1::Party;

constexpr int kMostParties = 50;
constexpr int kMostTasks = 200;
constexpr int kMostMilestones = 500;

absl::StatusOr<Collaboration> Stored(storage::Transaction& transaction,
                                     Collaboration collaboration) {
  BB_RETURN_IF_ERROR(StoreCollaboration(transaction, collaboration));
  return Shown(transaction, std::move(collaboration));
}

bool IsSame(const Party& left, const Party& right) {
  return left.side() == right.side() && left.department_id() == right.department_id() &&
         left.association_id() == right.association_id() &&
         (!left.department_id().empty() || !left.association_id().empty() ||
          left.title() == right.title());
}

// The association whose words may be quoted; "" where nobody's may, or the municipality's are.
absl::StatusOr<std::string> WhoAgrees(const Collaboration& collaboration,
                                      const v1::CollaborationOutcome& outcome,
                                      const Actor& actor) {
  const bool theirs = outcome.side() == v1::COLLABORATION_SIDE_ASSOCIATION;
  if (!theirs || !outcome.may_be_quoted()) return std::string();
  if (actor.is_association()) return actor.association_id;
  std::set<std::string> there;
  for (const Party& party : collaboration.parties()) {
    if (!party.association_id().empty()) there.insert(party.association_id());
  }
  if (there.size() == 1) return *there.begin();
  const model::Place outcome_place{nullptr, "outcome"};
  return BrokenRule({&outcome_place, "may_be_quoted"},
                    "must be said by the association itself, since several take part");
}

absl::Status NotTheirTask() {
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         "an association writes down tasks of its own side; ask the department for "
                         "the others");
}

}  // namespace

absl::Status CheckEmployee(const Actor& actor, const std::string& what) {
  if (!actor.is_association()) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         what + " is for the municipality's employees; ask the department");
}

absl::Status CheckSide(const Actor& actor, v1::CollaborationSide side) {
  const bool ours = side == v1::COLLABORATION_SIDE_ASSOCIATION;
  if (!ours && side != v1::COLLABORATION_SIDE_MUNICIPALITY) {
    return BrokenRule({nullptr, "side"}, "must be the municipality's or the association's");
  }
  if (ours || !actor.is_association()) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         "an association speaks for its own side alone");
}

absl::StatusOr<Collaboration> LoadAt(const storage::Snapshot& snapshot,
                                     const std::string& id,
                                     const std::string& etag) {
  BB_ASSIGN_OR_RETURN(Collaboration collaboration, LoadCollaboration(snapshot, id));
  if (etag.empty() || etag == collaboration.etag()) return collaboration;
  return base::MakeError(
      errors::v1::ERROR_REASON_ETAG_MISMATCH,
      "the collaboration was changed since it was read, and is " +
          StateWord(collaboration.state()) + " now; read it again",
      {{"collaboration_id", collaboration.id()}, {"current_etag", collaboration.etag()}});
}

absl::StatusOr<Party> CheckedParty(const storage::Snapshot& snapshot, Party party) {
  BB_RETURN_IF_ERROR(NormalizeAndCheck(party));
  party.clear_left_date();
  if (!party.department_id().empty()) {
    BB_RETURN_IF_ERROR(registry::GetDepartment(snapshot, party.department_id()).status());
  }
  if (!party.association_id().empty()) {
    BB_ASSIGN_OR_RETURN(const auto association,
                        registry::GetLive(snapshot, party.association_id()));
    party.set_association_id(association.id());
  }
  return party;
}

absl::Status PutParty(const Party& party, Collaboration& collaboration) {
  for (Party& each : *collaboration.mutable_parties()) {
    if (!IsSame(each, party)) continue;
    *each.mutable_roles() = party.roles();
    each.clear_left_date();
    return absl::OkStatus();
  }
  if (collaboration.parties_size() == kMostParties) {
    return BrokenRule({nullptr, "parties"}, "are 50 already");
  }
  Party& added = *collaboration.add_parties();
  added = party;
  added.set_id(base::MakeUuid());
  return absl::OkStatus();
}

absl::StatusOr<Collaboration> AddParty(storage::Transaction& transaction,
                                       const v1::AddPartyRequest& wanted,
                                       const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "letting somebody take part"));
  BB_ASSIGN_OR_RETURN(Collaboration collaboration,
                      LoadCollaboration(transaction, wanted.collaboration_id()));
  BB_ASSIGN_OR_RETURN(const Party party, CheckedParty(transaction, wanted.party()));
  BB_RETURN_IF_ERROR(PutParty(party, collaboration));
  return Stored(transaction, std::move(collaboration));
}

absl::StatusOr<Collaboration> RemoveParty(storage::Transaction& transaction,
                                          const v1::RemovePartyRequest& wanted,
                                          const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "letting a party go"));
  BB_ASSIGN_OR_RETURN(Collaboration collaboration,
                      LoadCollaboration(transaction, wanted.collaboration_id()));
  for (Party& party : *collaboration.mutable_parties()) {
    if (party.id() != wanted.party_id()) continue;
    if (party.left_date().empty()) party.set_left_date(base::DanishDayOf(transaction.now()));
    return Stored(transaction, std::move(collaboration));
  }
  return BrokenRule({nullptr, "party_id"}, "is of no party of this collaboration");
}

absl::StatusOr<Collaboration> SetTask(storage::Transaction& transaction,
                                      const v1::SetTaskRequest& wanted,
                                      const Actor& actor) {
  BB_ASSIGN_OR_RETURN(Collaboration collaboration,
                      LoadCollaboration(transaction, wanted.collaboration_id()));
  CollaborationTask task = wanted.task();
  BB_RETURN_IF_ERROR(NormalizeAndCheck(task));
  const auto ours = v1::COLLABORATION_SIDE_ASSOCIATION;
  if (actor.is_association() && task.owner_side() != ours) return NotTheirTask();
  if (task.id().empty()) {
    if (collaboration.tasks_size() == kMostTasks) {
      return BrokenRule({nullptr, "tasks"}, "are 200 already");
    }
    task.set_id(base::MakeUuid());
    *collaboration.add_tasks() = std::move(task);
    return Stored(transaction, std::move(collaboration));
  }
  for (CollaborationTask& each : *collaboration.mutable_tasks()) {
    if (each.id() != task.id()) continue;
    if (actor.is_association() && each.owner_side() != ours) return NotTheirTask();
    each = std::move(task);
    return Stored(transaction, std::move(collaboration));
  }
  return BrokenRule({nullptr, "task.id"}, "is of no task of this collaboration");
}

absl::StatusOr<Collaboration> AddMilestone(storage::Transaction& transaction,
                                           const v1::AddMilestoneRequest& wanted,
                                           const Actor& /*actor*/) {
  BB_ASSIGN_OR_RETURN(Collaboration collaboration,
                      LoadCollaboration(transaction, wanted.collaboration_id()));
  v1::Milestone milestone = wanted.milestone();
  if (milestone.date().empty()) milestone.set_date(base::DanishDayOf(transaction.now()));
  BB_RETURN_IF_ERROR(NormalizeAndCheck(milestone));
  if (collaboration.milestones_size() == kMostMilestones) {
    return BrokenRule({nullptr, "milestones"}, "are 500 already");
  }
  milestone.set_id(base::MakeUuid());
  *collaboration.add_milestones() = std::move(milestone);
  return Stored(transaction, std::move(collaboration));
}

absl::StatusOr<Collaboration> RecordOutcome(storage::Transaction& transaction,
                                            const v1::RecordOutcomeRequest& wanted,
                                            const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckSide(actor, wanted.outcome().side()));
  BB_ASSIGN_OR_RETURN(Collaboration collaboration,
                      LoadCollaboration(transaction, wanted.collaboration_id()));
  const State state = collaboration.state();
  if (state != v1::COLLABORATION_STATE_EVALUATING && state != v1::COLLABORATION_STATE_CLOSED) {
    return base::MakeError(
        errors::v1::ERROR_REASON_COLLABORATION_NOT_READY,
        "what came of it is said while it is evaluated; it is " + StateWord(state) + " now",
        {{"state", StateWord(state)}, {"missing", "evaluating"}});
  }
  v1::CollaborationOutcome outcome = wanted.outcome();
  BB_RETURN_IF_ERROR(NormalizeAndCheck(outcome));
  outcome.set_date(base::DanishDayOf(transaction.now()));
  BB_ASSIGN_OR_RETURN(*outcome.mutable_association_id(), WhoAgrees(collaboration, outcome, actor));
  for (auto& each : *collaboration.mutable_outcomes()) {
    if (each.side() != outcome.side()) continue;
    each = std::move(outcome);
    return Stored(transaction, std::move(collaboration));
  }
  *collaboration.add_outcomes() = std::move(outcome);
  return Stored(transaction, std::move(collaboration));
}

}  // namespace brobygger::collab
