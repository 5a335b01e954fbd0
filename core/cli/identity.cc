#include "core/cli/identity.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/identity_words.h"
#include "core/cli/paging.h"
#include "core/cli/text_width.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using identity::v1::Decision;

constexpr size_t kShortestDecisionStart = 4;

}  // namespace

std::string ShortId(const std::string& id) { return id.substr(0, kShownIdLength); }

absl::StatusOr<std::string> FindAssociationId(Session& session, const std::string& typed) {
  if (base::IsUuid(typed)) return typed;
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, typed));
  return association.id();
}

absl::StatusOr<std::string> FindDecisionId(Session& session, const std::string& typed) {
  if (base::IsUuid(typed)) return typed;
  std::vector<std::string> found;
  identity::v1::ListDecisionsRequest request;
  request.set_page_size(kLargestPage);
  do {
    BB_ASSIGN_OR_RETURN(const auto page,
                        session.Call<identity::v1::ListDecisionsResponse>(request));
    for (const auto& decision : page.decisions()) {
      const bool meant = typed.size() >= kShortestDecisionStart && decision.id().starts_with(typed);
      if (meant) found.push_back(decision.id());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return base::MakeError(errors::v1::ERROR_REASON_DECISION_NOT_FOUND,
                           fmt::format("No decision has an id that starts with '{}'.", typed),
                           {{"decision_id", typed}});
  }
  return absl::InvalidArgumentError(
      fmt::format("'{}' could mean {} decisions; give more of the id.", typed, found.size()));
}

void SayConflicts(Session& session,
                  const google::protobuf::RepeatedPtrField<identity::v1::UndoConflict>& conflicts) {
  for (const auto& conflict : conflicts) {
    session.Warn(FillText("kept_later", session.language(), conflict.path(),
                          OneCleanLine(conflict.value_kept()),
                          OneCleanLine(conflict.value_before())));
  }
}

void SayOutcome(Session& session, const identity::v1::DecideResponse& decided) {
  const std::string& language = session.language();
  const Decision& decision = decided.decision();
  session.Say(FillText("review_decided", language, KindText(decision.kind(), language),
                       ShortId(decision.id())));
  if (decided.has_merge()) {
    const auto& merge = decided.merge();
    session.Say(FillText("merged", language, ShortId(merge.absorbed_association_id()),
                         ShortId(merge.survivor_association_id()), merge.moved_link_count(),
                         merge.moved_relation_count(), merge.moved_name_count()));
  }
  if (!decided.new_association_id().empty()) {
    session.Say(FillText("restored", language, decided.new_association_id()));
  }
  SayConflicts(session, decided.conflicts());
}

std::vector<Column> DecisionColumns() {
  return {{"id", "ID"},
          {"decide_time", "WHEN"},
          {"actor", "WHO"},
          {"from", "FIRST"},
          {"kind", "IS"},
          {"to", "SECOND"},
          {"ground", "GROUND"},
          {"score", "SCORE"},
          {"undone_by", "TAKEN BACK BY"},
          {"undoes", "TAKES BACK"},
          {"note", "NOTE"}};
}

std::vector<Cell> DecisionCells(const Decision& decision, const std::string& language) {
  const std::string second =
      decision.to_association_id().empty()
          ? decision.record().connection_id() + "/" + decision.record().external_id()
          : ShortId(decision.to_association_id());
  return {{ShortId(decision.id())},
          {ShowTime(decision.decide_time(), language)},
          {decision.actor()},
          {ShortId(decision.from_association_id())},
          {KindText(decision.kind(), language)},
          {second},
          {decision.ground()},
          {fmt::format("{:+.2f}", decision.score())},
          {ShortId(decision.undone_by_decision_id())},
          {ShortId(decision.undoes_decision_id())},
          {OneCleanLine(decision.note())}};
}

void AddIdentity(const Command& root) {
  Command identity = root.Add("identity", "Is it really the same association?");
  AddIdentityResolve(identity);
  AddIdentityExplain(identity);
  AddIdentityReview(identity);
  AddIdentityDecide(identity);
  AddIdentityModel(identity);
  AddIdentityPile(identity);
  AddIdentityLists(identity);
}

}  // namespace brobygger::cli
