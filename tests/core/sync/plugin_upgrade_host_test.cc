// A new version of a plugin, through the real host: the reference plugin takes over what its
// version 0.9 read, and the one for CSV files, which cannot, is read from the beginning.
#include <fstream>

#include "core/sync/claims.h"
#include "core/sync/plugin_upgrade.h"
#include "core/sync/renamed_records.h"
#include "tests/core/sync/two_way_hub.h"
#include "tests/support/temp_folder.h"

namespace brobygger::sync {
namespace {

namespace fs = std::filesystem;
using storage::Kind;

struct HostedHub {
  support::TempFolder folder;
  registry::Identity identity{matching::Model::Shipped()};
  std::unique_ptr<storage::Store> store =
      registry::MakeIndexingStore(storage::OpenMemoryStore(base::SystemClock()), identity);
  std::unique_ptr<supervisor::Supervisor> supervisor;
  std::unique_ptr<Engine> engine;
  supervisor::CancelToken cancel;
  StreamKey stream{.connection_id = "kilde", .stream = "associations"};

  HostedHub() {
    supervisor::SupervisorOptions options;
    options.run_dir = (folder.path() / "run").string();
    options.host_program = BB_BUILD_DIR "/bin/brobygger-plugin-host";
    options.plugin_roots = {BB_BUILD_DIR "/plugins"};
    options.next_epoch = [this](const base::ConnectionId& connection) {
      return NextEpoch(*store, connection);
    };
    options.backoff_base = options.backoff_cap = std::chrono::milliseconds(1);
    options.breaker_ends = 3;
    supervisor = *supervisor::MakeSupervisor(std::move(options));
    engine = std::make_unique<Engine>(*store, identity, *supervisor, base::SystemClock());
  }
  ~HostedHub() { engine.reset(); }

  void Write(absl::FunctionRef<absl::Status(storage::Transaction&)> body) {
    const auto written = store->Write("test", body);
    INFO(written.status());
    REQUIRE(written.ok());
  }

  v1::Connection Reading(const std::string& plugin, const std::string& config) const {
    v1::Connection connection;
    connection.set_id("kilde");
    connection.set_title("Kilde");
    connection.set_plugin(plugin);
    connection.set_family(v1::Connection::FAMILY_GRANTS);
    connection.set_config_json(config);
    connection.set_default_municipality_code("0615");
    connection.mutable_jail()->add_read_paths(folder.path().string());
    connection.mutable_jail()->add_write_paths(folder.path().string());
    auto& mapping = *connection.add_mappings();
    mapping.set_source_field("name");
    mapping.set_target("official_name");
    return connection;
  }

  void Connect(const v1::Connection& connection) {
    Write([&](storage::Transaction& transaction) {
      return CreateConnection(transaction, connection).status();
    });
  }

  absl::StatusOr<v1::Run> Sync() {
    const auto plan = engine->PlanSync("kilde", "operator", nullptr, cancel);
    if (!plan.ok()) return plan.status();
    v1::ApplyPlanRequest request;
    request.set_plan_id(plan->id());
    request.set_accept_held(true);
    return engine->ApplyPlan(request, "operator", nullptr, cancel);
  }

  v1::StreamState State() {
    return **Load<v1::StreamState>(**store->Latest(), Kind::kStreamState, stream.prefix());
  }

  void SetState(const v1::StreamState& state, const RenamedIds& renamed = {}) {
    Write([&](storage::Transaction& transaction) -> absl::Status {
      const absl::Status done = RenameRecords(transaction, stream, renamed);
      if (!done.ok()) return done;
      return transaction.Put(Kind::kStreamState, stream.prefix(), state.SerializeAsString());
    });
  }

  bool Has(const std::string& id) {
    return *(*store->Latest())->Find(Kind::kLink, stream.For(id)) != nullptr;
  }

  std::string Config(const std::string& faults = "[]") const {
    return R"({"file": ")" + (folder.path() / "registry.jsonl").string() + R"(", "faults": )" +
           faults + "}";
  }

  void TellRegistry(const std::vector<std::string>& names) const {
    std::ofstream out(folder.path() / "registry.jsonl");
    int number = 0;
    for (const std::string& name : names) {
      ++number;
      out << R"({"id": "r)" << number << R"(", "position": )" << number
          << R"(, "foreign_id": "", "changed_at": "2026-11-24T08:00:00Z", "deleted": false, )"
          << R"("fields": {"name": ")" << name << "\"}}\n";
    }
  }
};

// Two records as version 0.9 kept them, and its cursor.
struct OldRegistry : HostedHub {
  OldRegistry() {
    TellRegistry({"Fjordby Kor", "Fjordby Skak"});
    Connect(Reading("reference.registry", Config()));
    REQUIRE(Sync().ok());
    REQUIRE(State().plugin_version() == "1.0.0");
    v1::StreamState old = State();
    old.set_plugin_version("0.9.0");
    old.set_cursor("2");
    old.set_cursor_version(1);
    SetState(old, {{"r1", "registry:r1"}, {"r2", "registry:r2"}});
    REQUIRE(Has("registry:r1"));
    TellRegistry({"Fjordby Kor", "Fjordby Skakklub", "Fjordby Teater"});
  }

  void Reconfigure(const std::string& faults) {
    Write([&](storage::Transaction& transaction) {
      return UpdateConnection(transaction, Reading("reference.registry", Config(faults))).status();
    });
  }

  void CheckTakenOver() {
    const auto run = Sync();
    INFO(run.status());
    REQUIRE(run.ok());
    CHECK(run->created_count() == 1);
    CHECK(run->updated_count() == 1);
    CHECK(run->unlinked_count() == 0);
    CHECK(run->deleted_count() == 0);
    CHECK(State().plugin_version() == "1.0.0");
    CHECK(State().cursor_version() == 2);
    CHECK(Has("r1"));
    CHECK_FALSE(Has("registry:r1"));
    const auto again = engine->PlanSync("kilde", "operator", nullptr, cancel);
    REQUIRE(again.ok());
    CHECK(again->part_count() == 0);
  }
};

TEST_CASE("the reference plugin takes over what its version before read") {
  OldRegistry hub;
  hub.CheckTakenOver();
}

TEST_CASE("a plugin that ends while it takes over has changed nothing, and does it later") {
  OldRegistry hub;
  hub.Reconfigure(R"(["exit:UpgradeState"])");
  CHECK_FALSE(hub.Sync().ok());
  CHECK(hub.State().plugin_version() == "0.9.0");
  CHECK(hub.State().cursor() == "2");
  CHECK(hub.Has("registry:r1"));
  hub.Reconfigure("[]");
  hub.supervisor->Committed(base::ConnectionId("kilde"));
  hub.CheckTakenOver();
}

TEST_CASE("a cursor that the new version does not know is read from the beginning") {
  OldRegistry hub;
  v1::StreamState state = hub.State();
  state.set_plugin_version("7.0.0");
  state.set_cursor_version(99);
  hub.SetState(state, {{"registry:r1", "r1"}, {"registry:r2", "r2"}});
  hub.CheckTakenOver();
}

TEST_CASE("files of which the new version knows nothing are read again, though they are the same") {
  HostedHub hub;
  const fs::path files = hub.folder.path() / "files";
  fs::create_directories(files);
  std::ofstream(files / "foreninger.csv") << "Nr;Navn\n1;Fjordby Kor\n2;Fjordby Skak\n";
  hub.Connect(hub.Reading("files.csv", R"({"path": ")" + files.string() +
                                           R"(", "pattern": "*.csv", "id_column": "Nr",
      "stable_for_ms": 0, "columns": {"Navn": {"field": "name", "required": true}}})"));
  REQUIRE(hub.Sync().ok());
  const auto same = hub.Sync();
  REQUIRE(same.ok());
  REQUIRE(same->read_count() == 0);
  v1::StreamState state = hub.State();
  const std::string now = state.plugin_version();
  state.set_plugin_version("0.0.1");
  hub.SetState(state);
  const auto run = hub.Sync();
  INFO(run.status());
  REQUIRE(run.ok());
  CHECK(run->read_count() == 2);
  CHECK(run->created_count() + run->updated_count() + run->unlinked_count() == 0);
  CHECK(hub.State().plugin_version() == now);
}

}  // namespace
}  // namespace brobygger::sync
