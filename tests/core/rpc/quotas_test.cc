#include "core/rpc/quotas.h"

#include <catch2/catch.hpp>

#include "brobygger/access/v1/access_service.pb.h"
#include "brobygger/registry/v1/registry_service.pb.h"

#include "core/base/error.h"
#include "core/rpc/door.h"
#include "tests/core/rpc/served.h"
#include "tests/support/fake_clock.h"

namespace brobygger::rpc {
namespace {

using std::chrono::seconds;

access::Caller Called(const std::string& actor, int calls_per_minute = 0) {
  access::Caller caller;
  caller.actor = actor;
  caller.kind = access::CallerKind::kEmployee;
  caller.calls_per_minute = calls_per_minute;
  return caller;
}

int ReadsUntilRefused(Quotas& quotas, const access::Caller& caller) {
  int reads = 0;
  while (quotas.Enter(caller, false).ok()) ++reads;
  return reads;
}

}  // namespace

TEST_CASE("a caller may call as often as it has a quota, and another is not the poorer for it") {
  const support::FakeClock clock;
  Quotas quotas({.calls_per_minute = 100, .rows_per_minute = 1000}, clock);
  CHECK(ReadsUntilRefused(quotas, Called("user:a")) == 80);
  const absl::Status refused = quotas.Enter(Called("user:a"), false);
  CHECK(refused.code() == absl::StatusCode::kResourceExhausted);
  CHECK(base::ReasonOf(refused) == errors::v1::ERROR_REASON_QUOTA_EXCEEDED);
  CHECK(base::ErrorMetadata(refused, "quota") == "calls");
  CHECK(base::ErrorMetadata(refused, "limit") == "100");
  CHECK(base::ErrorMetadata(refused, "retry_after_seconds") == "1");
  CHECK(ReadsUntilRefused(quotas, Called("user:b")) == 80);
}

TEST_CASE("who has read too much can still write") {
  const support::FakeClock clock;
  Quotas quotas({.calls_per_minute = 100, .rows_per_minute = 1000}, clock);
  CHECK(ReadsUntilRefused(quotas, Called("user:a")) == 80);
  int writes = 0;
  while (quotas.Enter(Called("user:a"), true).ok()) ++writes;
  CHECK(writes == 20);
  CHECK_FALSE(quotas.Enter(Called("user:a"), false).ok());
}

TEST_CASE("a quota fills up evenly, and not beyond a minute's worth") {
  support::FakeClock clock;
  Quotas quotas({.calls_per_minute = 60, .rows_per_minute = 1000}, clock);
  CHECK(ReadsUntilRefused(quotas, Called("user:a")) == 48);
  clock.Advance(seconds(1));
  CHECK(ReadsUntilRefused(quotas, Called("user:a")) == 1);
  clock.Advance(seconds(10));
  CHECK(ReadsUntilRefused(quotas, Called("user:a")) == 10);
  clock.Advance(std::chrono::hours(1));
  CHECK(ReadsUntilRefused(quotas, Called("user:a")) == 48);
  // A clock that was set back takes nothing away and gives nothing.
  clock.Advance(-std::chrono::hours(2));
  CHECK(ReadsUntilRefused(quotas, Called("user:a")) == 0);
  clock.Advance(seconds(5));
  CHECK(ReadsUntilRefused(quotas, Called("user:a")) == 5);
}

TEST_CASE("rows are counted when they are told, and who was told too many waits with reading") {
  support::FakeClock clock;
  Quotas quotas({.calls_per_minute = 600, .rows_per_minute = 600}, clock);
  const auto caller = Called("user:a");
  CHECK(quotas.Enter(caller, false).ok());
  quotas.Told(caller, 900);
  const absl::Status refused = quotas.Enter(caller, false);
  CHECK(base::ErrorMetadata(refused, "quota") == "rows");
  CHECK(base::ErrorMetadata(refused, "retry_after_seconds") == "30");
  CHECK(quotas.Enter(caller, true).ok());
  clock.Advance(seconds(29));
  CHECK_FALSE(quotas.Enter(caller, false).ok());
  clock.Advance(seconds(1));
  CHECK(quotas.Enter(caller, false).ok());
}

TEST_CASE("an API key may have a limit of its own, and it may change") {
  support::FakeClock clock;
  Quotas quotas({.calls_per_minute = 6000, .rows_per_minute = 0}, clock);
  CHECK(ReadsUntilRefused(quotas, Called("key:a", 60)) == 48);
  clock.Advance(std::chrono::minutes(1));
  CHECK(ReadsUntilRefused(quotas, Called("key:a", 10)) == 8);
}

TEST_CASE("operator and door have no quota, and none is kept of who has used nothing") {
  support::FakeClock clock;
  Quotas quotas({.calls_per_minute = 1, .rows_per_minute = 1}, clock);
  for (int i = 0; i < 100; ++i) {
    CHECK(quotas.Enter(access::LocalOperator(), false).ok());
    CHECK(quotas.Enter(access::Door(), false).ok());
    quotas.Told(access::LocalOperator(), 1000);
  }
  CHECK(quotas.callers() == 0);
  Quotas none({.calls_per_minute = 0, .rows_per_minute = 0}, clock);
  for (int i = 0; i < 1000; ++i) REQUIRE(none.Enter(Called("user:a"), false).ok());
  for (int i = 0; i < 20'000; ++i) {
    REQUIRE(none.Enter(Called("user:" + std::to_string(i)), false).ok());
    clock.Advance(std::chrono::milliseconds(20));
  }
  CHECK(none.callers() <= 10'000);
}

TEST_CASE("an answer has as many rows as its longest list, and one without any") {
  registry::v1::ListAssociationsResponse listed;
  CHECK(RowsIn(listed) == 1);
  for (int i = 0; i < 7; ++i) listed.add_associations();
  CHECK(RowsIn(listed) == 7);
  access::v1::WhoAmIResponse me;
  for (int i = 0; i < 7; ++i) me.add_rights("registry.read");
  CHECK(RowsIn(me) == 1);
}

TEST_CASE("a full hub lets no more reads in before it lets no more writes in") {
  access::Caller caller = Called("user:a");
  caller.rights = {access::v1::RIGHT_REGISTRY_READ, access::v1::RIGHT_REGISTRY_WRITE};
  caller.most = access::v1::DATA_CLASS_SENSITIVE;
  const OneCaller callers(caller);
  DoorOptions options;
  options.calls_in_flight = 16;
  Door door(callers, options);
  const Methods methods =
      MethodsOf(*registry::v1::AsOf::descriptor()->file()->FindServiceByName("RegistryService"));
  const grpc::CallbackServerContext context;
  std::vector<Door::Pass> inside;
  const auto enter = [&](const char* method) {
    auto pass = door.Enter(methods, method, context);
    const absl::Status status = pass.status();
    if (pass.ok()) inside.push_back(*std::move(pass));
    return status;
  };
  for (int i = 0; i < 14; ++i) REQUIRE(enter("GetAssociation").ok());
  CHECK(base::ReasonOf(enter("GetAssociation")) == errors::v1::ERROR_REASON_OVERLOADED);
  CHECK(enter("CreateAssociation").ok());
  CHECK(enter("CreateAssociation").ok());
  CHECK(base::ReasonOf(enter("CreateAssociation")) == errors::v1::ERROR_REASON_OVERLOADED);
}

TEST_CASE("a caller of one call a minute can read once a minute", "[rpc]") {
  support::FakeClock clock;
  Quotas quotas({.calls_per_minute = 100, .rows_per_minute = 1000}, clock);
  const access::Caller slow = Called("slow", 1);
  for (int minute = 0; minute < 3; ++minute) {
    CHECK(quotas.Enter(slow, false).ok());
    CHECK(base::ReasonOf(quotas.Enter(slow, false)) == errors::v1::ERROR_REASON_QUOTA_EXCEEDED);
    clock.Advance(std::chrono::seconds(61));
  }
  // What is kept for writes is not used.
  const access::Caller quick = Called("quick", 10);
  absl::Status refused;
  for (int i = 0; i < 10 && refused.ok(); ++i) refused = quotas.Enter(quick, false);
  CHECK_THAT(std::string(refused.message()),
             Catch::StartsWith("this caller has used what reads may use of its 10 calls a minute"));
}

}  // namespace brobygger::rpc
