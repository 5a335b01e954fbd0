#include "core/rpc/sync_service.h"

#include <atomic>
#include <thread>

#include <absl/synchronization/notification.h>
#include <catch2/catch.hpp>

#include "core/base/id.h"
#include "core/storage/store_around.h"
#include "tests/core/rpc/served.h"
#include "tests/support/grpc_errors.h"
#include "tests/support/sync_hub.h"

namespace brobygger::rpc {
namespace {

namespace v1 = sync::v1;
using Stub = v1::SyncService::Stub;
using support::ConnectionNamed;
using support::ReasonOf;

// A source whose plugin starts only when the gate is open.
class GatedSource final : public supervisor::Supervisor {
 public:
  std::vector<supervisor::PluginFile> Plugins() const override { return source.Plugins(); }
  absl::StatusOr<std::unique_ptr<supervisor::Session>> Open(
      const supervisor::ProcessSpec& spec) override {
    if (!entered.HasBeenNotified()) entered.Notify();
    gate.WaitForNotification();
    return source.Open(spec);
  }
  void Committed(const base::ConnectionId& connection) override { source.Committed(connection); }
  supervisor::ProcessStatus StatusOf(const base::ConnectionId& connection) const override {
    return source.StatusOf(connection);
  }
  void Stop(const base::ConnectionId& connection) override { source.Stop(connection); }

  support::FakeSource source;
  absl::Notification entered;
  absl::Notification gate;
};

// Takes commits until it is told to take only one more, as a process does that dies
// then; what comes after that is refused until it lives again.
class MortalStore final : public storage::StoreAround {
 public:
  using StoreAround::StoreAround;

  void DieAfterNextCommit() { commits_left_ = 1; }
  void Revive() { commits_left_ = kMany; }

  void Submit(std::string actor, Body body, Done done) override {
    StoreAround::Submit(
        std::move(actor),
        [this, body = std::move(body)](storage::Transaction& transaction) {
          if (commits_left_ == 0) return absl::UnavailableError("the hub is dead");
          const absl::Status status = body(transaction);
          if (status.ok()) --commits_left_;
          return status;
        },
        std::move(done));
  }

 private:
  static constexpr int kMany = 1'000'000;
  std::atomic<int> commits_left_ = kMany;
};

// An engine and its service on a Unix socket.
class SyncHub {
 public:
  explicit SyncHub(bool open = true, access::Caller caller = access::LocalOperator())
      : callers_(std::move(caller)) {
    if (open) OpenGate();
    grpc::ServerBuilder builder;
    const std::string address = "unix:" + (folder_.path() / "hub.sock").string();
    builder.AddListeningPort(address, grpc::InsecureServerCredentials());
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ =
        v1::SyncService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  }
  ~SyncHub() {
    OpenGate();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
    service_.Stop();
  }
  SyncHub(const SyncHub&) = delete;
  SyncHub& operator=(const SyncHub&) = delete;

  void OpenGate() {
    if (!source_.gate.HasBeenNotified()) source_.gate.Notify();
  }
  absl::Notification& source_entered() { return source_.entered; }
  support::FakeSource& source() { return source_.source; }
  MortalStore& store() { return store_; }
  Door& door() { return door_; }
  Stub& stub() { return *stub_; }

  template <typename Response, typename Request>
  std::pair<grpc::Status, Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                      const Request&,
                                                                      Response*),
                                         const Request& request) {
    grpc::ClientContext context;
    Served::Prepare(context);
    Response response;
    grpc::Status status = ((*stub_).*method)(&context, request, &response);
    return {std::move(status), std::move(response)};
  }

  std::pair<grpc::Status, v1::Connection> Create(const v1::Connection& connection,
                                                 const std::string& request_id = "") {
    v1::CreateConnectionRequest request;
    *request.mutable_connection() = connection;
    request.set_request_id(request_id);
    auto [status, response] = Call(&Stub::CreateConnection, request);
    return {status, response.connection()};
  }

  std::pair<grpc::Status, v1::Plan> Plan(const std::string& connection_id) {
    grpc::ClientContext context;
    Served::Prepare(context);
    v1::PlanSyncRequest request;
    request.set_connection_id(connection_id);
    const auto reader = stub_->PlanSync(&context, request);
    v1::PlanSyncResponse response;
    while (reader->Read(&response)) continue;
    return {reader->Finish(), response.plan()};
  }

  std::pair<grpc::Status, v1::Run> Apply(const std::string& plan_id) {
    grpc::ClientContext context;
    Served::Prepare(context);
    v1::ApplyPlanRequest request;
    request.set_plan_id(plan_id);
    const auto reader = stub_->ApplyPlan(&context, request);
    v1::ApplyPlanResponse response;
    while (reader->Read(&response)) continue;
    return {reader->Finish(), response.run()};
  }

 private:
  support::TempFolder folder_;
  OneCaller callers_;
  registry::Identity identity_{matching::Model::Shipped()};
  MortalStore store_{
      registry::MakeIndexingStore(storage::OpenMemoryStore(base::SystemClock()), identity_)};
  GatedSource source_;
  sync::Engine engine_{store_, identity_, source_, base::SystemClock()};
  Door door_{callers_, DoorOptions()};
  SyncService service_{engine_, store_, door_, {.workers = 1, .queue = 1}};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

TEST_CASE("a connection is made, changed, tried, planned and applied") {
  SyncHub hub;
  hub.source().Tell("1", {{"navn", "Kulturforeningen Fjorden"}});
  const auto [created_status, made] = hub.Create(ConnectionNamed("tilskud"));
  INFO(created_status.error_message());
  REQUIRE(created_status.ok());

  v1::UpdateConnectionRequest change;
  *change.mutable_connection() = made;
  change.mutable_connection()->set_title("Tilskud i kommunen");
  CHECK(hub.Call(&Stub::UpdateConnection, change).second.connection().title() ==
        "Tilskud i kommunen");
  const auto listed = hub.Call(&Stub::ListConnections, v1::ListConnectionsRequest()).second;
  REQUIRE(listed.connections_size() == 1);
  CHECK(listed.statuses_size() == 1);
  v1::CheckConnectionRequest check;
  check.set_connection_id("tilskud");
  CHECK(hub.Call(&Stub::CheckConnection, check).first.ok());

  const auto [planned_status, plan] = hub.Plan("tilskud");
  INFO(planned_status.error_message());
  REQUIRE(planned_status.ok());
  CHECK(plan.create_count() == 1);
  v1::GetPlanRequest get;
  get.set_plan_id(plan.id());
  CHECK(hub.Call(&Stub::GetPlan, get).second.plan().id() == plan.id());
  v1::ListPlannedActionsRequest actions;
  actions.set_plan_id(plan.id());
  CHECK(hub.Call(&Stub::ListPlannedActions, actions).second.actions_size() == 1);

  const auto [applied_status, run] = hub.Apply(plan.id());
  INFO(applied_status.error_message());
  REQUIRE(applied_status.ok());
  CHECK(run.created_count() == 1);
  CHECK(run.actor() == "operator");
  CHECK(hub.Call(&Stub::ListRuns, v1::ListRunsRequest()).second.runs_size() > 0);
  CHECK(hub.Call(&Stub::ListRejectedRecords, v1::ListRejectedRecordsRequest()).first.ok());
  CHECK(hub.Call(&Stub::ListConflicts, v1::ListConflictsRequest()).first.ok());
  CHECK(hub.Call(&Stub::ListPlugins, v1::ListPluginsRequest()).first.ok());

  CHECK(ReasonOf(hub.Apply(plan.id()).first) == "PLAN_STALE");
}

TEST_CASE("what a sync call names must be there and be right") {
  SyncHub hub;
  CHECK(ReasonOf(hub.Plan("nowhere").first) == "CONNECTION_NOT_FOUND");
  CHECK(ReasonOf(hub.Apply(base::MakeUuid()).first) == "PLAN_NOT_FOUND");
  CHECK(ReasonOf(hub.Create(ConnectionNamed("Not An Id")).first) == "CONNECTION_INVALID");
  REQUIRE(hub.Create(ConnectionNamed("tilskud")).first.ok());
  CHECK(ReasonOf(hub.Create(ConnectionNamed("tilskud")).first) == "ALREADY_EXISTS");
  auto off = ConnectionNamed("lukket");
  off.set_disabled(true);
  REQUIRE(hub.Create(off).first.ok());
  const auto status = hub.Plan("lukket").first;
  CHECK(status.error_code() == grpc::StatusCode::FAILED_PRECONDITION);
  CHECK(ReasonOf(status) == "CONNECTION_DISABLED");
}

TEST_CASE("a connection that is made twice with one request id is made once") {
  SyncHub hub;
  const std::string id = base::MakeUuid();
  const auto first = hub.Create(ConnectionNamed("tilskud"), id);
  REQUIRE(first.first.ok());
  const auto again = hub.Create(ConnectionNamed("tilskud"), id);
  REQUIRE(again.first.ok());
  CHECK(again.second.SerializeAsString() == first.second.SerializeAsString());
  CHECK(ReasonOf(hub.Create(ConnectionNamed("andet"), id).first) == "REQUEST_ID_REUSED");
}

TEST_CASE("a hub that dies right after a commit answers the retry with what it committed") {
  SyncHub hub;
  const std::string id = base::MakeUuid();
  hub.store().DieAfterNextCommit();
  hub.Create(ConnectionNamed("tilskud"), id);
  hub.store().Revive();
  const auto [status, made] = hub.Create(ConnectionNamed("tilskud"), id);
  INFO(status.error_message());
  REQUIRE(status.ok());
  CHECK(made.etag() == "r1");

  v1::UpdateConnectionRequest change;
  *change.mutable_connection() = made;
  change.mutable_connection()->set_title("Tilskud i kommunen");
  change.mutable_connection()->add_owned_paths("purpose.da");
  change.set_request_id(base::MakeUuid());
  hub.store().DieAfterNextCommit();
  hub.Call(&Stub::UpdateConnection, change);
  hub.store().Revive();
  const auto [again, changed] = hub.Call(&Stub::UpdateConnection, change);
  INFO(again.error_message());
  REQUIRE(again.ok());
  CHECK(changed.connection().etag() == "r2");
  CHECK(changed.connection().title() == "Tilskud i kommunen");
}

// A PlanSync that does not read its answer yet.
class Planning {
 public:
  Planning(Stub& stub, const std::string& connection_id) {
    Served::Prepare(context_);
    v1::PlanSyncRequest request;
    request.set_connection_id(connection_id);
    reader_ = stub.PlanSync(&context_, request);
  }
  void Cancel() { context_.TryCancel(); }
  grpc::Status End() {
    v1::PlanSyncResponse response;
    while (reader_->Read(&response)) continue;
    return reader_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::PlanSyncResponse>> reader_;
};

TEST_CASE("more work than there is room for is refused, and reads go on") {
  SyncHub busy(/*open=*/false);
  REQUIRE(busy.Create(ConnectionNamed("a")).first.ok());
  REQUIRE(busy.Create(ConnectionNamed("b")).first.ok());
  Planning first(busy.stub(), "a");
  busy.source_entered().WaitForNotification();
  // The one worker waits for its source. Of two more calls one waits in the queue
  // and the other is refused, and so ends while the gate is still shut.
  Planning second(busy.stub(), "b");
  Planning third(busy.stub(), "b");
  absl::Mutex mutex;
  std::vector<grpc::Status> ended;
  const auto collect = [&](Planning& planning) {
    grpc::Status status = planning.End();
    const absl::MutexLock lock(&mutex);
    ended.push_back(std::move(status));
  };
  std::jthread second_end([&] { collect(second); });
  std::jthread third_end([&] { collect(third); });
  {
    const auto any = [&] { return !ended.empty(); };
    const absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(&any));
    CHECK(ended[0].error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
    CHECK(ReasonOf(ended[0]) == "OVERLOADED");
  }
  CHECK(busy.Call(&Stub::ListConnections, v1::ListConnectionsRequest()).first.ok());
  busy.OpenGate();
  CHECK(first.End().ok());
  second_end.join();
  third_end.join();
  CHECK(ended.back().ok());
}

TEST_CASE("a plan whose caller hangs up ends without a plan") {
  SyncHub hub(/*open=*/false);
  hub.source().Tell("1", {{"navn", "Kulturforeningen Fjorden"}});
  REQUIRE(hub.Create(ConnectionNamed("tilskud")).first.ok());
  Planning planning(hub.stub(), "tilskud");
  while (hub.door().in_flight() == 0) std::this_thread::yield();
  planning.Cancel();
  CHECK(planning.End().error_code() == grpc::StatusCode::CANCELLED);
  // What is sent on one connection arrives in order, so the hub has heard of it.
  for (int i = 0; i < 20; ++i) hub.Call(&Stub::ListConnections, v1::ListConnectionsRequest());
  hub.OpenGate();
  while (hub.door().in_flight() != 0) std::this_thread::yield();
  const auto listed = hub.Call(&Stub::ListConnections, v1::ListConnectionsRequest()).second;
  CHECK(listed.statuses(0).waiting_plan_id().empty());
}

TEST_CASE("a caller who may only look may not sync") {
  SyncHub hub(/*open=*/true, {"looker", {access::v1::RIGHT_SYNC_READ}});
  CHECK(hub.Call(&Stub::ListConnections, v1::ListConnectionsRequest()).first.ok());
  CHECK(ReasonOf(hub.Plan("x").first) == "NOT_ALLOWED");
  CHECK(ReasonOf(hub.Create(ConnectionNamed("x")).first) == "NOT_ALLOWED");
}

}  // namespace
}  // namespace brobygger::rpc
