// Records of which it is not known whether they were made.
#include "tests/core/sync/creating_hub.h"

namespace brobygger::sync {
namespace {

// A record was made, the answer was lost, and the source cannot be asked.
struct DoubtfulHub : CreatingHub {
  DoubtfulHub() {
    source.loses_answers = 1;
    source.can_look_up = false;
    made = Make("Sprogcafeen Ved Havnen");
    Outbound();
    Sync();
    REQUIRE(Conflicts().size() == 1);
  }

  Association made;
};

TEST_CASE("what was edited while it was in doubt whether a record was made is written to it") {
  DoubtfulHub hub;
  Association next = hub.made;
  for (const Association& one : hub.Associations()) {
    if (one.id() == hub.made.id()) next = one;
  }
  next.clear_phones();
  next.add_phones("22222222");
  hub.Edit(next, "phones");
  hub.Outbound();
  hub.Resolve(v1::ResolveConflictRequest::CHOICE_SOURCE);
  hub.Outbound();
  REQUIRE(hub.RecordOf(hub.made.id()) != nullptr);
  CHECK(hub.RecordOf(hub.made.id())->fields().at("tlf").text() == "22222222");
  CHECK(hub.source.records.size() == 2);
}

TEST_CASE("whether a record was made is asked until it is known, and no longer") {
  DoubtfulHub hub;
  SECTION("also when its association is deleted meanwhile") {
    hub.Delete(hub.made.id());
    hub.Sync();
    hub.Sync();
    CHECK(hub.Conflicts().size() == 1);
  }
  SECTION("the source can be asked again") {
    hub.source.can_look_up = true;
    hub.Sync();
    hub.Sync();
    CHECK(hub.Conflicts().empty());
  }
}

}  // namespace
}  // namespace brobygger::sync
