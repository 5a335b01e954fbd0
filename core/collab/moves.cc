#include "core/collab/moves.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "core/base/day.h"
#include "core/base/error.h"

namespace brobygger::collab {
namespace {

using v1::Collaboration;

constexpr int kDaysToAnswer = 60;

bool HasParty(const Collaboration& collaboration, v1::CollaborationSide side) {
  const auto& parties = collaboration.parties();
  return std::any_of(parties.begin(), parties.end(), [&](const v1::Party& party) {
    return party.side() == side && party.left_date().empty();
  });
}

bool HasLead(const Collaboration& collaboration) {
  const auto& parties = collaboration.parties();
  return std::any_of(parties.begin(), parties.end(), [](const v1::Party& party) {
    const auto& roles = party.roles();
    return party.left_date().empty() &&
           std::find(roles.begin(), roles.end(), v1::PARTY_ROLE_LEAD) != roles.end();
  });
}

bool HasAim(const Collaboration& collaboration) {
  const auto& texts = collaboration.aim().by_language();
  return std::any_of(texts.begin(), texts.end(),
                     [](const auto& each) { return !each.second.empty(); });
}

bool EveryTaskIsOwned(const Collaboration& collaboration) {
  const auto& tasks = collaboration.tasks();
  return std::all_of(tasks.begin(), tasks.end(), [](const v1::CollaborationTask& task) {
    return task.state() == v1::TASK_STATE_DROPPED ||
           task.owner_side() != v1::COLLABORATION_SIDE_UNSPECIFIED;
  });
}

bool IsAligned(const Situation& situation) {
  return situation.newest_round != nullptr &&
         situation.newest_round->state() == v1::ALIGNMENT_STATE_ALIGNED;
}

bool HasBegun(const Situation& situation) {
  const std::string& start = situation.collaboration.start_date();
  return !start.empty() && start <= situation.today;
}

bool Said(const Collaboration& collaboration, v1::CollaborationSide side) {
  const auto& outcomes = collaboration.outcomes();
  return std::any_of(outcomes.begin(), outcomes.end(),
                     [&](const v1::CollaborationOutcome& each) { return each.side() == side; });
}

// Who was asked and did not answer does not hold it open for ever.
bool WaitedLongEnough(const Situation& situation) {
  const Collaboration& collaboration = situation.collaboration;
  return collaboration.state() == v1::COLLABORATION_STATE_EVALUATING &&
         base::DayNumber(situation.today) - base::DayNumber(collaboration.state_date()) >=
             kDaysToAnswer;
}

// Notes the code if what it stands for is not there.
class Missing {
 public:
  void Unless(bool there, const char* code) {
    if (!there) codes.emplace_back(code);
  }
  std::vector<std::string> codes;
};

}  // namespace

const std::vector<Move>& Moves() {
  static const std::vector<Move> kMoves = {
      {v1::COLLABORATION_STATE_IDEA, v1::COLLABORATION_STATE_CLARIFYING},
      {v1::COLLABORATION_STATE_IDEA, v1::COLLABORATION_STATE_DROPPED},
      {v1::COLLABORATION_STATE_CLARIFYING, v1::COLLABORATION_STATE_ALIGNING},
      {v1::COLLABORATION_STATE_CLARIFYING, v1::COLLABORATION_STATE_DROPPED},
      {v1::COLLABORATION_STATE_ALIGNING, v1::COLLABORATION_STATE_AGREED},
      {v1::COLLABORATION_STATE_ALIGNING, v1::COLLABORATION_STATE_CLARIFYING},
      {v1::COLLABORATION_STATE_ALIGNING, v1::COLLABORATION_STATE_DROPPED},
      {v1::COLLABORATION_STATE_AGREED, v1::COLLABORATION_STATE_ACTIVE},
      {v1::COLLABORATION_STATE_AGREED, v1::COLLABORATION_STATE_DROPPED},
      {v1::COLLABORATION_STATE_ACTIVE, v1::COLLABORATION_STATE_PAUSED},
      {v1::COLLABORATION_STATE_ACTIVE, v1::COLLABORATION_STATE_EVALUATING},
      {v1::COLLABORATION_STATE_PAUSED, v1::COLLABORATION_STATE_ACTIVE},
      {v1::COLLABORATION_STATE_PAUSED, v1::COLLABORATION_STATE_DROPPED},
      {v1::COLLABORATION_STATE_EVALUATING, v1::COLLABORATION_STATE_CLOSED},
      {v1::COLLABORATION_STATE_EVALUATING, v1::COLLABORATION_STATE_ACTIVE},
      {v1::COLLABORATION_STATE_DROPPED, v1::COLLABORATION_STATE_IDEA},
  };
  return kMoves;
}

std::vector<std::string> MissingFor(const Situation& situation, State to) {
  const Collaboration& collaboration = situation.collaboration;
  Missing missing;
  switch (to) {
    case v1::COLLABORATION_STATE_CLARIFYING:
      missing.Unless(HasParty(collaboration, v1::COLLABORATION_SIDE_MUNICIPALITY), "department");
      missing.Unless(HasParty(collaboration, v1::COLLABORATION_SIDE_ASSOCIATION), "association");
      break;
    case v1::COLLABORATION_STATE_ALIGNING:
      missing.Unless(HasAim(collaboration), "aim");
      break;
    case v1::COLLABORATION_STATE_AGREED:
      missing.Unless(IsAligned(situation), "alignment");
      missing.Unless(HasLead(collaboration), "lead");
      missing.Unless(EveryTaskIsOwned(collaboration), "task_owner");
      break;
    case v1::COLLABORATION_STATE_ACTIVE:
      missing.Unless(IsAligned(situation), "alignment");
      missing.Unless(HasBegun(situation), "start_date");
      break;
    case v1::COLLABORATION_STATE_PAUSED:
    case v1::COLLABORATION_STATE_DROPPED:
      missing.Unless(!situation.reason.empty(), "reason");
      break;
    case v1::COLLABORATION_STATE_CLOSED:
      if (WaitedLongEnough(situation)) break;
      missing.Unless(Said(collaboration, v1::COLLABORATION_SIDE_MUNICIPALITY),
                     "outcome_municipality");
      missing.Unless(Said(collaboration, v1::COLLABORATION_SIDE_ASSOCIATION),
                     "outcome_association");
      break;
    default:
      break;
  }
  return missing.codes;
}

absl::Status CheckMove(const Situation& situation, State to) {
  const State from = situation.collaboration.state();
  std::vector<std::string> allowed;
  bool known = false;
  for (const Move& move : Moves()) {
    if (move.from != from) continue;
    allowed.push_back(StateWord(move.to));
    known = known || move.to == to;
  }
  if (!known) {
    const std::string where =
        allowed.empty() ? "nowhere any more" : "only to: " + absl::StrJoin(allowed, ", ");
    return base::MakeError(
        errors::v1::ERROR_REASON_COLLABORATION_MOVE_INVALID,
        absl::StrCat("a collaboration that is ", StateWord(from), " goes ", where),
        {{"state", StateWord(from)}, {"allowed", absl::StrJoin(allowed, ",")}});
  }
  const std::vector<std::string> missing = MissingFor(situation, to);
  if (missing.empty()) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_COLLABORATION_NOT_READY,
                         absl::StrCat("it cannot become ", StateWord(to),
                                      " yet; missing: ", absl::StrJoin(missing, ", ")),
                         {{"state", StateWord(to)}, {"missing", absl::StrJoin(missing, ";")}});
}

std::string StateWord(State state) {
  constexpr std::size_t kPrefix = sizeof("COLLABORATION_STATE_") - 1;
  return absl::AsciiStrToLower(v1::CollaborationState_Name(state)).substr(kPrefix);
}

}  // namespace brobygger::collab
