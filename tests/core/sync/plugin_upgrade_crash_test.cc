// A hub that is killed while a stream follows a new version of its plugin.
#include "core/sync/claims.h"
#include "tests/core/sync/two_way_hub.h"
#include "tests/histories/crashing_store.h"

namespace brobygger::sync {
namespace {

using plugin::v1::UpgradeStateRequest;
using plugin::v1::UpgradeStateResponse;
using storage::Kind;

const StreamKey kCrashStream{.connection_id = "tilskud", .stream = "associations"};

// A hub whose disk can be made to stop.
struct KilledHub {
  histories::CrashingStore* disk = nullptr;
  registry::Identity identity{matching::Model::Shipped()};
  std::unique_ptr<storage::Store> store;
  support::FakeSource source;
  std::unique_ptr<Engine> engine;
  supervisor::CancelToken cancel;

  KilledHub() {
    auto inner =
        std::make_unique<histories::CrashingStore>(storage::OpenMemoryStore(base::SystemClock()));
    disk = inner.get();
    store = registry::MakeIndexingStore(std::move(inner), identity);
    REQUIRE(store
                ->Write("operator",
                        [](storage::Transaction& transaction) {
                          return CreateConnection(transaction, Writable()).status();
                        })
                .ok());
    Start();
  }

  void Start() {
    disk->Live();
    engine = std::make_unique<Engine>(*store, identity, source, base::SystemClock());
  }

  absl::StatusOr<v1::Run> Sync() {
    const auto plan = engine->PlanSync("tilskud", "operator", nullptr, cancel);
    if (!plan.ok()) return plan.status();
    v1::ApplyPlanRequest request;
    request.set_plan_id(plan->id());
    request.set_accept_held(true);
    return engine->ApplyPlan(request, "operator", nullptr, cancel);
  }

  bool Has(const std::string& id) {
    return *(*store->Latest())->Find(Kind::kClaim, kCrashStream.For(id)) != nullptr;
  }
};

TEST_CASE("a hub that is killed while it follows a new version has done all of it or nothing") {
  KilledHub hub;
  hub.source.version = "1.0.0";
  hub.source.Tell("1", TwoWayHub::Row("Kulturforeningen Fjorden", "11111111", ""));
  REQUIRE(hub.Sync().ok());
  const bool durable = GENERATE(false, true);
  int asked = 0;
  bool kill = true;
  hub.source.upgrade = [&](const UpgradeStateRequest& request) {
    ++asked;
    UpgradeStateResponse response;
    for (const auto& id : request.external_ids())
      (*response.mutable_external_ids())[id] = "A-" + id;
    if (kill) hub.disk->DieAfter(0, durable);
    return absl::StatusOr<UpgradeStateResponse>(response);
  };
  auto record = hub.source.records.at("1");
  record.set_external_id("A-1");
  (*record.mutable_fields())["tlf"].set_text("33333333");
  hub.source.records = {{"A-1", record}};
  hub.source.version = "2.0.0";
  REQUIRE_FALSE(hub.Sync().ok());
  CHECK(hub.Has("A-1") == durable);
  CHECK(hub.Has("1") != durable);

  kill = false;
  hub.Start();
  const auto run = hub.Sync();
  INFO(run.status());
  REQUIRE(run.ok());
  CHECK(run->created_count() == 0);
  CHECK(run->unlinked_count() == 0);
  CHECK(run->updated_count() == 1);
  CHECK(asked == (durable ? 1 : 2));
  CHECK_FALSE(hub.Has("1"));
  CHECK(hub.Has("A-1"));
}

}  // namespace
}  // namespace brobygger::sync
