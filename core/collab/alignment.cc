#include "core/collab/alignment.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/collab/acting.h"
#include "core/collab/agreement.h"
#include "core/collab/kept.h"
#include "core/collab/moves.h"
#include "core/collab/rules.h"
#include "core/collab/statements.h"
#include "core/model/rules.h"

namespace brobygger::collab {
namespace {

using v1::AlignmentDifference;
using v1::AlignmentRound;
using v1::AlignmentStatement;
using v1::CollaborationSide;
using v1::SideAnswers;

constexpr int kMustTalk = 2;
constexpr auto kMunicipality = v1::COLLABORATION_SIDE_MUNICIPALITY;
constexpr auto kAssociation = v1::COLLABORATION_SIDE_ASSOCIATION;

std::string StateWordOf(const AlignmentRound& round) {
  constexpr std::size_t kPrefix = sizeof("ALIGNMENT_STATE_") - 1;
  return absl::AsciiStrToLower(v1::AlignmentState_Name(round.state())).substr(kPrefix);
}

absl::Status Closed(const AlignmentRound& round, const std::string& what) {
  return base::MakeError(errors::v1::ERROR_REASON_ALIGNMENT_CLOSED, what,
                         {{"state", StateWordOf(round)}});
}

absl::StatusOr<AlignmentRound> NewestRound(const storage::Snapshot& snapshot,
                                           const std::string& typed) {
  BB_ASSIGN_OR_RETURN(const auto collaboration, LoadCollaboration(snapshot, typed));
  BB_ASSIGN_OR_RETURN(auto round, FindNewestRound(snapshot, collaboration.id()));
  if (round) return *std::move(round);
  return base::MakeError(
      errors::v1::ERROR_REASON_ALIGNMENT_NOT_FOUND,
      "no round of expectations has been begun; brobygger alignment start begins one",
      {{"collaboration_id", collaboration.id()}});
}

const SideAnswers* AnswersOf(const AlignmentRound& round, CollaborationSide side) {
  const auto found = std::find_if(round.answers().begin(), round.answers().end(),
                                  [&](const SideAnswers& each) { return each.side() == side; });
  return found == round.answers().end() ? nullptr : &*found;
}

bool BothAnswered(const AlignmentRound& round) {
  return AnswersOf(round, kMunicipality) != nullptr && AnswersOf(round, kAssociation) != nullptr;
}

int AgreementWith(const SideAnswers& answers, const std::string& statement_id) {
  for (const auto& answer : answers.answers()) {
    if (answer.statement_id() == statement_id) return answer.agreement();
  }
  return 0;
}

bool HasStatement(const AlignmentRound& round, const std::string& id) {
  return std::any_of(round.statements().begin(), round.statements().end(),
                     [&](const AlignmentStatement& each) { return each.id() == id; });
}

bool WasTalked(const AlignmentRound& round, const std::string& id) {
  return std::any_of(round.talks().begin(), round.talks().end(),
                     [&](const v1::AlignmentTalk& each) { return each.statement_id() == id; });
}

// The answers, one for each statement and in their order, each once.
absl::StatusOr<SideAnswers> Ordered(const AlignmentRound& round,
                                    const v1::AnswerAlignmentRequest& wanted) {
  std::set<std::string> seen;
  for (const auto& answer : wanted.answers()) {
    if (!HasStatement(round, answer.statement_id())) {
      return model::BrokenRule({nullptr, "answers"}, "name a statement that this round has not");
    }
    if (!seen.insert(answer.statement_id()).second) {
      return model::BrokenRule({nullptr, "answers"}, "answer a statement twice");
    }
  }
  SideAnswers ordered;
  ordered.set_side(wanted.side());
  bool any = false;
  for (const AlignmentStatement& statement : round.statements()) {
    for (const auto& answer : wanted.answers()) {
      if (answer.statement_id() != statement.id()) continue;
      auto& kept = *ordered.add_answers();
      kept = answer;
      BB_RETURN_IF_ERROR(NormalizeAndCheck(kept));
      any = any || kept.agreement() > 0;
    }
  }
  if (!any) return model::BrokenRule({nullptr, "answers"}, "agree or disagree with nothing");
  return ordered;
}

void SetState(AlignmentRound& round) {
  const bool both = BothAnswered(round);
  const bool accepted =
      both && std::all_of(round.answers().begin(), round.answers().end(),
                          [](const SideAnswers& each) { return each.has_accept_time(); });
  if (accepted) return round.set_state(v1::ALIGNMENT_STATE_ALIGNED);
  if (both) return round.set_state(v1::ALIGNMENT_STATE_ANSWERED_BY_BOTH);
  round.set_state(round.answers().empty() ? v1::ALIGNMENT_STATE_OPEN
                                          : v1::ALIGNMENT_STATE_ANSWERED_BY_ONE);
}

absl::StatusOr<AlignmentRound> Stored(storage::Transaction& transaction,
                                      AlignmentRound round,
                                      const Actor& actor) {
  SetState(round);
  BB_RETURN_IF_ERROR(StoreRound(transaction, round));
  return SeenBy(actor, round);
}

// What is left to talk about.
std::vector<std::string> Untalked(const AlignmentRound& round) {
  std::vector<std::string> ids;
  for (const AlignmentDifference& each : DifferencesOf(round)) {
    if (!each.talked()) ids.push_back(each.statement_id());
  }
  return ids;
}

}  // namespace

absl::StatusOr<AlignmentRound> StartAlignment(storage::Transaction& transaction,
                                              const std::string& collaboration_id,
                                              const Actor& actor,
                                              const Statements& statements) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "beginning a round of expectations"));
  BB_ASSIGN_OR_RETURN(const auto collaboration, LoadCollaboration(transaction, collaboration_id));
  const Situation situation{.collaboration = collaboration, .newest_round = nullptr, .today = ""};
  const auto missing = MissingFor(situation, v1::COLLABORATION_STATE_CLARIFYING);
  if (!missing.empty()) {
    return base::MakeError(
        errors::v1::ERROR_REASON_COLLABORATION_NOT_READY,
        absl::StrCat("expectations need two sides; missing: ", absl::StrJoin(missing, ", ")),
        {{"missing", absl::StrJoin(missing, ";")}});
  }
  BB_ASSIGN_OR_RETURN(const auto before, FindNewestRound(transaction, collaboration.id()));
  AlignmentRound round;
  round.set_collaboration_id(collaboration.id());
  round.set_version(before ? before->version() + 1 : 1);
  round.set_statements_version(statements.version);
  *round.mutable_create_time() = base::ToTimestamp(transaction.now());
  for (const AlignmentStatement& each : statements.all) *round.add_statements() = each;
  return Stored(transaction, std::move(round), actor);
}

absl::StatusOr<AlignmentRound> AnswerAlignment(storage::Transaction& transaction,
                                               const v1::AnswerAlignmentRequest& wanted,
                                               const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckSide(actor, wanted.side()));
  BB_ASSIGN_OR_RETURN(AlignmentRound round, NewestRound(transaction, wanted.collaboration_id()));
  if (BothAnswered(round)) {
    return Closed(round,
                  "both sides have answered, so answers stand as they are; talk about the "
                  "differences, or begin a new round");
  }
  BB_ASSIGN_OR_RETURN(SideAnswers answers, Ordered(round, wanted));
  *answers.mutable_answer_time() = base::ToTimestamp(transaction.now());
  answers.set_actor(actor.name);
  auto& sides = *round.mutable_answers();
  const auto same = std::find_if(sides.begin(), sides.end(), [&](const SideAnswers& each) {
    return each.side() == answers.side();
  });
  if (same == sides.end()) {
    *sides.Add() = std::move(answers);
  } else {
    *same = std::move(answers);
  }
  return Stored(transaction, std::move(round), actor);
}

absl::StatusOr<AlignmentRound> RecordTalk(storage::Transaction& transaction,
                                          const v1::RecordTalkRequest& wanted,
                                          const Actor& actor) {
  BB_ASSIGN_OR_RETURN(AlignmentRound round, NewestRound(transaction, wanted.collaboration_id()));
  if (!BothAnswered(round))
    return Closed(round, "there is nothing to talk about until both sides have answered");
  if (round.state() == v1::ALIGNMENT_STATE_ALIGNED) {
    return Closed(round, "both sides have accepted it; begin a new round");
  }
  v1::AlignmentTalk talk = wanted.talk();
  if (!HasStatement(round, talk.statement_id())) {
    return model::BrokenRule({nullptr, "talk.statement_id"}, "is of no statement of this round");
  }
  BB_RETURN_IF_ERROR(NormalizeAndCheck(talk));
  auto& talks = *round.mutable_talks();
  const auto same = std::find_if(talks.begin(), talks.end(), [&](const v1::AlignmentTalk& each) {
    return each.statement_id() == talk.statement_id();
  });
  if (same == talks.end()) {
    *talks.Add() = std::move(talk);
  } else {
    *same = std::move(talk);
  }
  // Nobody is held to what was not there when they said yes.
  for (SideAnswers& side : *round.mutable_answers()) side.clear_accept_time();
  return Stored(transaction, std::move(round), actor);
}

absl::StatusOr<AlignmentRound> AcceptAlignment(storage::Transaction& transaction,
                                               const v1::AcceptAlignmentRequest& wanted,
                                               const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckSide(actor, wanted.side()));
  BB_ASSIGN_OR_RETURN(AlignmentRound round, NewestRound(transaction, wanted.collaboration_id()));
  if (!BothAnswered(round))
    return Closed(round, "there is nothing to accept until both sides have answered");
  const std::vector<std::string> untalked = Untalked(round);
  if (!untalked.empty()) {
    return base::MakeError(
        errors::v1::ERROR_REASON_ALIGNMENT_NOT_READY,
        absl::StrCat("talk first about where you differ: ", absl::StrJoin(untalked, ", ")),
        {{"missing", absl::StrJoin(untalked, ";")}});
  }
  for (SideAnswers& side : *round.mutable_answers()) {
    if (side.side() != wanted.side() || side.has_accept_time()) continue;
    *side.mutable_accept_time() = base::ToTimestamp(transaction.now());
  }
  return Stored(transaction, std::move(round), actor);
}

absl::StatusOr<v1::GetAgreementResponse> GetAgreement(const storage::Snapshot& snapshot,
                                                      const v1::GetAgreementRequest& request,
                                                      const Actor& actor) {
  BB_ASSIGN_OR_RETURN(auto collaboration, LoadCollaboration(snapshot, request.collaboration_id()));
  BB_ASSIGN_OR_RETURN(const AlignmentRound whole, NewestRound(snapshot, collaboration.id()));
  const AlignmentRound round = SeenBy(actor, whole);
  BB_ASSIGN_OR_RETURN(collaboration, Shown(snapshot, std::move(collaboration)));
  v1::GetAgreementResponse response;
  const std::string language = request.language_code() == "en" ? "en" : "da";
  response.set_text(AgreementText(collaboration, round, language));
  for (std::string& word : WordsToExplain(collaboration, round)) {
    response.add_words_to_explain(std::move(word));
  }
  return response;
}

std::vector<AlignmentDifference> DifferencesOf(const AlignmentRound& round) {
  std::vector<AlignmentDifference> differences;
  if (!BothAnswered(round)) return differences;
  const SideAnswers& ours = *AnswersOf(round, kMunicipality);
  const SideAnswers& theirs = *AnswersOf(round, kAssociation);
  for (const AlignmentStatement& statement : round.statements()) {
    const int left = AgreementWith(ours, statement.id());
    const int right = AgreementWith(theirs, statement.id());
    const bool open = left == 0 || right == 0;
    if (!open && std::abs(left - right) < kMustTalk) continue;
    AlignmentDifference& difference = differences.emplace_back();
    difference.set_statement_id(statement.id());
    difference.set_municipality(left);
    difference.set_association(right);
    difference.set_talked(WasTalked(round, statement.id()));
  }
  return differences;
}

AlignmentRound SeenBy(const Actor& actor, const AlignmentRound& round) {
  if (BothAnswered(round)) return round;
  AlignmentRound seen = round;
  const auto own = actor.is_association() ? kAssociation : kMunicipality;
  for (SideAnswers& side : *seen.mutable_answers()) {
    // That the other side has answered is no secret.
    if (side.side() != own) side.clear_answers();
  }
  return seen;
}

}  // namespace brobygger::collab
