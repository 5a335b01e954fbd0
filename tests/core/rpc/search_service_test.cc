// Search over the wire: waiting for one's own write, health, and who may.
#include "core/rpc/search_service.h"

#include <catch2/catch.hpp>

#include "brobygger/search/v1/search_service.grpc.pb.h"

#include "core/registry/edit.h"
#include "core/rpc/revision_token.h"
#include "core/storage/memory/memory_store.h"
#include "core/storage/store_around.h"
#include "tests/core/rpc/served.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::rpc {
namespace {

namespace v1 = search::v1;

// A store whose changes cannot be read while it is told so, so that search falls behind.
class SlowStore final : public storage::StoreAround {
 public:
  using StoreAround::StoreAround;
  absl::StatusOr<std::vector<storage::Change>> ChangesAfter(storage::Revision after,
                                                            int limit) const override {
    if (fails) return absl::UnavailableError("not now");
    return StoreAround::ChangesAfter(after, limit);
  }
  std::atomic<bool> fails = false;
};

class ServedSearch {
 public:
  explicit ServedSearch(access::Caller caller = access::LocalOperator())
      : callers_(std::move(caller)) {
    clock_.Set(base::SystemClock().Now());
    search::FollowerOptions options;
    options.retry = absl::Milliseconds(1);
    follower_ = std::make_unique<search::Follower>(store, feed_, std::move(options));
    service_ = std::make_unique<SearchService>(store, contacts_, clock_, *follower_, door_);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::SearchService::NewStub(
        grpc::CreateChannel(address(), grpc::InsecureChannelCredentials()));
    REQUIRE(contacts_.Load(**store.Latest()).ok());
  }
  ~ServedSearch() {
    service_->Stop();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
  }

  storage::Revision Associate(const std::string& official_name) {
    const auto revision = store.Write("operator", [&](storage::Transaction& transaction) {
      registry::v1::Association wanted;
      wanted.set_official_name(official_name);
      wanted.set_municipality_code("0615");
      return registry::CreateAssociation(transaction, wanted, "operator").status();
    });
    REQUIRE(revision.ok());
    return *revision;
  }

  grpc::Status Search(const std::string& query,
                      storage::Revision min_revision,
                      v1::SearchAssociationsResponse& response,
                      storage::Revision by_metadata = 0) {
    v1::SearchAssociationsRequest request;
    request.set_query(query);
    request.set_min_revision(min_revision);
    grpc::ClientContext context;
    if (by_metadata > 0) context.AddMetadata(kMinRevisionKey, std::to_string(by_metadata));
    return stub_->SearchAssociations(&context, request, &response);
  }

  v1::GetSearchHealthResponse Health() {
    grpc::ClientContext context;
    v1::GetSearchHealthResponse response;
    REQUIRE(stub_->GetSearchHealth(&context, {}, &response).ok());
    return response;
  }

  std::string address() const { return "unix:" + (folder_.path() / "s").string(); }

  SlowStore store{storage::OpenMemoryStore(base::SystemClock())};

 private:
  support::FakeClock clock_;
  support::TempFolder folder_;
  OneCaller callers_;
  Door door_{callers_, {}};
  feed::Feed feed_{store};
  discovery::ContactIndex contacts_;
  std::unique_ptr<search::Follower> follower_;
  std::unique_ptr<SearchService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::SearchService::Stub> stub_;
};

}  // namespace

TEST_CASE("who waits for the own write finds it", "[rpc]") {
  ServedSearch served;
  v1::SearchAssociationsResponse response;
  const auto revision = served.Associate("Lektiecafeen");
  REQUIRE(served.Search("lektiecafeen", revision, response).ok());
  CHECK(response.hits_size() == 1);
  CHECK(response.revision() >= revision);
}

TEST_CASE("a write that cannot be found in time is said to be behind", "[rpc]") {
  ServedSearch served;
  v1::SearchAssociationsResponse response;
  REQUIRE(served.Search("", served.Associate("Sangkoret"), response).ok());
  served.store.fails = true;
  const auto revision = served.Associate("Lektiecafeen");
  const auto behind = served.Search("lektiecafeen", revision, response);
  CHECK(behind.error_code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(support::ReasonOf(behind) == "SEARCH_BEHIND");
  // Between two tries it says for a moment that it is trying.
  const auto failed = [&] {
    return served.Health().state() == v1::GetSearchHealthResponse::STATE_FAILED;
  };
  bool seen = false;
  for (int look = 0; look < 1000 && !seen; ++look) seen = failed();
  CHECK(seen);
  // As for any other read, the metadata may say so instead.
  CHECK(support::ReasonOf(served.Search("lektiecafeen", 0, response, revision)) == "SEARCH_BEHIND");
  // Without waiting it is answered from what there is.
  CHECK(served.Search("sangkoret", 0, response).ok());
  CHECK(response.hits_size() == 1);
  served.store.fails = false;
  REQUIRE(served.Search("lektiecafeen", revision, response).ok());
  CHECK(served.Health().state() == v1::GetSearchHealthResponse::STATE_FOLLOWING);
}

TEST_CASE("a revision that is not made yet is refused at once", "[rpc]") {
  ServedSearch served;
  v1::SearchAssociationsResponse response;
  const auto refused = served.Search("", 4711, response);
  CHECK(support::ReasonOf(refused) == "REVISION_UNKNOWN");
}

TEST_CASE("a hostile query is answered or refused by name", "[rpc]") {
  ServedSearch served;
  served.Associate("Lektiecafeen");
  v1::SearchAssociationsResponse response;
  std::string filters;
  for (int i = 0; i < 1000; ++i) filters += "a:b ";
  for (const std::string& query :
       {std::string(10'000, 'x'), filters, std::string("* * *"), std::string("a\0b", 3),
        std::string("\"\"\"\"\"\"-\"*"), std::string("((((&&&|||)))) OR NOT AND"),
        std::string("\xE2\x80\xAE\xE2\x80\x8F lektie"), std::string("\xF0\x9F\x99\x82")}) {
    const auto status = served.Search(query, 0, response);
    if (status.ok()) continue;
    CHECK(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
    CHECK(support::ReasonOf(status) == "QUERY_INVALID");
  }
}

TEST_CASE("who may not ask who knows whom may not search either", "[rpc]") {
  ServedSearch served(access::Stranger());
  v1::SearchAssociationsResponse response;
  CHECK_FALSE(served.Search("", 0, response).ok());
}

}  // namespace brobygger::rpc
