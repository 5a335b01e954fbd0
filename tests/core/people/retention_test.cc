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

  const auto nothing = world.people->RunRetention(false);
  REQUIRE(nothing.ok());
  CHECK(nothing->persons_erased() == 0);
  CHECK(nothing->persons_kept() == 2);

  world.clock.Advance(std::chrono::hours(24 * 10));
  for (const bool dry : {true, false}) {
    const auto counts = world.people->RunRetention(dry);
    REQUIRE(counts.ok());
    CHECK(counts->persons_erased() == 1);
    CHECK(counts->roles_removed() == 2);
    CHECK(counts->persons_kept() == 1);
    CHECK(world.Unfold(left).ok() == dry);
    CHECK(world.Unfold(changed)->roles_size() == (dry ? 2 : 1));
  }
  CHECK(world.erased == std::vector<std::string>{left});
  CHECK(world.people->RunRetention(false)->persons_erased() == 0);
  // Time has passed; nobody has asked not to be recorded.
  leaving.mutable_roles(0)->set_expires_date(world.Today(20));
  CHECK(world.Add(leaving).ok());
}

TEST_CASE("retention takes away records whose key is gone") {
  PeopleWorld world;
  world.MustAdd(world.Chair(world.Associate("Fjordbroen", true)));
  world.Close();
  std::filesystem::remove(world.File("people.keys"));
  world.Open();
  CHECK(world.people->RunRetention(true)->unreadable_removed() == 1);
  CHECK(world.people->RunRetention(false)->unreadable_removed() == 1);
  CHECK(world.people->RunRetention(false)->unreadable_removed() == 0);
}

}  // namespace
}  // namespace brobygger::people
