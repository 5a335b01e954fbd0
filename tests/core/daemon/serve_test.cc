#include "core/daemon/serve.h"

#include <atomic>
#include <filesystem>

#include <absl/synchronization/blocking_counter.h>
#include <catch2/catch.hpp>
#include <sys/resource.h>

#include "brobygger/registry/v1/registry_service.grpc.pb.h"
#include "brobygger/sync/v1/sync_service.grpc.pb.h"

#include "tests/core/daemon/hub_process.h"
#include "tests/support/rounds.h"

namespace brobygger::daemon {
namespace {

namespace v1 = registry::v1;
using std::chrono::milliseconds;

void Prepare(grpc::ClientContext& context) {
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
}

v1::CreateAssociationRequest Wanted(int number) {
  v1::CreateAssociationRequest request;
  request.mutable_association()->set_official_name("Forening " + std::to_string(number));
  request.mutable_association()->set_municipality_code("0615");
  return request;
}

grpc::Status Create(v1::RegistryService::Stub& stub, int number) {
  grpc::ClientContext context;
  Prepare(context);
  v1::CreateAssociationResponse response;
  return stub.CreateAssociation(&context, Wanted(number), &response);
}

// A write whose answer comes later.
struct Pending {
  grpc::ClientContext context;
  v1::CreateAssociationRequest request;
  v1::CreateAssociationResponse response;
  grpc::Status status;
};

// Many writes under way at once on one connection. Returns when the hub has them
// all: what is sent on one connection arrives in order.
class Load {
 public:
  Load(v1::RegistryService::Stub& stub, int count) : answered_(count) {
    for (int i = 0; i < count; ++i) {
      auto& call = *calls_.emplace_back(std::make_unique<Pending>());
      Prepare(call.context);
      call.request = Wanted(i);
      stub.async()->CreateAssociation(&call.context, &call.request, &call.response,
                                      [this, &call](grpc::Status status) {
                                        call.status = std::move(status);
                                        answered_.DecrementCount();
                                      });
    }
    // They arrive in order but are let in by several threads; the writes take two
    // seconds, and so many round trips a fraction of one.
    for (int i = 0; i < 100; ++i) {
      grpc::ClientContext context;
      Prepare(context);
      v1::ListMunicipalitiesResponse response;
      CHECK(stub.ListMunicipalities(&context, v1::ListMunicipalitiesRequest(), &response).ok());
    }
  }

  // Waits for every answer; how many were good.
  int CountGood() {
    answered_.Wait();
    int good = 0;
    for (const auto& call : calls_) good += call->status.ok() ? 1 : 0;
    return good;
  }

 private:
  absl::BlockingCounter answered_;
  std::vector<std::unique_ptr<Pending>> calls_;
};

TEST_CASE("a hub serves every service, keeps what it wrote, and ends with 0") {
  HubProcess hub;
  REQUIRE(hub.IsReady());
  const auto channel = hub.NewChannel();
  const auto registry = v1::RegistryService::NewStub(channel);
  const auto status = Create(*registry, 1);
  INFO(status.error_message());
  CHECK(status.ok());
  grpc::ClientContext context;
  Prepare(context);
  sync::v1::ListPluginsResponse plugins;
  CHECK(sync::v1::SyncService::NewStub(channel)
            ->ListPlugins(&context, sync::v1::ListPluginsRequest(), &plugins)
            .ok());

  // A connection that is open but idle holds nothing up.
  const auto begin = HubProcess::Clock::now();
  hub.Signal(SIGTERM);
  CHECK(hub.NextNotice() == "STOPPING=1");
  CHECK(hub.ExitCode() == kExitDone);
  CHECK(HubProcess::Clock::now() - begin < std::chrono::seconds(4));
  CHECK_FALSE(std::filesystem::exists(hub.socket()));
}

TEST_CASE("calls in flight are answered when the hub is told to stop") {
  const int rounds = support::RoundsFrom("BROBYGGER_STOP_ROUNDS", 1);
  for (int round = 1; round <= rounds; ++round) {
    CAPTURE(round);
    HubProcess hub({.fault = "slow", .more_config = "", .descriptors = 0});
    REQUIRE(hub.IsReady());
    const auto stub = v1::RegistryService::NewStub(hub.NewChannel());
    constexpr int kCalls = 20;  // 2 s of writing
    Load load(*stub, kCalls);
    const auto begin = HubProcess::Clock::now();
    hub.Signal(SIGTERM);
    REQUIRE(hub.NextNotice() == "STOPPING=1");
    CHECK(load.CountGood() == kCalls);
    CHECK(hub.ExitCode() == kExitDone);
    CHECK(HubProcess::Clock::now() - begin < std::chrono::seconds(10));
  }
}

TEST_CASE("a call that outlives the grace is ended, and the hub still ends with 0 in 10 s") {
  HubProcess hub({.fault = "slow", .more_config = "stop_grace = '300ms'\n", .descriptors = 0});
  REQUIRE(hub.IsReady());
  const auto stub = v1::RegistryService::NewStub(hub.NewChannel());
  constexpr int kCalls = 20;
  Load load(*stub, kCalls);
  const auto begin = HubProcess::Clock::now();
  hub.Signal(SIGINT);
  CHECK(load.CountGood() < kCalls);
  CHECK(hub.ExitCode() == kExitDone);
  CHECK(HubProcess::Clock::now() - begin < std::chrono::seconds(10));
}

TEST_CASE("a second signal ends the hub at once") {
  HubProcess hub({.fault = "slow", .more_config = "", .descriptors = 0});
  REQUIRE(hub.IsReady());
  const auto stub = v1::RegistryService::NewStub(hub.NewChannel());
  Load load(*stub, 60);  // 6 s of writing
  hub.Signal(SIGTERM);
  REQUIRE(hub.NextNotice() == "STOPPING=1");
  const auto begin = HubProcess::Clock::now();
  hub.Signal(SIGTERM);
  CHECK(hub.ExitCode() == 128 + SIGTERM);
  CHECK(HubProcess::Clock::now() - begin < std::chrono::seconds(3));
  load.CountGood();
}

TEST_CASE("a failed disk ends the hub with 70 and acknowledges nothing") {
  HubProcess hub({.fault = "broken", .more_config = "", .descriptors = 0});
  REQUIRE(hub.IsReady());
  const auto stub = v1::RegistryService::NewStub(hub.NewChannel());
  CHECK_FALSE(Create(*stub, 1).ok());
  CHECK(hub.ExitCode() == kExitStorageFailed);
  CHECK(hub.Log().find("storage_failed") != std::string::npos);
}

TEST_CASE("a hub whose own socket does not answer ends with 75") {
  HubProcess hub({.fault = "", .more_config = "probe_interval = '100ms'\n", .descriptors = 0});
  REQUIRE(hub.IsReady());
  std::filesystem::remove(hub.socket());
  CHECK(hub.ExitCode() == kExitProbeFailed);
}

TEST_CASE("a burst of connections over the descriptor limit shuts nobody out for long") {
  HubProcess hub({.fault = "", .more_config = "", .descriptors = 64});
  REQUIRE(hub.IsReady());
  const int rounds = support::RoundsFrom("BROBYGGER_DESCRIPTOR_ROUNDS", 3);
  for (int round = 1; round <= rounds; ++round) {
    CAPTURE(round);
    {
      std::vector<Descriptor> burst;
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      std::strncpy(address.sun_path, hub.socket().c_str(), sizeof(address.sun_path) - 1);
      for (int i = 0; i < 300; ++i) {
        Descriptor client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        connect(client.number(), reinterpret_cast<sockaddr*>(&address), sizeof(address));
        burst.push_back(std::move(client));
      }
    }
    const auto stub = v1::RegistryService::NewStub(hub.NewChannel());
    const auto begin = HubProcess::Clock::now();
    const auto status = Create(*stub, round);
    INFO(status.error_message());
    CHECK(status.ok());
    CHECK(HubProcess::Clock::now() - begin < std::chrono::seconds(10));
  }
}

TEST_CASE("a hub leaves no core file") {
  HubProcess hub;
  REQUIRE(hub.IsReady());
  rlimit core{};
  REQUIRE(prlimit(hub.pid(), RLIMIT_CORE, nullptr, &core) == 0);
  CHECK(core.rlim_max == 0);
}

TEST_CASE("a hub that cannot start says why and ends with 1") {
  HubProcess wrong({.fault = "", .more_config = "calls = 3\n", .descriptors = 0});
  CHECK(wrong.ExitCode() == kExitFailed);
  CHECK(wrong.Log().find("hub.toml:8: there is no key 'limits.calls'") != std::string::npos);
}

}  // namespace
}  // namespace brobygger::daemon
