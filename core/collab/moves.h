#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>

#include "brobygger/collab/v1/alignment.pb.h"
#include "brobygger/collab/v1/collaboration.pb.h"

namespace brobygger::collab {

using State = v1::CollaborationState;

// From where a collaboration may go where. What a state wants is asked of whoever enters it, from
// wherever.
struct Move {
  State from;
  State to;
};
const std::vector<Move>& Moves();

// What decides whether a collaboration may be moved.
struct Situation {
  const v1::Collaboration& collaboration;
  const v1::AlignmentRound* newest_round = nullptr;  // null: there is none
  std::string today;                                 // ISO 8601, in Denmark
  std::string reason = {};                           // what was given for the move
};

// Codes of all that is missing before it can enter the state, whatever it is in now:
//
//   department, association      somebody on each side who has not left
//   aim                          what it is for
//   alignment                    a newest round that both sides accepted
//   lead                         a party that keeps it together
//   task_owner                   a side for every task that was not dropped
//   start_date                   a first day that has come
//   reason                       why
//   outcome_municipality, outcome_association
//                                what came of it; not after 60 days of evaluating
std::vector<std::string> MissingFor(const Situation& situation, State to);

// OK if it may go there now. COLLABORATION_MOVE_INVALID, COLLABORATION_NOT_READY.
absl::Status CheckMove(const Situation& situation, State to);

// "clarifying".
std::string StateWord(State state);

}  // namespace brobygger::collab
