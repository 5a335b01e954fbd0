#include "core/collab/alignment.h"

#include <map>

#include "tests/core/collab/working_town.h"

namespace brobygger::collab {
namespace {

using errors::v1::ErrorReason;

std::size_t CountAnswers(const v1::AlignmentRound& round, v1::CollaborationSide side) {
  for (const auto& each : round.answers()) {
    if (each.side() == side) return static_cast<std::size_t>(each.answers_size());
  }
  return 0;
}

}  // namespace

TEST_CASE("answers of one side are hidden until both have answered", "[collab]") {
  WorkingTown town;
  const std::string id = town.Festival().id();
  CHECK(town.Start(id).state() == v1::ALIGNMENT_STATE_OPEN);
  const auto ours = town.Answer(id, kOurs, 4);
  REQUIRE(ours.ok());
  CHECK(ours->state() == v1::ALIGNMENT_STATE_ANSWERED_BY_ONE);
  CHECK(CountAnswers(*ours, kOurs) > 0);
  // The association sees that the municipality has answered, and not what.
  const auto seen = town.Get(id, town.itself);
  CHECK(seen.alignment().answers_size() == 1);
  CHECK(CountAnswers(seen.alignment(), kOurs) == 0);
  CHECK(seen.differences().empty());

  // Neither does who writes down the association's answer see it afterwards, until both have.
  const auto theirs = town.Answer(id, kTheirs, 4, {}, &town.itself);
  REQUIRE(theirs.ok());
  CHECK(theirs->state() == v1::ALIGNMENT_STATE_ANSWERED_BY_BOTH);
  for (const Actor& actor : {town.employee, town.itself}) {
    const auto both = town.Get(id, actor).alignment();
    CHECK(CountAnswers(both, kOurs) > 0);
    CHECK(CountAnswers(both, kTheirs) > 0);
  }
}

TEST_CASE("an association's answer is hidden from the municipality, too", "[collab]") {
  WorkingTown town;
  const std::string id = town.Festival().id();
  town.Start(id);
  REQUIRE(town.Answer(id, kTheirs, 2, {}, &town.itself).ok());
  CHECK(CountAnswers(town.Get(id, town.employee).alignment(), kTheirs) == 0);
  CHECK(CountAnswers(town.Get(id, town.itself).alignment(), kTheirs) > 0);
  v1::GetAgreementRequest request;
  request.set_collaboration_id(id);
  const auto agreement = GetAgreement(**town.store->Latest(), request, town.employee);
  REQUIRE(agreement.ok());
  CHECK(agreement->text().find("→") == std::string::npos);
}

TEST_CASE("answers stand once both sides have given them", "[collab]") {
  WorkingTown town;
  const std::string id = town.Festival().id();
  town.Start(id);
  REQUIRE(town.Answer(id, kOurs, 4).ok());
  REQUIRE(town.Answer(id, kOurs, 5).ok());  // nobody has seen the first
  REQUIRE(town.Answer(id, kTheirs, 5).ok());
  const auto late = town.Answer(id, kOurs, 1);
  CHECK(base::ReasonOf(late.status()) == errors::v1::ERROR_REASON_ALIGNMENT_CLOSED);
}

TEST_CASE("a difference of two, or an open answer, must be talked about", "[collab]") {
  WorkingTown town;
  const std::string id = town.Festival().id();
  town.Start(id);
  CHECK(base::ReasonOf(town.Accept(id, kOurs).status()) ==
        errors::v1::ERROR_REASON_ALIGNMENT_CLOSED);
  REQUIRE(town.Answer(id, kOurs, 4, {{"roles-1", 2}, {"money-1", 0}, {"time-1", 3}}).ok());
  REQUIRE(town.Answer(id, kTheirs, 4).ok());
  const auto answer = town.Get(id, town.employee);
  std::map<std::string, std::pair<int, int>> differences;
  for (const auto& each : answer.differences()) {
    differences[each.statement_id()] = {each.municipality(), each.association()};
  }
  CHECK(differences ==
        std::map<std::string, std::pair<int, int>>{{"roles-1", {2, 4}}, {"money-1", {0, 4}}});
  const auto early = town.Accept(id, kOurs);
  CHECK(base::ReasonOf(early.status()) == errors::v1::ERROR_REASON_ALIGNMENT_NOT_READY);
  CHECK(base::ErrorMetadata(early.status(), "missing") == "roles-1;money-1");
  REQUIRE(town.Talk(id, "roles-1", "Integration er tovholder").ok());
  REQUIRE(town.Talk(id, "money-1", "Kommunen betaler leje").ok());
  REQUIRE(town.Accept(id, kOurs).ok());
  CHECK(town.Get(id, town.employee).alignment().state() == v1::ALIGNMENT_STATE_ANSWERED_BY_BOTH);
  const auto aligned = town.Accept(id, kTheirs, &town.itself);
  REQUIRE(aligned.ok());
  CHECK(aligned->state() == v1::ALIGNMENT_STATE_ALIGNED);
  CHECK(base::ReasonOf(town.Talk(id, "roles-1", "Noget andet").status()) ==
        errors::v1::ERROR_REASON_ALIGNMENT_CLOSED);
}

TEST_CASE("nobody is held to what was not there when they said yes", "[collab]") {
  WorkingTown town;
  const std::string id = town.Festival().id();
  town.Start(id);
  REQUIRE(town.Answer(id, kOurs, 4).ok());
  REQUIRE(town.Answer(id, kTheirs, 4).ok());
  REQUIRE(town.Accept(id, kOurs).ok());
  REQUIRE(town.Talk(id, "time-1", "Kun om søndagen").ok());
  const auto theirs = town.Accept(id, kTheirs);
  REQUIRE(theirs.ok());
  CHECK(theirs->state() == v1::ALIGNMENT_STATE_ANSWERED_BY_BOTH);
}

TEST_CASE("a new round counts from when it is begun", "[collab]") {
  WorkingTown town;
  const std::string id = town.Festival().id();
  town.Start(id);
  REQUIRE(town.Answer(id, kOurs, 4).ok());
  REQUIRE(town.Answer(id, kTheirs, 4).ok());
  REQUIRE(town.Accept(id, kOurs).ok());
  REQUIRE(town.Accept(id, kTheirs).ok());
  REQUIRE(town.Move(id, v1::COLLABORATION_STATE_CLARIFYING).ok());
  REQUIRE(town.Move(id, v1::COLLABORATION_STATE_ALIGNING).ok());
  CHECK(town.Start(id).version() == 2);
  const auto refused = town.Move(id, v1::COLLABORATION_STATE_AGREED);
  CHECK(base::ErrorMetadata(refused.status(), "missing") == "alignment");
}

TEST_CASE("an association speaks for itself alone, and begins no round", "[collab]") {
  WorkingTown town;
  const std::string id = town.Festival().id();
  CHECK(base::ReasonOf(town.Try([&](storage::Transaction& transaction) {
                             return StartAlignment(transaction, id, town.itself,
                                                   ShippedStatements());
                           })
                           .status()) == errors::v1::ERROR_REASON_NOT_ALLOWED);
  town.Start(id);
  CHECK(base::ReasonOf(town.Answer(id, kOurs, 4, {}, &town.itself).status()) ==
        errors::v1::ERROR_REASON_NOT_ALLOWED);
  REQUIRE(town.Answer(id, kOurs, 4).ok());
  REQUIRE(town.Answer(id, kTheirs, 4, {}, &town.itself).ok());
  CHECK(base::ReasonOf(town.Accept(id, kOurs, &town.itself).status()) ==
        errors::v1::ERROR_REASON_NOT_ALLOWED);
}

TEST_CASE("answers are refused by what is wrong with them", "[collab]") {
  WorkingTown town;
  const std::string id = town.Festival().id();
  CHECK(base::ReasonOf(town.Answer(id, kOurs, 4).status()) ==
        errors::v1::ERROR_REASON_ALIGNMENT_NOT_FOUND);
  town.Start(id);
  CHECK_FALSE(town.Answer(id, kOurs, 6).ok());
  CHECK_FALSE(town.Answer(id, kOurs, -1).ok());
  CHECK_FALSE(town.Answer(id, kOurs, 0).ok());
  CHECK_FALSE(town.Answer(id, v1::COLLABORATION_SIDE_OTHER, 4).ok());
  v1::AnswerAlignmentRequest request;
  request.set_collaboration_id(id);
  request.set_side(kOurs);
  request.add_answers()->set_statement_id("roles-9");
  const auto answer = [&] {
    return town.Try([&](storage::Transaction& transaction) {
      return AnswerAlignment(transaction, request, town.employee);
    });
  };
  CHECK_FALSE(answer().ok());
  request.mutable_answers(0)->set_statement_id("roles-1");
  request.mutable_answers(0)->set_agreement(3);
  *request.add_answers() = request.answers(0);
  CHECK_FALSE(answer().ok());
  request.mutable_answers()->RemoveLast();
  request.mutable_answers(0)->set_comment("CPR 010190-1234");
  CHECK(base::ReasonOf(answer().status()) == errors::v1::ERROR_REASON_CPR_REFUSED);
}

}  // namespace brobygger::collab
