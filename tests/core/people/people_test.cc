#include "core/people/people.h"

#include "core/model/labels.h"
#include "tests/core/people/people_world.h"

namespace brobygger::people {
namespace {

TEST_CASE("a person who is recorded can be unfolded, and after a restart") {
  PeopleWorld world;
  const std::string id = world.MustAdd(world.Chair(world.Associate("Fjordbroen", true)));
  world.Restart();
  const auto person = world.Unfold(id);
  REQUIRE(person.ok());
  CHECK(person->display_name() == "Zarathea Blåregnskov");
  CHECK(person->recorded_by() == "operator");
  CHECK(base::ReasonOf(world.Unfold("00000000-0000-4000-8000-000000000009").status()) ==
        reasons::ERROR_REASON_PERSON_NOT_FOUND);
}

TEST_CASE("no file of the hub tells the person's name, address or number in plain text") {
  PeopleWorld world;
  world.MustAdd(world.Chair(world.Associate("Fjordbroen", true)));
  world.Close();
  CHECK(PeopleWorld::FilesWith({"Zarathea", "Blåregnskov", "blaaregnskov", "12345678"},
                               world.folder.path())
            .empty());
}

TEST_CASE("an association that is not said to be no minority association counts as one") {
  PeopleWorld world;
  const auto without_article_9 = [&](std::optional<bool> minority) {
    v1::Person person = world.Chair(world.Associate("Fjordbroen", minority));
    person.mutable_roles(0)->clear_sensitive_basis();
    person.set_email(minority.value_or(true) ? "a@b.example" : "c@d.example");
    return base::ReasonOf(world.Add(person).status());
  };
  CHECK(without_article_9(std::nullopt) == reasons::ERROR_REASON_FIELD_INVALID);
  CHECK(without_article_9(true) == reasons::ERROR_REASON_FIELD_INVALID);
  CHECK(without_article_9(false) == reasons::ERROR_REASON_UNSPECIFIED);
}

TEST_CASE("contact points tell the function and never the name") {
  PeopleWorld world;
  const std::string association = world.Associate("Fjordbroen", true);
  v1::Person mailbox = world.Chair(association);
  mailbox.clear_display_name();
  mailbox.set_email("bestyrelsen@fjordbroen.example");
  mailbox.mutable_roles(0)->set_function(v1::PERSON_FUNCTION_CONTACT_PERSON);
  world.MustAdd(mailbox);
  world.MustAdd(world.Chair(association));
  v1::ListContactPointsRequest request;
  request.set_association_id(association);
  const auto listed = world.people->ListContactPoints(access::LocalOperator(), request);
  REQUIRE(listed.ok());
  REQUIRE(listed->contact_points_size() == 2);
  CHECK(listed->contact_points(0).function() == v1::PERSON_FUNCTION_CONTACT_PERSON);
  CHECK_FALSE(listed->contact_points(0).name_on_record());
  CHECK(listed->contact_points(1).function() == v1::PERSON_FUNCTION_CHAIR);
  CHECK(listed->contact_points(1).name_on_record());
  CHECK(listed->SerializeAsString().find("Zarathea") == std::string::npos);
  request.set_association_id("00000000-0000-4000-8000-000000000009");
  CHECK(
      base::ReasonOf(world.people->ListContactPoints(access::LocalOperator(), request).status()) ==
      reasons::ERROR_REASON_ASSOCIATION_NOT_FOUND);
}

TEST_CASE("a person who is on record is not recorded again, however the name is written") {
  PeopleWorld world;
  v1::Person chair = world.Chair(world.Associate("Fjordbroen", true));
  const std::string id = world.MustAdd(chair);
  chair.set_display_name("ZARATHEA  blåregnskov");
  chair.set_email("Zarathea@BLAAREGNSKOV.example");
  const auto again = world.Add(chair);
  CHECK(base::ReasonOf(again.status()) == reasons::ERROR_REASON_ALREADY_EXISTS);
  CHECK(base::ErrorMetadata(again.status(), "person_id") == id);
  CHECK(world.people->count() == 1);
  // And not twice in one call, of which then nothing is kept.
  chair.set_email("another@blaaregnskov.example");
  CHECK_FALSE(world.people->Add(access::LocalOperator(), {chair, chair}, false).ok());
  CHECK(world.people->count() == 1);
}

TEST_CASE("an update replaces what the mask names, and nothing if somebody wrote first") {
  PeopleWorld world;
  const std::string id = world.MustAdd(world.Chair(world.Associate("Fjordbroen", true)));
  v1::UpdatePersonRequest request;
  request.set_person_id(id);
  request.mutable_person()->set_phone("87654321");
  request.mutable_person()->set_display_name("not in the mask");
  request.mutable_update_mask()->add_paths("phone");
  REQUIRE(world.people->Update(access::LocalOperator(), request).ok());
  CHECK(world.Unfold(id)->phone() == "+4587654321");
  CHECK(world.Unfold(id)->display_name() == "Zarathea Blåregnskov");
  request.mutable_person()->set_etag("r0");
  CHECK(base::ReasonOf(world.people->Update(access::LocalOperator(), request)) ==
        reasons::ERROR_REASON_ETAG_MISMATCH);
  request.mutable_update_mask()->add_paths("id");
  CHECK(base::ReasonOf(world.people->Update(access::LocalOperator(), request)) ==
        reasons::ERROR_REASON_FIELD_INVALID);
}

TEST_CASE("an export has all that is recorded on the person, and of nobody else") {
  PeopleWorld world;
  const std::string association = world.Associate("Fjordbroen", true);
  world.MustAdd(world.Chair(association));
  v1::Person other = world.Chair(association);
  other.set_display_name("Tyge Månestråle");
  other.set_email("tyge@maanestraale.example");
  world.MustAdd(other);
  v1::ExportPersonRequest who;
  who.set_display_name("zarathea blåregnskov");
  who.set_email("zarathea@blaaregnskov.example");
  const auto json = world.people->Export(access::LocalOperator(), who);
  REQUIRE(json.ok());
  for (const char* part : {"Zarathea Blåregnskov", "+4512345678", "PERSON_FUNCTION_CHAIR",
                           "RECORDING_BASIS_CONSENT", "expires_date", "network day"}) {
    CAPTURE(part);
    CHECK(json->find(part) != std::string::npos);
  }
  CHECK(json->find("Tyge") == std::string::npos);
}

TEST_CASE("every word for a function, a basis and a state has a Danish and an English label") {
  for (const auto* type : {v1::PersonFunction_descriptor(), v1::RecordingBasis_descriptor(),
                           v1::SensitiveBasis_descriptor(), v1::Correction::State_descriptor()}) {
    for (int i = 0; i < type->value_count(); ++i) {
      CAPTURE(type->value(i)->full_name());
      CHECK_FALSE(model::Label(type->full_name(), type->value(i)->name(), "da").empty());
      CHECK_FALSE(model::Label(type->full_name(), type->value(i)->name(), "en").empty());
    }
  }
}

}  // namespace
}  // namespace brobygger::people
