#include "tests/core/people/people_world.h"

namespace brobygger::people {
namespace {

TEST_CASE("retention tells first and then takes what has expired") {
  PeopleWorld world;
  const std::string association = world.Associate("Fjordbroen", true);
  v1::Person leaving = world.Chair(association);
  leaving.mutable_roles(0)->set_expires_date(world.Today(10));
  const std::string left = world.MustAdd(leaving);
  v1::Person changing = world.Chair(association);
  changing.set_display_name("Tyge Månestråle");
  changing.set_email("tyge@maanestraale.example");
  *changing.add_roles() = leaving.roles(0);
  changing.mutable_roles(1)->set_function(v1::PERSON_FUNCTION_TREASURER);
  const std::string changed = world.MustAdd(changing);

  const auto nothing = world.people->RunRetention(access::LocalOperator(), false);
  REQUIRE(nothing.ok());
  CHECK(nothing->persons_erased() == 0);
  CHECK(nothing->persons_kept() == 2);

  world.clock.Advance(std::chrono::hours(24 * 10));
  for (const bool dry : {true, false}) {
    const auto counts = world.people->RunRetention(access::LocalOperator(), dry);
    REQUIRE(counts.ok());
    CHECK(counts->persons_erased() == 1);
    CHECK(counts->roles_removed() == 2);
    CHECK(counts->persons_kept() == 1);
    CHECK(world.people->count() == (dry ? 2 : 1));
  }
  CHECK(world.erased == std::vector<std::string>{left});
  CHECK(world.Unfold(changed)->roles_size() == 1);
  CHECK(world.people->RunRetention(access::LocalOperator(), false)->persons_erased() == 0);
  // Time has passed; nobody has asked not to be recorded.
  leaving.mutable_roles(0)->set_expires_date(world.Today(20));
  CHECK(world.Add(leaving).ok());
}

TEST_CASE("what has expired is shown to nobody, also before retention runs") {
  PeopleWorld world;
  const std::string association = world.Associate("Fjordbroen", true);
  v1::Person person = world.Chair(association);
  person.mutable_roles(0)->set_expires_date(world.Today(10));
  *person.add_roles() = person.roles(0);
  person.mutable_roles(1)->set_function(v1::PERSON_FUNCTION_TREASURER);
  person.mutable_roles(1)->set_expires_date(world.Today(20));
  const std::string id = world.MustAdd(person);
  v1::ListContactPointsRequest request;
  request.set_association_id(association);
  const auto seen = [&] {
    return world.people->ListContactPoints(access::LocalOperator(), request)->contact_points_size();
  };
  CHECK(seen() == 2);

  world.clock.Advance(std::chrono::hours(24 * 10));
  CHECK(seen() == 1);
  CHECK(world.Unfold(id)->roles_size() == 1);
  v1::UpdatePersonRequest update;
  update.set_person_id(id);
  update.mutable_person()->set_phone("87654321");
  update.mutable_update_mask()->add_paths("phone");
  CHECK(world.people->Update(access::LocalOperator(), update).ok());
  CHECK(world.people->RunRetention(access::LocalOperator(), true)->roles_removed() == 0);

  world.clock.Advance(std::chrono::hours(24 * 10));
  CHECK(seen() == 0);
  CHECK(base::ReasonOf(world.Unfold(id).status()) == reasons::ERROR_REASON_PERSON_NOT_FOUND);
  // The person's own right to see what is still there does not end with it.
  v1::ExportPersonRequest own;
  own.set_person_id(id);
  CHECK(world.people->Export(access::LocalOperator(), own).ok());
}

TEST_CASE("retention takes away records whose key is gone") {
  PeopleWorld world;
  world.MustAdd(world.Chair(world.Associate("Fjordbroen", true)));
  world.Close();
  std::filesystem::remove(world.File("people.keys"));
  world.Open();
  CHECK(world.people->RunRetention(access::LocalOperator(), true)->unreadable_removed() == 1);
  CHECK(world.people->RunRetention(access::LocalOperator(), false)->unreadable_removed() == 1);
  CHECK(world.people->RunRetention(access::LocalOperator(), false)->unreadable_removed() == 0);
}

}  // namespace
}  // namespace brobygger::people
