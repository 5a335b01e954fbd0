// What is read once more, out of order, or only where it has changed.
#include <catch2/catch.hpp>

#include "core/sync/lists.h"
#include "tests/support/sync_hub.h"

namespace brobygger::sync {
namespace {

using support::Association;
using support::Hub;

// A source that tells only what has changed.
struct DeltaHub : Hub {
  DeltaHub() { source.delta = true; }

  void Tell(const std::string& id, const std::string& purpose) {
    source.Tell(id, {{"navn", "Forening nummer " + id}, {"formaal", purpose}});
  }

  std::string Purpose(const std::string& id) {
    for (const Association& association : Associations()) {
      if (association.official_name() != "Forening nummer " + id) continue;
      return association.has_purpose() ? association.purpose().by_language().at("da") : "";
    }
    return "(none)";
  }
};

TEST_CASE("of many records that were changed at one time none is missing, page by page") {
  DeltaHub hub;
  for (int i = 0; i < 11; ++i) hub.Tell("r" + std::to_string(i), "gammelt");
  hub.Sync();
  CHECK(hub.Associations().size() == 11);
  hub.source.clock = 60;
  for (int i = 3; i < 6; ++i) hub.Tell("r" + std::to_string(i), "nyt");
  hub.source.dies_after_records = GENERATE(-1, 0, 1, 2);
  CHECK(hub.Sync().updated_count() == 3);
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("many that are told to be gone wait for a person, also where only changes are read") {
  DeltaHub hub;
  for (int i = 0; i < 20; ++i) hub.Tell("r" + std::to_string(i), "gammelt");
  hub.Sync();
  hub.source.clock = 60;
  for (int i = 3; i < 7; ++i) hub.source.TakeAway("r" + std::to_string(i));
  hub.Tell("r9", "nyt");
  const auto plan = hub.Plan();
  CHECK(plan.delete_count() == 4);
  CHECK(plan.verdict() == v1::Plan::VERDICT_DELETIONS_HELD);
  const auto run = hub.Apply(plan);
  CHECK(run.deleted_count() == 0);
  CHECK(run.updated_count() == 1);
  CHECK(hub.Associations().size() == 20);
  hub.source.clock = 120;
  CHECK(hub.Sync("tilskud", true).deleted_count() == 4);
}

TEST_CASE("where nothing has changed since, nothing is held and nothing is gone") {
  DeltaHub hub;
  hub.Tell("1", "gammelt");
  hub.Sync();
  hub.source.clock = 60;
  hub.Plan();
  hub.source.records_sent = 0;
  const auto plan = hub.Plan();
  CHECK(hub.source.records_sent == 0);
  CHECK(plan.part_count() == 0);
  CHECK(plan.verdict() == v1::Plan::VERDICT_OK);
  CHECK(hub.Associations().size() == 1);
}

TEST_CASE("a record that is mended is kept aside no longer, also where only changes are read") {
  DeltaHub hub;
  hub.Tell("1", "gammelt");
  hub.source.malformed_rows = 1;
  hub.source.malformed_id = "2";
  hub.Sync();
  const auto aside = [&] {
    v1::ListRejectedRecordsRequest request;
    request.set_connection_id("tilskud");
    return ListRejectedRecords(**hub.store->Latest(), request)->records_size();
  };
  CHECK(aside() == 1);
  hub.source.malformed_rows = 0;
  hub.source.clock = 60;
  hub.Tell("1", "nyt");
  hub.Sync();
  CHECK(aside() == 1);
  hub.source.clock = 120;
  hub.Tell("2", "mendet");
  hub.Sync();
  CHECK(aside() == 0);
}

TEST_CASE("a record that need not have changed is not missed") {
  DeltaHub hub;
  auto connection = hub.engine.ListConnections("tilskud")->connections(0);
  connection.set_canary_external_id("1");
  REQUIRE(hub.Update(connection).ok());
  hub.Tell("1", "gammelt");
  hub.Tell("2", "gammelt");
  hub.Sync();
  hub.source.clock = 60;
  hub.Tell("2", "nyt");
  CHECK(hub.Plan().verdict() == v1::Plan::VERDICT_OK);
}

TEST_CASE("a record that is changed while the changes are read ends in its newest form") {
  DeltaHub hub;
  hub.Tell("1", "gammelt");
  hub.Tell("2", "gammelt");
  hub.Sync();
  hub.source.clock = 60;
  hub.Tell("1", "nyt");
  hub.Tell("2", "nyt");
  std::string newest;
  SECTION("it is another") { newest = "nyest"; }
  SECTION("it is what it was before") { newest = "gammelt"; }
  hub.source.between_batches = [&] {
    hub.source.clock = 120;
    hub.source.between_batches = nullptr;
    hub.Tell("1", newest);
  };
  const auto run = hub.Sync();
  CHECK(run.rejected_count() == 0);
  CHECK(hub.Purpose("1") == newest);
  CHECK(hub.Purpose("2") == "nyt");
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a record that is taken away and put back while the changes are read is there") {
  DeltaHub hub;
  hub.source.batch_records = 10;
  hub.Tell("1", "gammelt");
  hub.Sync();
  hub.source.clock = 60;
  hub.Tell("1", "nyt");
  hub.Tell("2", "nyt");
  hub.source.batch_records = 1;
  hub.source.between_batches = [&] {
    hub.source.clock += 60;
    if (hub.source.gone.empty() && hub.source.clock < 240) {
      hub.source.TakeAway("2");
    } else {
      hub.source.between_batches = nullptr;
      hub.source.BringBack("2");
    }
  };
  hub.Sync();
  CHECK(hub.Purpose("1") == "nyt");
  CHECK(hub.Purpose("2") == "nyt");
}

TEST_CASE("a record that is gone before anybody planned with it is not made") {
  Hub hub;
  hub.source.delta = GENERATE(false, true);
  hub.source.Tell("1", {{"navn", "Kulturforeningen Fjorden"}});
  hub.source.Tell("2", {{"navn", "Sprogcafeen"}});
  hub.Plan();
  hub.source.clock = 60;
  hub.source.TakeAway("2");
  hub.Sync();
  CHECK(hub.Associations().size() == 1);
  CHECK(hub.Plan().part_count() == 0);
  hub.source.clock = 120;
  hub.source.BringBack("2");
  hub.Sync();
  CHECK(hub.Associations().size() == 2);
}

TEST_CASE("a record that is back is not deleted, though the plugin dies while it says so") {
  Hub hub;
  hub.TellTen();
  hub.source.batch_records = 20;
  hub.Sync();
  hub.source.TakeAway("r3");
  CHECK(hub.Plan().delete_count() == 1);
  hub.source.BringBack("r3");
  hub.source.dies_before_checkpoint = true;
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a record that comes back is there again, though the plugin dies while it says so") {
  DeltaHub hub;
  hub.Tell("1", "gammelt");
  hub.Tell("2", "gammelt");
  hub.Sync();
  hub.source.clock = 60;
  hub.source.TakeAway("1");
  CHECK(hub.Sync().deleted_count() == 1);
  hub.source.clock = 120;
  hub.source.BringBack("1");
  hub.source.dies_before_checkpoint = true;
  hub.Sync();
  CHECK(hub.Associations().size() == 2);
}

}  // namespace
}  // namespace brobygger::sync
