#include "core/people/corrections.h"

#include "core/collab/collaborations.h"
#include "core/collab/resource_check.h"
#include "core/people/own_view.h"
#include "tests/core/people/people_world.h"

namespace brobygger::people {
namespace {

absl::StatusOr<v1::Correction> Ask(PeopleWorld& world,
                                   const std::string& association_id,
                                   const std::string& statement) {
  v1::Correction wanted;
  wanted.set_association_id(association_id);
  wanted.set_field_path("purpose");
  wanted.set_statement(statement);
  wanted.set_date(world.Today());
  absl::StatusOr<v1::Correction> made = absl::UnknownError("not run");
  world.store
      ->Write("operator",
              [&](storage::Transaction& transaction) {
                made =
                    RequestCorrection(transaction, wanted, registry::v1::PERSPECTIVE_MUNICIPALITY);
                return made.status();
              })
      .IgnoreError();
  return made;
}

absl::StatusOr<v1::Correction> Close(PeopleWorld& world,
                                     const std::string& id,
                                     bool corrected,
                                     const std::string& note) {
  v1::CloseCorrectionRequest request;
  request.set_correction_id(id);
  request.set_corrected(corrected);
  request.set_note(note);
  absl::StatusOr<v1::Correction> closed = absl::UnknownError("not run");
  world.store
      ->Write("operator",
              [&](storage::Transaction& transaction) {
                closed = CloseCorrection(transaction, request);
                return closed.status();
              })
      .IgnoreError();
  return closed;
}

int Listed(const PeopleWorld& world, const std::string& association_id, bool show_closed) {
  v1::ListCorrectionsRequest request;
  request.set_association_id(association_id);
  request.set_show_closed(show_closed);
  const auto listed = ListCorrections(**world.store->Latest(), request);
  REQUIRE(listed.ok());
  return listed->corrections_size();
}

TEST_CASE("what an association wants corrected is listed until it is answered") {
  PeopleWorld world;
  const std::string association = world.Associate("Fjordbroen", true);
  const auto asked = Ask(world, association, "Formålet er også lektiehjælp.");
  REQUIRE(asked.ok());
  CHECK(asked->official_name() == "Fjordbroen");
  CHECK(Listed(world, association, false) == 1);
  CHECK(Listed(world, "", false) == 1);
  CHECK(Listed(world, world.Associate("Havnebroen", true), true) == 0);

  CHECK(base::ReasonOf(Close(world, asked->id(), false, "").status()) ==
        reasons::ERROR_REASON_FIELD_INVALID);
  CHECK(base::ReasonOf(Close(world, "", true, "").status()) ==
        reasons::ERROR_REASON_CORRECTION_NOT_FOUND);
  const auto closed = Close(world, asked->id().substr(0, 8), true, "");
  REQUIRE(closed.ok());
  CHECK(closed->state() == v1::Correction::STATE_CORRECTED);
  CHECK(Listed(world, association, false) == 0);
  CHECK(Listed(world, association, true) == 1);
}

TEST_CASE("a request that tells of a person's belief is refused, naming the word") {
  PeopleWorld world;
  const auto asked = Ask(world, world.Associate("Fjordbroen", true), "Formanden er ikke muslim");
  CHECK(base::ReasonOf(asked.status()) == reasons::ERROR_REASON_FIELD_INVALID);
  CHECK(asked.status().ToString().find("'muslim'") != std::string::npos);
}

TEST_CASE("an association sees what is recorded about it, and of persons only how many") {
  PeopleWorld world;
  const std::string association = world.Associate("Fjordbroen", true);
  world.MustAdd(world.Chair(association));
  REQUIRE(Ask(world, association, "Formålet er også lektiehjælp.").ok());
  const auto view = GetOwnView(*world.store, world.clock, association);
  REQUIRE(view.ok());
  CHECK(view->association().official_name() == "Fjordbroen");
  CHECK(view->association().provenance_size() == 1);
  CHECK(view->corrections_size() == 1);
  CHECK(view->person_count() == 1);
  CHECK(view->SerializeAsString().find("Zarathea") == std::string::npos);
  CHECK_FALSE(GetOwnView(*world.store, world.clock, "00000000-0000-4000-8000-000000000009").ok());
}

TEST_CASE(
    "what it should say instead is kept, with who wrote it down, and is checked as texts are") {
  PeopleWorld world;
  v1::Correction wanted;
  wanted.set_association_id(world.Associate("Fjordbroen", true));
  wanted.set_field_path("phones");
  wanted.set_statement("Vi har fået et nyt nummer");
  wanted.set_wanted_value("+4510550101");
  wanted.set_date(world.Today());
  const auto ask = [&] {
    absl::StatusOr<v1::Correction> made = absl::UnknownError("not run");
    (void)world.store->Write("key:0011", [&](storage::Transaction& transaction) {
      made = RequestCorrection(transaction, wanted, registry::v1::PERSPECTIVE_ASSOCIATION);
      return made.status();
    });
    return made;
  };
  const auto made = ask();
  REQUIRE(made.ok());
  CHECK(made->wanted_value() == "+4510550101");
  CHECK(made->perspective() == registry::v1::PERSPECTIVE_ASSOCIATION);
  wanted.set_wanted_value("0101701234");
  CHECK(base::ReasonOf(ask().status()) == reasons::ERROR_REASON_CPR_REFUSED);
  wanted.set_wanted_value("Formanden er muslim");
  CHECK(base::ReasonOf(ask().status()) == reasons::ERROR_REASON_FIELD_INVALID);
}

TEST_CASE("an association sees what it does together with others, and its own resource checks") {
  PeopleWorld world;
  const std::string id = world.Associate("Fjordbroen", true);
  const collab::Actor itself{.name = "key:0011", .association_id = id};
  const auto written = world.store->Write("key:0011", [&](storage::Transaction& transaction) {
    collab::v1::CreateCollaborationRequest wanted;
    wanted.mutable_collaboration()->set_title("Høstfest");
    const auto made = collab::CreateCollaboration(transaction, wanted, itself);
    if (!made.ok()) return made.status();
    collab::v1::ResourceCheck check;
    check.set_subject(collab::v1::RESOURCE_SUBJECT_ASSOCIATION);
    check.set_subject_id(id);
    check.set_mode(collab::v1::RESOURCE_CHECK_MODE_SELF);
    auto& score = *check.add_scores();
    score.set_statement_id("vision-1");
    score.set_score(3);
    return collab::RecordResourceCheck(transaction, check, itself,
                                       collab::ShippedResourceStatements())
        .status();
  });
  INFO(written.status());
  REQUIRE(written.ok());
  const auto view = GetOwnView(*world.store, world.clock, id);
  INFO(view.status());
  REQUIRE(view.ok());
  REQUIRE(view->collaborations_size() == 1);
  CHECK(view->collaborations(0).title() == "Høstfest");
  CHECK(view->collaborations(0).state() == collab::v1::COLLABORATION_STATE_IDEA);
  REQUIRE(view->resource_checks_size() == 1);
  CHECK_FALSE(view->resource_checks(0).shared());
  REQUIRE(view->association_ids_size() == 1);
  CHECK(view->association_ids(0) == id);
}

}  // namespace
}  // namespace brobygger::people
