#include "core/collab/collaborations.h"

#include "core/registry/joining.h"
#include "tests/core/collab/working_town.h"

namespace brobygger::collab {
namespace {

// Takes it to being evaluated.
void BringToEvaluation(WorkingTown& town, const std::string& id) {
  REQUIRE(town.Move(id, v1::COLLABORATION_STATE_CLARIFYING).ok());
  REQUIRE(town.Move(id, v1::COLLABORATION_STATE_ALIGNING).ok());
  town.Start(id);
  REQUIRE(town.Answer(id, kOurs, 4).ok());
  REQUIRE(town.Answer(id, kTheirs, 4).ok());
  REQUIRE(town.Accept(id, kOurs).ok());
  REQUIRE(town.Accept(id, kTheirs).ok());
  for (const auto state : {v1::COLLABORATION_STATE_AGREED, v1::COLLABORATION_STATE_ACTIVE,
                           v1::COLLABORATION_STATE_EVALUATING}) {
    const auto moved = town.Move(id, state);
    INFO(moved.status());
    REQUIRE(moved.ok());
  }
}

absl::StatusOr<v1::Collaboration> Say(WorkingTown& town,
                                      const std::string& id,
                                      v1::CollaborationSide side,
                                      const Actor& actor) {
  v1::RecordOutcomeRequest request;
  request.set_collaboration_id(id);
  request.mutable_outcome()->set_side(side);
  request.mutable_outcome()->set_text("Det gik godt");
  return town.Try([&](storage::Transaction& transaction) {
    return RecordOutcome(transaction, request, actor);
  });
}

}  // namespace

TEST_CASE("from the idea to the end, with both sides' word", "[collab]") {
  WorkingTown town;
  const v1::Collaboration made = town.Festival();
  CHECK(made.state() == v1::COLLABORATION_STATE_IDEA);
  CHECK(made.parties(0).title() == "Integration");
  CHECK(made.parties(1).title() == "Lanternen");
  BringToEvaluation(town, made.id());
  CHECK(base::ErrorMetadata(town.Move(made.id(), v1::COLLABORATION_STATE_CLOSED).status(),
                            "missing") == "outcome_municipality;outcome_association");
  REQUIRE(Say(town, made.id(), kOurs, town.employee).ok());
  CHECK(base::ReasonOf(Say(town, made.id(), kOurs, town.itself).status()) ==
        errors::v1::ERROR_REASON_NOT_ALLOWED);
  REQUIRE(Say(town, made.id(), kTheirs, town.itself).ok());
  CHECK(town.Move(made.id(), v1::COLLABORATION_STATE_CLOSED).ok());
  CHECK(town.Get(made.id(), town.employee).moves().empty());
}

TEST_CASE("a side's words are for reports only where it says so each time", "[collab]") {
  WorkingTown town;
  const std::string id = town.Festival().id();
  BringToEvaluation(town, id);
  v1::RecordOutcomeRequest request;
  request.set_collaboration_id(id);
  request.mutable_outcome()->set_side(kTheirs);
  request.mutable_outcome()->set_text("Vi fik nye venner");
  request.mutable_outcome()->set_may_be_quoted(true);
  const auto say = [&] {
    return town.Do([&](storage::Transaction& transaction) {
      return RecordOutcome(transaction, request, town.itself);
    });
  };
  CHECK(say().outcomes(0).may_be_quoted());
  request.mutable_outcome()->clear_may_be_quoted();
  CHECK_FALSE(say().outcomes(0).may_be_quoted());
}

TEST_CASE("of several associations the one whose words they are agrees to be quoted", "[collab]") {
  WorkingTown town;
  const std::string id = town.Festival().id();
  v1::AddPartyRequest add;
  add.set_collaboration_id(id);
  add.mutable_party()->set_side(kTheirs);
  add.mutable_party()->set_association_id(town.Association("Havnens Venner"));
  town.Do(
      [&](storage::Transaction& transaction) { return AddParty(transaction, add, town.employee); });
  BringToEvaluation(town, id);
  v1::RecordOutcomeRequest request;
  request.set_collaboration_id(id);
  request.mutable_outcome()->set_side(kTheirs);
  request.mutable_outcome()->set_text("Vi fik nye venner");
  request.mutable_outcome()->set_may_be_quoted(true);
  const auto say = [&](const Actor& actor) {
    return town.Try([&](storage::Transaction& transaction) {
      return RecordOutcome(transaction, request, actor);
    });
  };
  CHECK(base::ErrorMetadata(say(town.employee).status(), "field") == "outcome.may_be_quoted");
  const auto said = say(town.itself);
  REQUIRE(said.ok());
  CHECK(said->outcomes(0).association_id() == town.association);
}

TEST_CASE("it says where it may go and what is missing there", "[collab]") {
  WorkingTown town;
  v1::CreateCollaborationRequest request;
  request.mutable_collaboration()->set_title("Cykelkursus");
  auto& party = *request.add_parties();
  party.set_side(kOurs);
  party.set_department_id(town.department);
  const std::string id = town.Create(request).id();
  const auto answer = town.Get(id.substr(0, 8), town.employee);
  REQUIRE(answer.moves_size() == 2);
  CHECK(answer.moves(0).state() == v1::COLLABORATION_STATE_CLARIFYING);
  CHECK(answer.moves(0).missing(0) == "association");
  CHECK(answer.moves(1).missing().empty());
}

TEST_CASE("two who move it at once are both told", "[collab]") {
  WorkingTown town;
  const v1::Collaboration made = town.Festival();
  REQUIRE(town.Move(made.id(), v1::COLLABORATION_STATE_CLARIFYING, "", made.etag()).ok());
  const auto late = town.Move(made.id(), v1::COLLABORATION_STATE_DROPPED, "ferie", made.etag());
  CHECK(base::ReasonOf(late.status()) == errors::v1::ERROR_REASON_ETAG_MISMATCH);
  CHECK(late.status().message().find("clarifying") != std::string::npos);
}

TEST_CASE("an association proposes one, and is a party of it", "[collab]") {
  WorkingTown town;
  v1::CreateCollaborationRequest request;
  request.mutable_collaboration()->set_title("Kor på torvet");
  const auto proposed = town.Do([&](storage::Transaction& transaction) {
    return CreateCollaboration(transaction, request, town.itself);
  });
  CHECK(proposed.proposed_by() == kTheirs);
  REQUIRE(proposed.parties_size() == 1);
  CHECK(proposed.parties(0).association_id() == town.association);
  v1::MoveCollaborationRequest move;
  move.set_collaboration_id(proposed.id());
  move.set_state(v1::COLLABORATION_STATE_CLARIFYING);
  CHECK(base::ReasonOf(town.Try([&](storage::Transaction& transaction) {
                             return MoveCollaboration(transaction, move, town.itself);
                           })
                           .status()) == errors::v1::ERROR_REASON_NOT_ALLOWED);
  // An employee's with nobody in it would be seen by nobody.
  CHECK_FALSE(town.Try([&](storage::Transaction& transaction) {
                    return CreateCollaboration(transaction, request, town.employee);
                  })
                  .ok());
}

TEST_CASE("a party that leaves stays on record, and may come back", "[collab]") {
  WorkingTown town;
  const v1::Collaboration made = town.Festival();
  v1::RemovePartyRequest remove;
  remove.set_collaboration_id(made.id());
  remove.set_party_id(made.parties(1).id());
  const auto without = town.Do([&](storage::Transaction& transaction) {
    return RemoveParty(transaction, remove, town.employee);
  });
  CHECK(without.parties(1).left_date() == "2024-05-01");
  CHECK(base::ErrorMetadata(town.Move(made.id(), v1::COLLABORATION_STATE_CLARIFYING).status(),
                            "missing") == "association");
  v1::AddPartyRequest add;
  add.set_collaboration_id(made.id());
  add.mutable_party()->set_side(kTheirs);
  add.mutable_party()->set_association_id(town.association);
  add.mutable_party()->add_roles(v1::PARTY_ROLE_HOSTS);
  const auto again = town.Do(
      [&](storage::Transaction& transaction) { return AddParty(transaction, add, town.employee); });
  CHECK(again.parties_size() == 2);
  CHECK(again.parties(1).id() == made.parties(1).id());
  CHECK(again.parties(1).left_date().empty());
}

TEST_CASE("associations that turn out to be one are one party, and two again when that is undone",
          "[collab]") {
  WorkingTown town;
  const std::string other = town.Association("Lanternen Fjordby");
  const v1::Collaboration made = town.Festival();
  v1::AddPartyRequest add;
  add.set_collaboration_id(made.id());
  add.mutable_party()->set_side(kTheirs);
  add.mutable_party()->set_association_id(other);
  add.mutable_party()->add_roles(v1::PARTY_ROLE_HOSTS);
  town.Do(
      [&](storage::Transaction& transaction) { return AddParty(transaction, add, town.employee); });
  const auto merge = town.Do([&](storage::Transaction& transaction) {
    const auto left = registry::GetAssociation(transaction, town.association);
    const auto right = registry::GetAssociation(transaction, other);
    return registry::JoinAssociations(transaction, *left, *right, "d1", "operator");
  });
  auto shown = town.Get(made.id(), town.employee).collaboration();
  REQUIRE(shown.parties_size() == 2);
  CHECK(shown.parties(1).roles_size() == 1);
  v1::ListCollaborationsRequest list;
  list.set_association_id(shown.parties(1).association_id());
  CHECK(ListCollaborations(**town.store->Latest(), list)->collaborations_size() == 1);
  town.Do(
      [&](storage::Transaction& transaction) { return registry::UndoJoin(transaction, merge); });
  CHECK(town.Get(made.id(), town.employee).collaboration().parties_size() == 3);
}

TEST_CASE("an association writes down its own side's tasks alone", "[collab]") {
  WorkingTown town;
  const std::string id = town.Festival().id();
  v1::SetTaskRequest request;
  request.set_collaboration_id(id);
  request.mutable_task()->set_title("Telt");
  request.mutable_task()->set_owner_side(kOurs);
  const auto as = [&](const Actor& actor) {
    return town.Try(
        [&](storage::Transaction& transaction) { return SetTask(transaction, request, actor); });
  };
  CHECK(base::ReasonOf(as(town.itself).status()) == errors::v1::ERROR_REASON_NOT_ALLOWED);
  const auto ours = as(town.employee);
  REQUIRE(ours.ok());
  // Nor does it take one over by saying that it is its own.
  request.mutable_task()->set_id(ours->tasks(0).id());
  request.mutable_task()->set_owner_side(kTheirs);
  CHECK(base::ReasonOf(as(town.itself).status()) == errors::v1::ERROR_REASON_NOT_ALLOWED);
  request.mutable_task()->clear_id();
  CHECK(as(town.itself)->tasks_size() == 2);
}

TEST_CASE("what is written is held against the rules", "[collab]") {
  WorkingTown town;
  const auto refused = [&](const auto& edit) {
    v1::CreateCollaborationRequest request;
    request.mutable_collaboration()->set_title("Kor");
    auto& party = *request.add_parties();
    party.set_side(kOurs);
    party.set_department_id(town.department);
    edit(request);
    return !town.Try([&](storage::Transaction& transaction) {
                  return CreateCollaboration(transaction, request, town.employee);
                })
                .ok();
  };
  CHECK_FALSE(refused([](auto&) {}));
  CHECK(refused([](auto& request) { request.mutable_collaboration()->clear_title(); }));
  CHECK(refused([](auto& request) {
    request.mutable_collaboration()->set_start_date("2024-06-02");
    request.mutable_collaboration()->set_end_date("2024-06-01");
  }));
  CHECK(refused([](auto& request) { request.mutable_parties(0)->clear_department_id(); }));
  CHECK(refused([](auto& request) { request.mutable_parties(0)->set_department_id("nobody"); }));
  CHECK(refused([](auto& request) { request.mutable_collaboration()->add_event_ids("nothing"); }));
  CHECK(refused(
      [](auto& request) { request.mutable_collaboration()->set_title("Møde med 010190-1234"); }));
}

TEST_CASE("lists are paged, the newest first", "[collab]") {
  WorkingTown town;
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i) {
    made.insert(made.begin(), town.Festival().id());
    town.clock.Advance(std::chrono::seconds(1));
  }
  v1::ListCollaborationsRequest request;
  request.set_page_size(2);
  std::vector<std::string> told;
  do {
    const auto page = ListCollaborations(**town.store->Latest(), request);
    REQUIRE(page.ok());
    for (const auto& each : page->collaborations()) told.push_back(each.id());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  CHECK(told == made);
  request.set_state(v1::COLLABORATION_STATE_ACTIVE);
  CHECK(ListCollaborations(**town.store->Latest(), request)->collaborations().empty());
}

TEST_CASE("what is over is written down as closed, with its days", "[collab]") {
  WorkingTown town;
  v1::CreateCollaborationRequest request;
  request.set_recorded_afterwards(true);
  auto& wanted = *request.mutable_collaboration();
  wanted.set_title("Høstfest");
  auto& party = *request.add_parties();
  party.set_side(kTheirs);
  party.set_association_id(town.association);
  const auto refused_at = [&](const Actor& actor) {
    const auto made = town.Try([&](storage::Transaction& transaction) {
      return CreateCollaboration(transaction, request, actor);
    });
    CHECK_FALSE(made.ok());
    return base::ErrorMetadata(made.status(), "field");
  };
  CHECK(refused_at(town.employee) == "start_date");
  wanted.set_start_date("2024-03-01");
  CHECK(refused_at(town.employee) == "end_date");
  // It is the first of May: what ends today is not over.
  wanted.set_end_date("2024-05-01");
  CHECK(refused_at(town.employee) == "end_date");
  wanted.set_end_date("2024-04-30");
  CHECK(refused_at(town.itself).empty());
  const auto made = town.Create(request);
  CHECK(made.state() == v1::COLLABORATION_STATE_CLOSED);
  CHECK(made.state_date() == "2024-04-30");
  CHECK(made.recorded_afterwards());
  CHECK(base::ReasonOf(town.Move(made.id(), v1::COLLABORATION_STATE_ACTIVE).status()) ==
        errors::v1::ERROR_REASON_COLLABORATION_MOVE_INVALID);
}

}  // namespace brobygger::collab
