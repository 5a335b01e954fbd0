// A hub whose clock stands still, or is set back.
#include <catch2/catch.hpp>

#include "tests/support/fake_clock.h"
#include "tests/support/sync_hub.h"

namespace brobygger::sync {
namespace {

using support::Association;

TEST_CASE("an edit is noticed also while the hub's clock stands still or is set back") {
  support::FakeClock clock;
  registry::Identity identity(matching::Model::Shipped());
  const auto store = registry::MakeIndexingStore(storage::OpenMemoryStore(clock), identity);
  support::FakeSource source;
  Engine engine(*store, identity, source, clock);
  const supervisor::CancelToken cancel;
  REQUIRE(
      store
          ->Write(
              "operator",
              [](storage::Transaction& transaction) {
                return CreateConnection(transaction, support::ConnectionNamed("tilskud")).status();
              })
          .ok());
  const auto sync = [&] {
    const auto plan = engine.PlanSync("tilskud", "operator", nullptr, cancel);
    REQUIRE(plan.ok());
    v1::ApplyPlanRequest request;
    request.set_plan_id(plan->id());
    REQUIRE(engine.ApplyPlan(request, "operator", nullptr, cancel).ok());
  };
  source.Tell("1", {{"navn", "Kulturforeningen Fjorden"}});
  source.Tell("2", {{"navn", "Sprogcafeen"}});
  sync();
  clock.Advance(-std::chrono::minutes(10));
  const auto listed = registry::ListAssociations(*store, {});
  REQUIRE(listed->associations_size() == 2);
  for (Association edited : listed->associations()) {
    if (edited.official_name() != "Sprogcafeen") continue;
    edited.add_phones("22222222");
    google::protobuf::FieldMask mask;
    mask.add_paths("phones");
    REQUIRE(
        store
            ->Write(
                "anette",
                [&](storage::Transaction& transaction) {
                  return registry::UpdateAssociation(transaction, edited, mask, "anette").status();
                })
            .ok());
  }
  source.records.clear();
  source.Tell("3", {{"navn", "Madklubben"}});
  sync();
  CHECK(engine.ListConflicts({})->conflicts_size() == 1);
}

}  // namespace
}  // namespace brobygger::sync
