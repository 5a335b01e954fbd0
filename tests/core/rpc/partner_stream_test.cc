// Partners over the wire: found, and followed for as long as the caller may.
#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

#include "brobygger/discovery/v1/discovery_service.grpc.pb.h"

#include "core/base/error.h"
#include "core/registry/consent.h"
#include "core/registry/edit.h"
#include "core/rpc/discovery_service.h"
#include "tests/core/rpc/served.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::rpc {
namespace {

namespace v1 = discovery::v1;

access::Caller Centre() {
  access::Caller centre;
  centre.actor = "key:1";
  centre.kind = access::CallerKind::kVolunteerCentre;
  centre.rights = {access::v1::RIGHT_DISCOVERY_READ, access::v1::RIGHT_REGISTRY_READ};
  centre.municipality_code = "0615";
  centre.fields = {{access::v1::ASSOCIATION_FIELD_PURPOSE}};
  return centre;
}

// A volunteer centre whose key can be revoked, or cannot be checked for a while.
class CentreCaller final : public Callers {
 public:
  std::shared_ptr<const access::Caller> CallerAt(const std::string& /*peer*/) const override {
    return caller_;
  }
  absl::StatusOr<std::shared_ptr<const access::Caller>> CallerOf(
      const grpc::ServerContextBase& /*context*/) const override {
    if (revoked) return base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN, "revoked");
    if (unsure) return base::MakeError(errors::v1::ERROR_REASON_OVERLOADED, "not just now");
    return caller_;
  }

  std::atomic<bool> revoked = false;
  std::atomic<bool> unsure = false;

 private:
  std::shared_ptr<const access::Caller> caller_ = std::make_shared<const access::Caller>(Centre());
};

class ServedPartners {
 public:
  explicit ServedPartners(std::chrono::milliseconds heartbeat = std::chrono::minutes(10)) {
    clock_.Set(base::SystemClock().Now());
    service_ =
        std::make_unique<DiscoveryService>(*store_, contacts_, clock_, search_, door_, heartbeat);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::DiscoveryService::NewStub(
        grpc::CreateChannel(address(), grpc::InsecureChannelCredentials()));
  }
  ~ServedPartners() {
    service_->Stop();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
  }
  ServedPartners(const ServedPartners&) = delete;
  ServedPartners& operator=(const ServedPartners&) = delete;

  // One that a volunteer centre may see.
  storage::Revision Associate(const std::string& official_name) {
    const auto revision = store_->Write("operator", [&](storage::Transaction& transaction) {
      registry::v1::Association wanted;
      wanted.set_official_name(official_name);
      wanted.set_municipality_code("0615");
      const auto made = registry::CreateAssociation(transaction, wanted, "operator");
      if (!made.ok()) return made.status();
      registry::v1::VisibilityConsent consent;
      consent.set_volunteer_centres(true);
      consent.set_date("2026-05-04");
      consent.set_evidence("brev");
      return registry::RecordVisibilityConsent(transaction, made->id(), consent,
                                               registry::v1::PERSPECTIVE_MUNICIPALITY)
          .status();
    });
    INFO(revision.status());
    REQUIRE(revision.ok());
    return *revision;
  }

  grpc::Status Find(const v1::FindPartnersRequest& request, v1::FindPartnersResponse& response) {
    grpc::ClientContext context;
    return stub_->FindPartners(&context, request, &response);
  }

  CentreCaller& caller() { return callers_; }
  v1::DiscoveryService::Stub& stub() { return *stub_; }
  DiscoveryService& service() { return *service_; }

 private:
  std::string address() const { return "unix:" + (folder_.path() / "s").string(); }

  support::FakeClock clock_;
  support::TempFolder folder_;
  std::unique_ptr<storage::Store> store_ = storage::OpenMemoryStore(base::SystemClock());
  CentreCaller callers_;
  Door door_{callers_, {}};
  feed::Feed feed_{*store_};
  discovery::ContactIndex contacts_;
  search::Follower search_{*store_, feed_, {}};
  std::unique_ptr<DiscoveryService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::DiscoveryService::Stub> stub_;
};

// A stream that the test reads.
class Follow {
 public:
  explicit Follow(ServedPartners& hub, const v1::FollowPartnersRequest& request = {}) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    reader_ = hub.stub().FollowPartners(&context_, request);
  }
  ~Follow() {
    if (reader_ == nullptr) return;
    context_.TryCancel();
    End();
  }
  Follow(const Follow&) = delete;
  Follow& operator=(const Follow&) = delete;

  // The next message; a partner's name, "gone", or "-" for none of them.
  std::string Next() {
    v1::FollowPartnersResponse response;
    if (!reader_->Read(&response)) return "end";
    position = response.position();
    if (response.has_partner()) return response.partner().official_name();
    return response.gone_association_id().empty() ? "-" : "gone";
  }

  grpc::Status End() {
    v1::FollowPartnersResponse ignored;
    while (reader_->Read(&ignored)) continue;
    return std::exchange(reader_, nullptr)->Finish();
  }

  std::string position;

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::FollowPartnersResponse>> reader_;
};

}  // namespace

TEST_CASE("who waits for a write finds the partner it made", "[rpc]") {
  ServedPartners hub;
  v1::FindPartnersRequest request;
  request.set_min_revision(hub.Associate("Lektiecafeen"));
  v1::FindPartnersResponse response;
  REQUIRE(hub.Find(request, response).ok());
  CHECK(response.partners_size() == 1);
  request.set_min_revision(4711);
  CHECK(support::ReasonOf(hub.Find(request, response)) == "REVISION_UNKNOWN");
}

TEST_CASE("partners are told as they come, and a second stream goes on from there", "[rpc]") {
  ServedPartners hub;
  hub.Associate("A");
  std::string position;
  {
    Follow follow(hub);
    CHECK(follow.Next() == "A");
    CHECK(follow.position.empty());
    CHECK(follow.Next() == "-");
    CHECK_FALSE(follow.position.empty());
    hub.Associate("B");
    CHECK(follow.Next() == "B");
    position = follow.position;
  }
  hub.Associate("C");
  v1::FollowPartnersRequest request;
  request.set_position(position);
  request.set_stop_at_end(true);
  Follow follow(hub, request);
  CHECK(follow.Next() == "C");
  CHECK(follow.Next() == "-");
  CHECK(follow.Next() == "end");
  CHECK(follow.End().ok());
}

TEST_CASE("a stream without news gives a sign of life", "[rpc]") {
  ServedPartners hub(std::chrono::milliseconds(20));
  Follow follow(hub);
  for (int i = 0; i < 3; ++i) CHECK(follow.Next() == "-");
}

TEST_CASE("a stream ends when the key is revoked, and not when nobody can tell", "[rpc]") {
  ServedPartners hub(std::chrono::milliseconds(20));
  Follow follow(hub);
  CHECK(follow.Next() == "-");
  hub.caller().unsure = true;
  for (int i = 0; i < 5; ++i) CHECK(follow.Next() == "-");
  hub.caller().revoked = true;
  CHECK(support::ReasonOf(follow.End()) == "NOT_SIGNED_IN");
}

TEST_CASE("a hub that stops says so to who follows", "[rpc]") {
  ServedPartners hub;
  Follow follow(hub);
  CHECK(follow.Next() == "-");
  hub.service().Stop();
  CHECK(support::ReasonOf(follow.End()) == "STOPPING");
}

TEST_CASE("what cannot be followed is refused before anything is told", "[rpc]") {
  ServedPartners hub;
  v1::FollowPartnersRequest request;
  request.mutable_criteria()->add_weekdays("torsdag");
  CHECK(support::ReasonOf(Follow(hub, request).End()) == "QUERY_INVALID");
  request.clear_criteria();
  request.set_position("nonsense");
  CHECK(support::ReasonOf(Follow(hub, request).End()) == "PAGE_TOKEN_INVALID");
}

TEST_CASE("a key with granted fields may make no call that does not answer field by field",
          "[rpc]") {
  ServedPartners hub;
  grpc::ClientContext context;
  v1::WhoKnowsResponse response;
  v1::WhoKnowsRequest request;
  request.set_municipality_code("0615");
  CHECK(support::ReasonOf(hub.stub().WhoKnows(&context, request, &response)) == "NOT_ALLOWED");
}

}  // namespace brobygger::rpc
