// Every state against every other: where a collaboration may go, and what it takes.
#include "core/collab/moves.h"

#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "core/base/error.h"

namespace brobygger::collab {
namespace {

using Codes = std::vector<std::string>;

constexpr char kToday[] = "2027-03-11";

// One that may go anywhere that the table has.
v1::Collaboration Ready(State state) {
  v1::Collaboration ready;
  ready.set_state(state);
  ready.set_state_date("2027-03-01");
  ready.set_start_date("2027-03-01");
  (*ready.mutable_aim()->mutable_by_language())["da"] = "En fest for alle";
  auto& department = *ready.add_parties();
  department.set_side(v1::COLLABORATION_SIDE_MUNICIPALITY);
  department.add_roles(v1::PARTY_ROLE_LEAD);
  ready.add_parties()->set_side(v1::COLLABORATION_SIDE_ASSOCIATION);
  ready.add_tasks()->set_owner_side(v1::COLLABORATION_SIDE_ASSOCIATION);
  for (const auto side :
       {v1::COLLABORATION_SIDE_MUNICIPALITY, v1::COLLABORATION_SIDE_ASSOCIATION}) {
    ready.add_outcomes()->set_side(side);
  }
  return ready;
}

v1::AlignmentRound Aligned() {
  v1::AlignmentRound round;
  round.set_state(v1::ALIGNMENT_STATE_ALIGNED);
  return round;
}

std::vector<State> AllStates() {
  std::vector<State> states;
  for (int i = 1; i <= v1::CollaborationState_MAX; ++i) states.push_back(static_cast<State>(i));
  return states;
}

// The table of the design, row by row.
const std::map<State, std::set<State>>& Design() {
  using namespace v1;  // NOLINT(google-build-using-namespace): a table of its names
  static const std::map<State, std::set<State>> kDesign = {
      {COLLABORATION_STATE_IDEA, {COLLABORATION_STATE_CLARIFYING, COLLABORATION_STATE_DROPPED}},
      {COLLABORATION_STATE_CLARIFYING, {COLLABORATION_STATE_ALIGNING, COLLABORATION_STATE_DROPPED}},
      {COLLABORATION_STATE_ALIGNING,
       {COLLABORATION_STATE_AGREED, COLLABORATION_STATE_CLARIFYING, COLLABORATION_STATE_DROPPED}},
      {COLLABORATION_STATE_AGREED, {COLLABORATION_STATE_ACTIVE, COLLABORATION_STATE_DROPPED}},
      {COLLABORATION_STATE_ACTIVE, {COLLABORATION_STATE_PAUSED, COLLABORATION_STATE_EVALUATING}},
      {COLLABORATION_STATE_PAUSED, {COLLABORATION_STATE_ACTIVE, COLLABORATION_STATE_DROPPED}},
      {COLLABORATION_STATE_EVALUATING, {COLLABORATION_STATE_CLOSED, COLLABORATION_STATE_ACTIVE}},
      {COLLABORATION_STATE_CLOSED, {}},
      {COLLABORATION_STATE_DROPPED, {COLLABORATION_STATE_IDEA}}};
  return kDesign;
}

Codes MissingIn(const v1::Collaboration& collaboration,
                State to,
                const v1::AlignmentRound* round = nullptr,
                const std::string& reason = "") {
  return MissingFor(
      {.collaboration = collaboration, .newest_round = round, .today = kToday, .reason = reason},
      to);
}

}  // namespace

TEST_CASE("a ready collaboration goes where the table says and nowhere else", "[collab]") {
  const v1::AlignmentRound round = Aligned();
  for (const State from : AllStates()) {
    for (const State to : AllStates()) {
      const v1::Collaboration ready = Ready(from);
      const absl::Status moved = CheckMove(
          {.collaboration = ready, .newest_round = &round, .today = kToday, .reason = "ferie"}, to);
      INFO(StateWord(from) << " to " << StateWord(to) << ": " << moved);
      if (Design().at(from).contains(to)) {
        CHECK(moved.ok());
        continue;
      }
      CHECK(base::ReasonOf(moved) == errors::v1::ERROR_REASON_COLLABORATION_MOVE_INVALID);
      CHECK(base::ErrorMetadata(moved, "state") == StateWord(from));
    }
  }
}

TEST_CASE("each state names all that it misses at once", "[collab]") {
  const v1::Collaboration bare;
  CHECK(MissingIn(bare, v1::COLLABORATION_STATE_CLARIFYING) == Codes{"department", "association"});
  CHECK(MissingIn(bare, v1::COLLABORATION_STATE_ALIGNING) == Codes{"aim"});
  CHECK(MissingIn(bare, v1::COLLABORATION_STATE_AGREED) == Codes{"alignment", "lead"});
  CHECK(MissingIn(bare, v1::COLLABORATION_STATE_ACTIVE) == Codes{"alignment", "start_date"});
  CHECK(MissingIn(bare, v1::COLLABORATION_STATE_PAUSED) == Codes{"reason"});
  CHECK(MissingIn(bare, v1::COLLABORATION_STATE_EVALUATING).empty());
  CHECK(MissingIn(bare, v1::COLLABORATION_STATE_CLOSED) ==
        Codes{"outcome_municipality", "outcome_association"});
  CHECK(MissingIn(bare, v1::COLLABORATION_STATE_DROPPED) == Codes{"reason"});
  CHECK(MissingIn(bare, v1::COLLABORATION_STATE_IDEA).empty());
}

TEST_CASE("an alignment that one side alone accepted is none", "[collab]") {
  const v1::Collaboration ready = Ready(v1::COLLABORATION_STATE_ALIGNING);
  v1::AlignmentRound round = Aligned();
  CHECK(MissingIn(ready, v1::COLLABORATION_STATE_AGREED, &round).empty());
  round.set_state(v1::ALIGNMENT_STATE_ANSWERED_BY_BOTH);
  CHECK(MissingIn(ready, v1::COLLABORATION_STATE_AGREED, &round) == Codes{"alignment"});
  CHECK(MissingIn(ready, v1::COLLABORATION_STATE_ACTIVE, &round) == Codes{"alignment"});
}

TEST_CASE("who has left takes no part and keeps nothing together", "[collab]") {
  v1::Collaboration ready = Ready(v1::COLLABORATION_STATE_ALIGNING);
  const v1::AlignmentRound round = Aligned();
  ready.mutable_parties(0)->set_left_date("2027-03-02");
  CHECK(MissingIn(ready, v1::COLLABORATION_STATE_AGREED, &round) == Codes{"lead"});
  CHECK(MissingIn(ready, v1::COLLABORATION_STATE_CLARIFYING) == Codes{"department"});
}

TEST_CASE("a task that was dropped needs nobody", "[collab]") {
  v1::Collaboration ready = Ready(v1::COLLABORATION_STATE_ALIGNING);
  const v1::AlignmentRound round = Aligned();
  ready.add_tasks();
  CHECK(MissingIn(ready, v1::COLLABORATION_STATE_AGREED, &round) == Codes{"task_owner"});
  ready.mutable_tasks(1)->set_state(v1::TASK_STATE_DROPPED);
  CHECK(MissingIn(ready, v1::COLLABORATION_STATE_AGREED, &round).empty());
}

TEST_CASE("a first day that is to come makes nothing active", "[collab]") {
  v1::Collaboration ready = Ready(v1::COLLABORATION_STATE_AGREED);
  const v1::AlignmentRound round = Aligned();
  ready.set_start_date("2027-03-12");
  CHECK(MissingIn(ready, v1::COLLABORATION_STATE_ACTIVE, &round) == Codes{"start_date"});
  ready.set_start_date(kToday);
  CHECK(MissingIn(ready, v1::COLLABORATION_STATE_ACTIVE, &round).empty());
}

TEST_CASE("a side that does not answer holds nothing open for more than sixty days", "[collab]") {
  v1::Collaboration ready = Ready(v1::COLLABORATION_STATE_EVALUATING);
  ready.mutable_outcomes()->RemoveLast();
  ready.set_state_date("2027-01-11");  // 59 days before
  CHECK(MissingIn(ready, v1::COLLABORATION_STATE_CLOSED) == Codes{"outcome_association"});
  ready.set_state_date("2027-01-10");
  CHECK(MissingIn(ready, v1::COLLABORATION_STATE_CLOSED).empty());
}

}  // namespace brobygger::collab
