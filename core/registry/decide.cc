#include "core/registry/decide.h"

#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/registry/decision_log.h"
#include "core/registry/decision_rules.h"
#include "core/registry/edit.h"
#include "core/registry/index_scan.h"
#include "core/registry/joining.h"
#include "core/registry/questions.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using identity::v1::DecideRequest;
using identity::v1::DecideResponse;
using identity::v1::Decision;
using identity::v1::MatchQuestion;
using identity::v1::StoredMerge;

absl::Status Refused(const std::string& field, const std::string& what) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID, field + ": " + what + ".",
                         {{"field", field}});
}

absl::Status Closed(const MatchQuestion& question) {
  const bool answered = question.state() == MatchQuestion::STATE_ANSWERED;
  return base::MakeError(
      errors::v1::ERROR_REASON_QUESTION_CLOSED,
      answered ? "Somebody has answered this match question meanwhile; read it again."
               : "This match question no longer needs an answer; it has been settled.",
      {{"question_id", question.id()}, {"state", answered ? "answered" : "settled"}});
}

class Deciding {
 public:
  Deciding(storage::Transaction& transaction,
           const Identity& identity,
           const DecideRequest& request,
           const std::string& actor)
      : transaction_(transaction), identity_(identity), request_(request), actor_(actor) {}

  absl::StatusOr<DecideResponse> Run() {
    BB_RETURN_IF_ERROR(CheckKind(request_));
    BB_RETURN_IF_ERROR(FindThem());
    BB_ASSIGN_OR_RETURN(const std::string note, NormalNote(request_.note()));
    decision_ = PersonsDecision(identity_, request_.kind(), actor_, note);
    decision_.set_from_association_id(from_id_);
    decision_.set_to_association_id(to_id_);
    BB_ASSIGN_OR_RETURN(from_, GetLive(transaction_, from_id_));
    if (request_.has_record()) return SplitOffRecord();
    BB_ASSIGN_OR_RETURN(to_, GetLive(transaction_, to_id_));
    if (from_.id() == to_.id()) return DecideWithinOne();
    return DecideBetweenTwo();
  }

 private:
  // The two ids that are meant, as they were given.
  absl::Status FindThem() {
    from_id_ = request_.from_association_id();
    to_id_ = request_.to_association_id();
    const std::string& question_id = request_.question_id();
    if (question_id.empty()) {
      if (from_id_.empty()) return Refused("from_association_id", "is required");
      if (!to_id_.empty() == request_.has_record()) {
        return Refused("to_association_id", "give either this or a record");
      }
      return absl::OkStatus();
    }
    BB_ASSIGN_OR_RETURN(const auto question, FindQuestion(transaction_, question_id));
    if (!question) {
      return base::MakeError(
          errors::v1::ERROR_REASON_QUESTION_NOT_FOUND,
          "There is no match question with the id \"" + Shown(question_id) + "\".",
          {{"question_id", Shown(question_id)}});
    }
    // Whoever answers has seen it open; with `override_earlier` they know of the other answer.
    if (question->state() != MatchQuestion::STATE_OPEN && !request_.override_earlier()) {
      return Closed(*question);
    }
    from_id_ = question->left_association_id();
    to_id_ = question->right_association_id();
    if (request_.reverse()) std::swap(from_id_, to_id_);
    return absl::OkStatus();
  }

  absl::StatusOr<DecideResponse> SplitOffRecord() {
    *decision_.mutable_record() = request_.record();
    BB_ASSIGN_OR_RETURN(const Association own, SplitRecord(transaction_, from_, request_.record()));
    decision_.set_to_association_id(own.id());
    response_.set_new_association_id(own.id());
    BB_RETURN_IF_ERROR(MarkJoinUndone());
    return Write();
  }

  // The decision by which the record joined no longer holds.
  absl::Status MarkJoinUndone() {
    BB_ASSIGN_OR_RETURN(decision_, AppendDecision(transaction_, decision_));
    BB_ASSIGN_OR_RETURN(const auto all, DecisionsAbout(transaction_, from_.id()));
    for (Decision earlier : all) {
      const bool joined = earlier.kind() == Decision::KIND_SAME &&
                          earlier.undone_by_decision_id().empty() &&
                          earlier.record().connection_id() == request_.record().connection_id() &&
                          earlier.record().external_id() == request_.record().external_id();
      if (!joined) continue;
      decision_.set_undoes_decision_id(earlier.id());
      earlier.set_undone_by_decision_id(decision_.id());
      BB_RETURN_IF_ERROR(StoreDecision(transaction_, earlier));
    }
    return absl::OkStatus();
  }

  // Two ids of one association: "not the same" parts what was merged.
  absl::StatusOr<DecideResponse> DecideWithinOne() {
    if (request_.kind() != Decision::KIND_NOT_SAME) {
      return Refused("to_association_id", "both are the association " + from_.id() + " already");
    }
    const std::string& absorbed = to_id_ == to_.id() ? from_id_ : to_id_;
    BB_ASSIGN_OR_RETURN(const auto merges, MergesOf(transaction_, absorbed));
    for (auto merge = merges.rbegin(); merge != merges.rend(); ++merge) {
      const auto& record = merge->record();
      if (record.has_undo_time() || record.absorbed_association_id() != absorbed) continue;
      BB_ASSIGN_OR_RETURN(const auto conflicts, UndoJoin(transaction_, *merge));
      response_.mutable_conflicts()->Assign(conflicts.begin(), conflicts.end());
      response_.set_new_association_id(absorbed);
      decision_.set_from_association_id(record.survivor_association_id());
      decision_.set_to_association_id(absorbed);
      decision_.set_undoes_decision_id(record.decision_id());
      BB_RETURN_IF_ERROR(AppendAndMark(record.decision_id()));
      return Write();
    }
    return Refused("to_association_id", "it is the same association, and nothing was merged");
  }

  absl::StatusOr<DecideResponse> DecideBetweenTwo() {
    const Candidate now = identity_.CompareByModel(from_.id(), to_.id());
    decision_.set_score(now.score);
    decision_.set_verdict(ToProto(now.verdict));
    const std::string question_id = QuestionIdOf(from_.id(), to_.id());
    BB_ASSIGN_OR_RETURN(const auto question, FindQuestion(transaction_, question_id));
    if (question) {
      decision_.set_question_id(question_id);
      decision_.set_ground("question");
    }
    const auto earlier = identity_.DecidedBetween(from_.id(), to_.id());
    const bool contradicts = earlier && Contradicts(*earlier, decision_.kind(), from_.id());
    if (contradicts && !request_.override_earlier()) {
      return ContradictsDecision(transaction_, *earlier);
    }
    if (contradicts) {
      decision_.set_undoes_decision_id(earlier->id);
      BB_RETURN_IF_ERROR(AppendAndMark(earlier->id));
    } else {
      BB_ASSIGN_OR_RETURN(decision_, AppendDecision(transaction_, decision_));
    }
    // First, since a merge settles what is still open.
    BB_RETURN_IF_ERROR(
        SetQuestionState(transaction_, question_id, MatchQuestion::STATE_ANSWERED, decision_.id()));
    BB_RETURN_IF_ERROR(DoWhatFollows());
    return Write();
  }

  absl::Status DoWhatFollows() {
    switch (decision_.kind()) {
      case Decision::KIND_SAME: {
        BB_ASSIGN_OR_RETURN(const StoredMerge merge,
                            JoinAssociations(transaction_, from_, to_, decision_.id(), actor_));
        *response_.mutable_merge() = merge.record();
        decision_.set_merge_id(merge.record().id());
        return absl::OkStatus();
      }
      case Decision::KIND_BRANCH_OF:
        return Relate(AssociationRelation::KIND_BRANCH_OF);
      case Decision::KIND_SUCCESSOR_OF:
        return Relate(AssociationRelation::KIND_SUCCESSOR_OF);
      default:
        return absl::OkStatus();
    }
  }

  absl::Status Relate(AssociationRelation::Kind kind) {
    AssociationRelation wanted;
    wanted.set_from_association_id(from_.id());
    wanted.set_to_association_id(to_.id());
    wanted.set_kind(kind);
    BB_ASSIGN_OR_RETURN(const bool there, HasRelation(transaction_, wanted));
    if (there) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(const auto relation, CreateRelation(transaction_, wanted, actor_));
    decision_.set_relation_id(relation.id());
    return absl::OkStatus();
  }

  // Appends the decision, and marks the earlier one as taken back by it.
  absl::Status AppendAndMark(const std::string& earlier_id) {
    BB_ASSIGN_OR_RETURN(decision_, AppendDecision(transaction_, decision_));
    if (earlier_id.empty()) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(Decision earlier, GetDecision(transaction_, earlier_id));
    BB_RETURN_IF_ERROR(RemoveRelationOf(transaction_, earlier));
    earlier.set_undone_by_decision_id(decision_.id());
    return StoreDecision(transaction_, earlier);
  }

  absl::StatusOr<DecideResponse> Write() {
    BB_RETURN_IF_ERROR(StoreDecision(transaction_, decision_));
    *response_.mutable_decision() = decision_;
    return response_;
  }

  storage::Transaction& transaction_;
  const Identity& identity_;
  const DecideRequest& request_;
  const std::string& actor_;
  std::string from_id_;
  std::string to_id_;
  Association from_;
  Association to_;
  Decision decision_;
  DecideResponse response_;
};

}  // namespace

absl::StatusOr<DecideResponse> Decide(storage::Transaction& transaction,
                                      const Identity& identity,
                                      const DecideRequest& request,
                                      const std::string& actor) {
  return Deciding(transaction, identity, request, actor).Run();
}

}  // namespace brobygger::registry
