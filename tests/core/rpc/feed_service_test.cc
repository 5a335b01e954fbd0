#include "core/rpc/feed_service.h"

#include <atomic>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/status_macros.h"
#include "core/registry/edit.h"
#include "tests/core/rpc/served.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::rpc {
namespace {

using feed::v1::Change;
using feed::v1::FollowChangesRequest;
using feed::v1::FollowChangesResponse;

// A caller who follows changes on a connection of their own.
class Follow {
 public:
  explicit Follow(const Served& hub, const FollowChangesRequest& request = {})
      : stub_(feed::v1::FeedService::NewStub(hub.NewChannel())) {
    Served::Prepare(context_);
    reader_ = stub_->FollowChanges(&context_, request);
  }
  ~Follow() { Hangup(); }
  Follow(const Follow&) = delete;
  Follow& operator=(const Follow&) = delete;

  bool Next(FollowChangesResponse* response) { return reader_->Read(response); }

  grpc::Status End() {
    FollowChangesResponse ignored;
    while (reader_->Read(&ignored)) continue;
    return std::exchange(reader_, nullptr)->Finish();
  }

  void Hangup() {
    if (reader_ == nullptr) return;
    context_.TryCancel();
    End();
  }

 private:
  std::unique_ptr<feed::v1::FeedService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<FollowChangesResponse>> reader_;
};

FollowChangesRequest After(storage::Revision revision) {
  FollowChangesRequest request;
  request.set_after_revision(revision);
  return request;
}

absl::Status Write(Served& hub, const std::string& official_name, const std::string& purpose = "") {
  registry::v1::Association wanted;
  wanted.set_official_name(official_name);
  wanted.set_municipality_code("0615");
  if (!purpose.empty()) (*wanted.mutable_purpose()->mutable_by_language())["da"] = purpose;
  const auto create = [&](storage::Transaction& transaction) {
    return registry::CreateAssociation(transaction, wanted, "test").status();
  };
  return hub.store().Write("test", create).status();
}

void Add(Served& hub, const std::string& official_name, const std::string& purpose = "") {
  const absl::Status written = Write(hub, official_name, purpose);
  INFO(written);
  REQUIRE(written.ok());
}

TEST_CASE("changes come from the asked revision on, and then as they are made") {
  Served hub;
  Add(hub, "one");
  Add(hub, "two");
  Follow follow(hub, After(1));
  FollowChangesResponse response;
  REQUIRE(follow.Next(&response));
  REQUIRE(response.changes_size() == 1);
  CHECK(response.changes(0).revision() == 2);
  CHECK(response.changes(0).kind() == Change::KIND_CREATED);
  CHECK_FALSE(response.changes(0).has_association());
  CHECK(response.through_revision() == 2);

  Add(hub, "three");
  REQUIRE(follow.Next(&response));
  CHECK(response.changes(0).revision() == 3);
}

TEST_CASE("a stream that is to stop at the end says how far it came, and ends well") {
  Served hub;
  Add(hub, "one");
  FollowChangesRequest request;
  request.set_stop_at_end(true);
  request.set_include_records(true);
  Follow follow(hub, request);
  FollowChangesResponse response;
  REQUIRE(follow.Next(&response));
  CHECK(response.changes(0).association().official_name() == "one");
  CHECK(follow.End().ok());

  Follow nothing(hub, [&] {
    auto from_the_end = After(1);
    from_the_end.set_stop_at_end(true);
    return from_the_end;
  }());
  REQUIRE(nothing.Next(&response));
  CHECK(response.changes().empty());
  CHECK(response.through_revision() == 1);
}

TEST_CASE("no change is skipped or doubled while many write and followers come and go") {
  constexpr int kWriters = 4;
  constexpr int kEach = 60;
  Served hub;
  // Catch2 takes assertions and messages from one thread at a time only.
  std::atomic<int> failed = 0;
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&hub, &failed, writer] {
      for (int i = 0; i < kEach; ++i) {
        if (!Write(hub, std::to_string(writer) + "-" + std::to_string(i)).ok()) ++failed;
      }
    });
  }
  storage::Revision seen = 0;
  while (seen < kWriters * kEach) {
    // Each connection reads a few messages, is lost, and the next goes on.
    Follow follow(hub, After(seen));
    for (int i = 0; i < 3 && seen < kWriters * kEach; ++i) {
      FollowChangesResponse response;
      REQUIRE(follow.Next(&response));
      for (const Change& change : response.changes()) REQUIRE(change.revision() == ++seen);
      REQUIRE(response.through_revision() == seen);
    }
  }
  writers.clear();
  CHECK(failed == 0);
}

TEST_CASE("a follower who does not read delays nobody") {
  Served hub;
  FollowChangesRequest request;
  request.set_include_records(true);
  Follow slow(hub, request);
  Follow quick(hub, request);
  // Far more than the connection's windows hold.
  constexpr int kRecords = 3000;
  const std::string purpose(2000, 'p');
  for (int i = 0; i < kRecords; ++i) Add(hub, std::to_string(i), purpose);

  FollowChangesResponse response;
  while (response.through_revision() < kRecords) REQUIRE(quick.Next(&response));
  // The slow one has missed nothing once it does read.
  storage::Revision seen = 0;
  while (seen < kRecords) {
    REQUIRE(slow.Next(&response));
    CHECK(response.ByteSizeLong() < (513 << 10));
    for (const Change& change : response.changes()) REQUIRE(change.revision() == ++seen);
  }
}

TEST_CASE("a revision's changes come in one message, however large") {
  Served hub;
  constexpr int kRecords = 700;
  const auto revision = hub.store().Write("test", [&](storage::Transaction& transaction) {
    for (int i = 0; i < kRecords; ++i) {
      registry::v1::Association wanted;
      wanted.set_official_name(std::to_string(i));
      wanted.set_municipality_code("0615");
      (*wanted.mutable_purpose()->mutable_by_language())["da"] = std::string(1500, 'p');
      BB_RETURN_IF_ERROR(registry::CreateAssociation(transaction, wanted, "test").status());
    }
    return absl::OkStatus();
  });
  REQUIRE(revision.ok());
  FollowChangesRequest request;
  request.set_include_records(true);
  Follow follow(hub, request);
  FollowChangesResponse response;
  REQUIRE(follow.Next(&response));
  CHECK(response.changes_size() == kRecords);
  CHECK(response.through_revision() == 1);
}

TEST_CASE("a stream without changes gives signs of life") {
  ServedOptions options;
  options.heartbeat = std::chrono::milliseconds(50);
  Served hub(nullptr, options);
  Add(hub, "one");
  Follow follow(hub, After(1));
  FollowChangesResponse response;
  for (int i = 0; i < 2; ++i) {
    REQUIRE(follow.Next(&response));
    CHECK(response.changes().empty());
    CHECK(response.through_revision() == 1);
  }
}

TEST_CASE("following from a revision that is not made yet is refused") {
  Served hub;
  Follow follow(hub, After(7));
  const auto status = follow.End();
  CHECK(status.error_code() == grpc::StatusCode::OUT_OF_RANGE);
  CHECK(support::ReasonOf(status) == "REVISION_UNKNOWN");
}

TEST_CASE("a hub that stops ends its followers, and takes no others") {
  Served hub;
  Follow follow(hub);
  while (hub.door().in_flight() == 0) std::this_thread::yield();
  hub.door().Close();
  hub.feed_service().Stop();
  CHECK(support::ReasonOf(follow.End()) == "STOPPING");
  Follow late(hub);
  CHECK(support::ReasonOf(late.End()) == "STOPPING");
}

TEST_CASE("a caller who may not read the registry may not follow it") {
  ServedOptions options;
  options.caller = {"stranger", {}};
  Served hub(nullptr, options);
  Follow follow(hub);
  CHECK(support::ReasonOf(follow.End()) == "NOT_ALLOWED");
}

TEST_CASE("a follower who hangs up leaves nothing behind") {
  Served hub;
  {
    Follow follow(hub);
    while (hub.door().in_flight() == 0) std::this_thread::yield();
  }
  while (hub.door().in_flight() != 0) std::this_thread::yield();
  Add(hub, "one");
  SUCCEED("the write woke nobody who is gone");
}

}  // namespace
}  // namespace brobygger::rpc
