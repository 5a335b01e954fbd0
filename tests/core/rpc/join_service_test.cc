// Joining over the wire, by somebody who is not signed in.
#include "core/rpc/join_service.h"

#include <atomic>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/registry/edit.h"
#include "core/rpc/join_codes.h"
#include "core/storage/memory/memory_store.h"
#include "tests/core/rpc/notebook.h"
#include "tests/support/fake_clock.h"
#include "tests/support/grpc_errors.h"
#include "tests/support/temp_folder.h"

namespace brobygger::rpc {
namespace {

namespace v1 = access::v1;
using support::ReasonOf;

// Nobody is signed in; who shows a secret is a stranger until it was wrong too often.
class Strangers final : public Callers {
 public:
  static constexpr int kMostWrong = 3;

  std::shared_ptr<const access::Caller> CallerAt(const std::string& /*peer*/) const override {
    return std::make_shared<const access::Caller>(access::Stranger());
  }
  absl::StatusOr<std::shared_ptr<const access::Caller>> CallerOf(
      const grpc::ServerContextBase& /*context*/) const override {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN, "sign in first");
  }
  absl::StatusOr<std::shared_ptr<const access::Caller>> CallerWithSecret(
      const grpc::ServerContextBase& context) const override {
    if (wrong >= kMostWrong) return TooMany();
    return CallerAt(context.peer());
  }
  absl::Status TellWrongSecret(const grpc::ServerContextBase& /*context*/,
                               const char* /*what*/) const override {
    ++wrong;
    return absl::OkStatus();
  }

  mutable std::atomic<int> wrong = 0;

 private:
  static absl::Status TooMany() {
    return base::MakeRetryError(errors::v1::ERROR_REASON_TOO_MANY_TRIES, "too many",
                                std::chrono::seconds(1));
  }
};

class Served {
 public:
  Served() {
    clock_.Set(base::SystemClock().Now());
    DoorOptions limits;
    limits.clock = &clock_;
    limits.auditor = &notebook;
    door_ = std::make_unique<Door>(strangers, limits);
    service_ = std::make_unique<JoinService>(
        *store_, clock_,
        [] {
          return std::shared_ptr<const access::Policy>(&access::Policy::Shipped(), [](auto*) {});
        },
        *door_);
    const std::string address = "unix:" + (folder_.path() / "hub.sock").string();
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials());
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ =
        v1::JoinService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
    Invite();
  }
  ~Served() { server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5)); }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  std::pair<grpc::Status, v1::JoinResponse> Join(const std::string& typed) {
    v1::JoinRequest request;
    request.set_code(typed);
    request.set_title("formand");
    v1::JoinResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    grpc::Status status = stub_->Join(&context, request, &response);
    return {std::move(status), std::move(response)};
  }

  grpc::Status ListCodes() {
    v1::ListJoinCodesResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    return stub_->ListJoinCodes(&context, v1::ListJoinCodesRequest(), &response);
  }

  Strangers strangers;
  Notebook notebook;
  std::string association;
  std::string code;

 private:
  void Invite() {
    registry::v1::Association wanted;
    wanted.set_official_name("Lawan");
    wanted.set_municipality_code("0615");
    const auto written =
        store_->Write("test", [&](storage::Transaction& transaction) -> absl::Status {
          const auto made = registry::CreateAssociation(transaction, wanted, "test");
          if (!made.ok()) return made.status();
          const auto invited = CreateJoinCode(transaction, made->id(), "user:1");
          if (!invited.ok()) return invited.status();
          association = made->id();
          code = invited->text;
          return absl::OkStatus();
        });
    INFO(written.status());
    REQUIRE(written.ok());
  }

  support::TempFolder folder_;
  support::FakeClock clock_;
  std::unique_ptr<storage::Store> store_ = storage::OpenMemoryStore(clock_);
  std::unique_ptr<Door> door_;
  std::unique_ptr<JoinService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::JoinService::Stub> stub_;
};

}  // namespace

TEST_CASE("who is not signed in may join, and call nothing else of the service", "[rpc]") {
  Served served;
  CHECK(ReasonOf(served.ListCodes()) == "NOT_SIGNED_IN");
  const auto [status, joined] = served.Join(served.code);
  INFO(status.error_message());
  REQUIRE(status.ok());
  CHECK(joined.official_name() == "Lawan");
  CHECK(joined.key().starts_with("bb_" + joined.api_key().id()));
  CHECK(served.strangers.wrong == 0);
}

TEST_CASE("that somebody joined is written down, with the association that the code tells",
          "[rpc]") {
  Served served;
  REQUIRE(served.Join(served.code).first.ok());
  const auto told = served.notebook.told();
  REQUIRE(told.size() == 1);
  CHECK(told[0].actor == "stranger");
  CHECK(told[0].method == "brobygger.access.v1.JoinService/Join");
  CHECK(told[0].object_id == served.association);
}

TEST_CASE("what cannot be written down lets nobody in, and the code stays good", "[rpc]") {
  Served served;
  served.notebook.full = true;
  CHECK(ReasonOf(served.Join(served.code).first) == "AUDIT_UNAVAILABLE");
  served.notebook.full = false;
  CHECK(served.Join(served.code).first.ok());
}

TEST_CASE("each wrong code is told to the door, which looks at no code any more then", "[rpc]") {
  Served served;
  for (int i = 0; i < Strangers::kMostWrong; ++i) {
    CHECK(ReasonOf(served.Join("AAAA-AAAA-AAAA-AAAA").first) == "JOIN_CODE_INVALID");
  }
  CHECK(served.strangers.wrong == Strangers::kMostWrong);
  CHECK(ReasonOf(served.Join(served.code).first) == "TOO_MANY_TRIES");
  served.strangers.wrong = 0;
  CHECK(served.Join(served.code).first.ok());
  CHECK(ReasonOf(served.Join(served.code).first) == "JOIN_CODE_INVALID");
  CHECK(served.strangers.wrong == 1);
}

}  // namespace brobygger::rpc
