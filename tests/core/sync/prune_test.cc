#include "core/sync/prune.h"

#include <memory>

#include <catch2/catch.hpp>

#include "brobygger/sync/v1/claim.pb.h"
#include "brobygger/sync/v1/operation.pb.h"

#include "core/storage/memory/memory_store.h"
#include "core/sync/keys.h"
#include "core/sync/runs.h"
#include "tests/support/fake_clock.h"

namespace brobygger::sync {
namespace {

using std::chrono::days;
using storage::Kind;

struct Past {
  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);

  Past() {
    v1::Connection connection;
    connection.set_id("tilskud");
    Put(Kind::kConnection, "tilskud", connection.SerializeAsString());
  }

  void Put(Kind kind, const std::string& key, const std::string& bytes) {
    REQUIRE(store
                ->Write("test",
                        [&](storage::Transaction& transaction) {
                          return transaction.Put(kind, key, bytes);
                        })
                .ok());
  }

  v1::Run Ran(const std::string& id, int days_ago, std::uint64_t updated) {
    v1::Run run;
    run.set_id(id);
    run.set_connection_id("tilskud");
    run.set_state(v1::Run::STATE_DONE);
    run.set_updated_count(updated);
    *run.mutable_start_time() = base::ToTimestamp(clock.Now() - days(days_ago));
    Keep(run);
    Put(Kind::kRunPart, PlanPartKey(id, 0), "");
    return run;
  }

  void Keep(const v1::Run& run) {
    Put(Kind::kRun, RunKey("tilskud", base::ToInstant(run.start_time()), run.id()),
        run.SerializeAsString());
  }

  void Planned(const std::string& id, int days_ago) {
    v1::Plan plan;
    plan.set_id(id);
    plan.set_connection_id("tilskud");
    *plan.mutable_create_time() = base::ToTimestamp(clock.Now() - days(days_ago));
    Put(Kind::kPlan, id, plan.SerializeAsString());
    Put(Kind::kPlanPart, PlanPartKey(id, 0), "");
  }

  std::vector<std::string> Keys(Kind kind) {
    const auto entries = (*store->Latest())->Scan(kind, {});
    REQUIRE(entries.ok());
    std::vector<std::string> keys;
    for (const auto& entry : *entries) {
      const std::size_t slash = entry.key.rfind('/');
      const bool part = kind == Kind::kRunPart || kind == Kind::kPlanPart;
      keys.push_back(part ? entry.key.substr(0, slash) : entry.key.substr(slash + 1));
    }
    std::sort(keys.begin(), keys.end());
    return keys;
  }
};

using Names = std::vector<std::string>;

TEST_CASE("reports of runs go when they are old, idle ones soon, and the newest never") {
  Past past;
  past.Ran("idle-old", 2, 0);
  past.Ran("idle-new", 0, 0);
  past.Ran("busy-old", 91, 3);
  past.Ran("busy", 89, 3);
  auto applications = past.Ran("applications", 2, 0);
  applications.mutable_applications()->set_gone_count(1);
  past.Keep(applications);
  auto held = past.Ran("held", 2, 0);
  held.set_state(v1::Run::STATE_WAITING);
  past.Keep(held);
  REQUIRE(Prune(*past.store, past.clock).ok());
  CHECK(past.Keys(Kind::kRun) == Names{"applications", "busy", "held", "idle-new"});
  CHECK(past.Keys(Kind::kRunPart) == Names{"applications", "busy", "held", "idle-new"});

  past.clock.Advance(days(400));
  REQUIRE(Prune(*past.store, past.clock).ok());
  CHECK(past.Keys(Kind::kRun) == Names{"idle-new"});
}

TEST_CASE("a run that is under way is never taken for an old one") {
  Past past;
  auto run = past.Ran("under-way", 200, 0);
  run.set_state(v1::Run::STATE_RUNNING);
  past.Keep(run);
  past.Ran("newest", 0, 1);
  REQUIRE(Prune(*past.store, past.clock).ok());
  CHECK(past.Keys(Kind::kRun) == Names{"newest", "under-way"});
}

TEST_CASE("plans go a week after they were made, but for the one that waits") {
  Past past;
  past.Planned("old", 8);
  past.Planned("waits", 8);
  past.Planned("new", 6);
  v1::StreamState state;
  state.set_newest_plan_id("waits");
  past.Put(Kind::kStreamState, "tilskud/associations/", state.SerializeAsString());
  REQUIRE(Prune(*past.store, past.clock).ok());
  CHECK(past.Keys(Kind::kPlan) == Names{"new", "waits"});
  CHECK(past.Keys(Kind::kPlanPart) == Names{"new", "waits"});
}

TEST_CASE("a value that gave way is kept for five years") {
  Past past;
  for (const auto& [key, ago] : {std::pair("tilskud/a", 1826), std::pair("tilskud/b", 1824)}) {
    v1::OverruledValue value;
    *value.mutable_time() = base::ToTimestamp(past.clock.Now() - days(ago));
    past.Put(Kind::kOverruled, key, value.SerializeAsString());
  }
  REQUIRE(Prune(*past.store, past.clock).ok());
  CHECK(past.Keys(Kind::kOverruled) == Names{"b"});
}

TEST_CASE("many reports are taken away in several writes, and none is left") {
  Past past;
  for (int i = 0; i < 700; ++i) past.Ran("r" + std::to_string(i), 10 + i % 50, 0);
  past.Ran("newest", 0, 0);
  REQUIRE(Prune(*past.store, past.clock).ok());
  CHECK(past.Keys(Kind::kRun) == Names{"newest"});
  CHECK(past.Keys(Kind::kRunPart) == Names{"newest"});
}

}  // namespace
}  // namespace brobygger::sync
