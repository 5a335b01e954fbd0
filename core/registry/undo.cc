// Taking decisions back, and the log: see decide.h.
#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/registry/decide.h"
#include "core/registry/decision_log.h"
#include "core/registry/decision_rules.h"
#include "core/registry/index_scan.h"
#include "core/registry/joining.h"
#include "core/registry/page.h"
#include "core/registry/questions.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using identity::v1::Decision;
using identity::v1::ListDecisionsRequest;
using identity::v1::ListDecisionsResponse;
using identity::v1::MatchQuestion;
using identity::v1::UndoDecisionRequest;
using identity::v1::UndoDecisionResponse;
using storage::Index;
using storage::IndexEntry;

absl::Status CheckCanBeUndone(const Decision& decision) {
  if (!decision.undone_by_decision_id().empty()) {
    return base::MakeError(errors::v1::ERROR_REASON_DECISION_UNDONE,
                           "The decision was taken back already.",
                           {{"decision_id", decision.id()},
                            {"undone_by_decision_id", decision.undone_by_decision_id()}});
  }
  if (decision.kind() != Decision::KIND_RETRACTED) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                         "decision_id: it takes an earlier decision back; decide anew instead.",
                         {{"field", "decision_id"}});
}

class Undoing {
 public:
  Undoing(storage::Transaction& transaction, Decision earlier, Decision entry)
      : transaction_(transaction), earlier_(std::move(earlier)), entry_(std::move(entry)) {}

  absl::StatusOr<UndoDecisionResponse> Run() {
    entry_.set_undoes_decision_id(earlier_.id());
    entry_.set_from_association_id(earlier_.from_association_id());
    entry_.set_to_association_id(earlier_.to_association_id());
    BB_RETURN_IF_ERROR(earlier_.kind() == Decision::KIND_SAME ? Part() : Retract());
    BB_ASSIGN_OR_RETURN(entry_, AppendDecision(transaction_, entry_));
    earlier_.set_undone_by_decision_id(entry_.id());
    BB_RETURN_IF_ERROR(StoreDecision(transaction_, earlier_));
    *response_.mutable_decision() = entry_;
    return response_;
  }

 private:
  // From now on they are known not to be the same.
  absl::Status Part() {
    entry_.set_kind(Decision::KIND_NOT_SAME);
    if (earlier_.merge_id().empty()) return PartRecord();
    BB_ASSIGN_OR_RETURN(auto merge, FindMerge(transaction_, earlier_.merge_id()));
    if (!merge) return absl::DataLossError("a decision's merge is not there");
    entry_.set_from_association_id(merge->record().survivor_association_id());
    entry_.set_to_association_id(merge->record().absorbed_association_id());
    response_.set_restored_association_id(merge->record().absorbed_association_id());
    BB_ASSIGN_OR_RETURN(const auto conflicts, UndoJoin(transaction_, *std::move(merge)));
    response_.mutable_conflicts()->Assign(conflicts.begin(), conflicts.end());
    return absl::OkStatus();
  }

  absl::Status PartRecord() {
    *entry_.mutable_record() = earlier_.record();
    BB_ASSIGN_OR_RETURN(const auto association,
                        GetLive(transaction_, earlier_.from_association_id()));
    BB_ASSIGN_OR_RETURN(const auto own, SplitRecord(transaction_, association, earlier_.record()));
    entry_.set_from_association_id(association.id());
    entry_.set_to_association_id(own.id());
    response_.set_restored_association_id(own.id());
    return absl::OkStatus();
  }

  // Nothing takes its place: the pair is open again, and its question with it.
  absl::Status Retract() {
    entry_.set_kind(Decision::KIND_RETRACTED);
    BB_RETURN_IF_ERROR(RemoveRelationOf(transaction_, earlier_));
    const std::string id =
        QuestionIdOf(earlier_.from_association_id(), earlier_.to_association_id());
    for (const auto& end : {earlier_.from_association_id(), earlier_.to_association_id()}) {
      BB_ASSIGN_OR_RETURN(const auto association, FollowMerges(transaction_, end));
      const bool live = association && !association->has_delete_time() && association->id() == end;
      if (!live) return absl::OkStatus();
    }
    return SetQuestionState(transaction_, id, MatchQuestion::STATE_OPEN, "");
  }

  storage::Transaction& transaction_;
  Decision earlier_;
  Decision entry_;
  UndoDecisionResponse response_;
};

// One page of the decisions at `keys` of an index that is in the order of time.
absl::StatusOr<ListDecisionsResponse> PageOf(const storage::Snapshot& snapshot,
                                             const PagePlace& place,
                                             int size,
                                             const std::string& arguments) {
  storage::IndexRange range{.prefix = "", .after = {}, .limit = size + 1, .backwards = true};
  if (!place.key.empty()) range.after = IndexEntry{place.value, place.key};
  BB_ASSIGN_OR_RETURN(const auto places, snapshot.ScanIndex(Index::kDecisionByTime, range));
  ListDecisionsResponse response;
  for (std::size_t i = 0; i < places.size() && i < static_cast<std::size_t>(size); ++i) {
    BB_ASSIGN_OR_RETURN(*response.add_decisions(), GetDecision(snapshot, places[i].key));
  }
  if (places.size() > static_cast<std::size_t>(size)) {
    const IndexEntry& last = places[static_cast<std::size_t>(size) - 1];
    response.set_next_page_token(MakePageToken({0, last.value, last.key}, arguments));
  }
  return response;
}

absl::StatusOr<ListDecisionsResponse> PageAbout(const storage::Snapshot& snapshot,
                                                const ListDecisionsRequest& request,
                                                const PagePlace& place,
                                                const std::string& arguments) {
  BB_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  BB_ASSIGN_OR_RETURN(const auto about, DecisionsAbout(snapshot, request.association_id()));
  ListDecisionsResponse response;
  std::size_t shown = place.revision;
  for (; shown < about.size() && response.decisions_size() < size; ++shown) {
    *response.add_decisions() = about[about.size() - 1 - shown];
  }
  if (shown < about.size()) {
    response.set_next_page_token(MakePageToken({shown, "", "about"}, arguments));
  }
  return response;
}

}  // namespace

absl::StatusOr<UndoDecisionResponse> UndoDecision(storage::Transaction& transaction,
                                                  const Identity& identity,
                                                  const UndoDecisionRequest& request,
                                                  const std::string& actor) {
  BB_ASSIGN_OR_RETURN(Decision earlier, GetDecision(transaction, request.decision_id()));
  BB_RETURN_IF_ERROR(CheckCanBeUndone(earlier));
  BB_ASSIGN_OR_RETURN(const std::string note, NormalNote(request.note()));
  Decision entry = PersonsDecision(identity, Decision::KIND_RETRACTED, actor, note);
  return Undoing(transaction, std::move(earlier), std::move(entry)).Run();
}

absl::StatusOr<ListDecisionsResponse> ListDecisions(const storage::Snapshot& snapshot,
                                                    const ListDecisionsRequest& request) {
  BB_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  const std::string arguments = PageArguments({"decisions", request.association_id()});
  PagePlace place;
  if (!request.page_token().empty()) {
    BB_ASSIGN_OR_RETURN(place, ReadPageToken(request.page_token(), arguments));
  }
  if (!request.association_id().empty()) return PageAbout(snapshot, request, place, arguments);
  return PageOf(snapshot, place, size, arguments);
}

}  // namespace brobygger::registry
