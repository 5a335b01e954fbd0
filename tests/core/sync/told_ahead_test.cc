#include "core/sync/told_ahead.h"

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::sync {
namespace {

using storage::Kind;

Mapping NamesOnly() {
  v1::Connection connection;
  connection.set_default_municipality_code("0615");
  auto& mapping = *connection.add_mappings();
  mapping.set_source_field("navn");
  mapping.set_target("official_name");
  return *Mapping::Make(connection);
}

std::string ClaimOf(const std::string& name) {
  v1::Claim claim;
  (*claim.mutable_told()->mutable_fields())["navn"].set_text(name);
  return claim.SerializeAsString();
}

struct ToldAheadFixture {
  ToldAheadFixture() {
    const auto written = store->Write("tester", [](storage::Transaction& transaction) {
      CHECK(transaction.Put(Kind::kClaim, "good", ClaimOf("Fjordby Dans")).ok());
      CHECK(transaction.Put(Kind::kClaim, "nameless", ClaimOf("")).ok());
      return transaction.Put(Kind::kClaim, "damaged", "\xFF\xFF");
    });
    REQUIRE(written.ok());
    ahead.Use(TellClaims(**store->Latest(), mapping, {"good", "nameless", "damaged", "nowhere"}));
  }
  storage::Bytes Stored(const std::string& key) const {
    return *(*store->Latest())->Find(Kind::kClaim, key);
  }

  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);
  const Mapping mapping = NamesOnly();
  ToldAhead ahead;
};

TEST_CASE_METHOD(ToldAheadFixture, "what was told ahead is what deciding would be told") {
  const auto told = ahead.Take("good", Stored("good"));
  REQUIRE(told.has_value());
  CHECK(told->claim.SerializeAsString() == ClaimOf("Fjordby Dans"));
  CHECK(told->told->association.official_name() == "Fjordby Dans");
  CHECK_FALSE(ahead.Take("good", Stored("good")).has_value());
}

TEST_CASE_METHOD(ToldAheadFixture, "what was told ahead of another claim is not used") {
  const auto newer = std::make_shared<const std::string>(ClaimOf("Fjordby Folkedans"));
  CHECK_FALSE(ahead.Take("good", newer).has_value());
  CHECK(TellClaim(mapping, newer)->told->association.official_name() == "Fjordby Folkedans");
}

TEST_CASE_METHOD(ToldAheadFixture, "a record that breaks a rule says so when it is decided about") {
  const auto told = ahead.Take("nameless", Stored("nameless"));
  REQUIRE(told.has_value());
  CHECK(base::ErrorMetadata(told->told.status(), "field") == "official_name");
}

TEST_CASE_METHOD(ToldAheadFixture, "a damaged claim is left to whoever decides about it") {
  CHECK_FALSE(ahead.Take("damaged", Stored("damaged")).has_value());
  CHECK(base::ReasonOf(TellClaim(mapping, Stored("damaged")).status()) ==
        errors::v1::ERROR_REASON_STORAGE_CORRUPT);
}

TEST_CASE_METHOD(ToldAheadFixture, "only the newest that was told ahead is kept") {
  ahead.Use({});
  CHECK_FALSE(ahead.Take("good", Stored("good")).has_value());
}

}  // namespace
}  // namespace brobygger::sync
