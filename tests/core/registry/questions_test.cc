#include "core/registry/questions.h"

#include "core/registry/decision_log.h"
#include "tests/core/registry/identity_fixture.h"

namespace brobygger::registry {
namespace {

using idv1::Decision;
using idv1::MatchQuestion;

v1::Association Numbered(IdentityFixture& fixture, int number) {
  const std::string text = std::to_string(number);
  return fixture.Make({"kilde", text, {{"official_name", "Forening nummer " + text}}});
}

TEST_CASE("two associations are asked about once, whichever comes first") {
  IdentityFixture fixture;
  const auto first = Numbered(fixture, 1);
  const auto second = Numbered(fixture, 2);
  fixture.Ask(second.id(), first.id());
  fixture.Ask(first.id(), second.id());
  const auto listed = fixture.Questions();
  REQUIRE(listed.questions_size() == 1);
  CHECK(listed.questions(0).left_official_name() == "Forening nummer 1");
  CHECK(fixture.identity.DoubtsAbout(first.id()) == std::vector<std::string>{second.id()});
}

TEST_CASE("questions that share associations are one family, the family with most to gain first") {
  IdentityFixture fixture;
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(Numbered(fixture, i).id());
  const auto ask = [&](int newer, int older, double probability) {
    const Candidate candidate{ids[older], Verdict::kAsk, 0, probability, ""};
    REQUIRE(fixture
                .Write([&](auto& transaction) {
                  return AskQuestion(transaction, fixture.identity, ids[newer], candidate, {});
                })
                .ok());
  };
  ask(1, 0, 0.9);
  ask(3, 2, 0.8);
  ask(4, 3, 0.5);
  const auto listed = fixture.Questions();
  REQUIRE(listed.questions_size() == 3);
  CHECK(listed.family_count() == 2);
  CHECK(listed.questions(0).right_association_id() == ids[4]);
  CHECK(listed.questions(0).family_id() == listed.questions(1).family_id());
  CHECK(listed.questions(2).right_association_id() == ids[1]);

  idv1::ListQuestionsRequest page;
  page.set_page_size(2);
  const auto first = ListQuestions(*fixture.Latest(), page);
  REQUIRE(first.ok());
  page.set_page_token(first->next_page_token());
  const auto rest = ListQuestions(*fixture.Latest(), page);
  REQUIRE(rest.ok());
  REQUIRE(rest->questions_size() == 1);
  CHECK(rest->questions(0).id() == listed.questions(2).id());
  CHECK(rest->next_page_token().empty());
}

TEST_CASE("an answer closes the question, and taking it back opens it again") {
  IdentityFixture fixture;
  const auto first = Numbered(fixture, 1);
  const auto second = Numbered(fixture, 2);
  fixture.Ask(second.id(), first.id());
  idv1::DecideRequest request;
  request.set_question_id(fixture.Questions().questions(0).id());
  request.set_kind(Decision::KIND_NOT_SAME);
  const auto said = fixture.Say(request);
  INFO(said.status());
  REQUIRE(said.ok());
  CHECK(fixture.Questions().questions().empty());
  CHECK(fixture.identity.DoubtsAbout(first.id()).empty());

  REQUIRE(fixture.Undo(said->decision().id()).ok());
  CHECK(fixture.Questions().questions_size() == 1);
}

TEST_CASE("a question about what was merged is asked of the survivor, and goes back with it") {
  IdentityFixture fixture;
  // Bare common names stay doubtful, whatever is merged.
  const auto named = [&](const std::string& key, const std::string& name) {
    return fixture.Make({"kilde", key, {{"official_name", name}}});
  };
  const auto first = named("1", "Kulturforening");
  const auto second = named("2", "Kulturforening");
  const auto third = named("3", "Kulturforening");
  fixture.Ask(third.id(), second.id());
  const auto said = fixture.Say(first.id(), Decision::KIND_SAME, second.id());
  REQUIRE(said.ok());
  const auto listed = fixture.Questions();
  REQUIRE(listed.questions_size() == 1);
  CHECK(listed.questions(0).id() == QuestionIdOf(first.id(), third.id()));

  REQUIRE(fixture.Undo(said->decision().id()).ok());
  const auto again = FindQuestion(*fixture.Latest(), QuestionIdOf(second.id(), third.id()));
  REQUIRE(again.ok());
  CHECK((*again)->state() == MatchQuestion::STATE_OPEN);
}

TEST_CASE("later evidence settles a question, and the hub's decision can be taken back") {
  IdentityFixture fixture;
  const auto first = fixture.Make(
      {"a", "1", {{"official_name", "Sprogcafeen Fjordby"}, {"identifiers.DK-CVR", "99000007"}}});
  const auto second = fixture.Make({"b", "2", {{"official_name", "Cafe for sprog"}}});
  fixture.Ask(second.id(), first.id());
  // The second source now tells the same name, telephone and number.
  v1::Association now = fixture.Get(second.id());
  const Told told{"b", "2", {}};
  now.set_official_name("Sprogcafeen Fjordby");
  now.add_emails("sprog@fjordby.example");
  model::RecordStatement(now, SourceOf(told), {"official_name", "emails"});
  model::RecordOtherValue(now, SourceOf(told), "identifiers.DK-CVR", "99000007");
  v1::Association left = fixture.Get(first.id());
  left.add_emails("sprog@fjordby.example");
  model::RecordStatement(left, SourceOf({"a", "1", {}}), {"emails"});
  REQUIRE(fixture
              .Write([&](auto& transaction) -> absl::Status {
                const auto one = IngestAssociation(transaction, left);
                if (!one.ok()) return one.status();
                return IngestAssociation(transaction, now).status();
              })
              .ok());
  // The hub's own write comes before the next one.
  REQUIRE(fixture.Write([](auto&) { return absl::OkStatus(); }).ok());
  CHECK(fixture.identity.RootOf(second.id()) == first.id());
  const auto log = ListDecisions(*fixture.Latest(), {});
  REQUIRE(log.ok());
  REQUIRE(log->decisions_size() == 1);
  CHECK(log->decisions(0).maker() == Decision::MAKER_HUB);
  CHECK(log->decisions(0).actor() == kHubActor);
  CHECK_FALSE(log->decisions(0).model_version().empty());

  REQUIRE(fixture.Undo(log->decisions(0).id()).ok());
  REQUIRE(fixture.Write([](auto&) { return absl::OkStatus(); }).ok());
  CHECK(fixture.identity.RootOf(second.id()) == second.id());
}

TEST_CASE("what a person wrote by hand is never merged by the hub, however alike it becomes") {
  IdentityFixture fixture;
  const auto first = fixture.Make({"a", "1", {{"official_name", "Sprogcafeen Fjordby"}}});
  const auto by_hand = fixture.Make({"", "", {{"official_name", "Cafe for sprog"}}});
  fixture.Ask(by_hand.id(), first.id());
  const auto alike = [&](const std::string& id, const Told& told) {
    v1::Association next = fixture.Get(id);
    next.set_official_name("Sprogcafeen Fjordby");
    next.add_emails("sprog@fjordby.example");
    next.add_phones("+4510550101");
    model::RecordStatement(next, SourceOf(told), {"official_name", "emails", "phones"});
    return next;
  };
  const v1::Association left = alike(first.id(), {"a", "1", {}});
  const v1::Association right = alike(by_hand.id(), {"", "", {}});
  REQUIRE(fixture
              .Write([&](auto& transaction) -> absl::Status {
                const auto one = IngestAssociation(transaction, left);
                if (!one.ok()) return one.status();
                return IngestAssociation(transaction, right).status();
              })
              .ok());
  REQUIRE(fixture.Write([](auto&) { return absl::OkStatus(); }).ok());
  CHECK(fixture.identity.CompareByModel(first.id(), by_hand.id()).verdict == Verdict::kSame);
  CHECK(fixture.identity.RootOf(by_hand.id()) == by_hand.id());
  CHECK(fixture.Questions().questions_size() == 1);
}

}  // namespace
}  // namespace brobygger::registry
