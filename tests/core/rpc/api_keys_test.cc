#include "core/rpc/api_keys.h"

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::rpc {
namespace {

using access::v1::ApiKey;

struct Keys {
  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);

  absl::StatusOr<CreatedApiKey> Create(const ApiKey& wanted) {
    absl::StatusOr<CreatedApiKey> made = absl::UnknownError("the body did not run");
    (void)store->Write("operator", [&](storage::Transaction& transaction) {
      made = CreateApiKey(transaction, wanted);
      return made.status();
    });
    return made;
  }
  void Use(const std::string& id, base::Instant when) {
    REQUIRE(store
                ->Write("hub",
                        [&](storage::Transaction& transaction) {
                          return NoteApiKeyUse(transaction, id, when);
                        })
                .ok());
  }
  storage::Revision revision() { return (*store->Latest())->revision(); }
  ApiKey Only() { return (*ListApiKeys(**store->Latest())).at(0); }
};

ApiKey Wanted() {
  ApiKey wanted;
  wanted.set_title("Frivilligcenter Fjordby");
  wanted.set_municipality_code("0615");
  wanted.add_roles("volunteer-centre");
  wanted.add_fields(access::v1::ASSOCIATION_FIELD_THEME);
  wanted.add_fields(access::v1::ASSOCIATION_FIELD_CONTACT);
  return wanted;
}

}  // namespace

TEST_CASE("a key keeps what was granted, and is not yet used", "[rpc]") {
  Keys keys;
  const auto made = keys.Create(Wanted());
  REQUIRE(made.ok());
  const auto record = FindApiKey(**keys.store->Latest(), made->api_key.id());
  REQUIRE(record.ok());
  CHECK((*record)->fields ==
        std::set<access::v1::AssociationField>{access::v1::ASSOCIATION_FIELD_THEME,
                                               access::v1::ASSOCIATION_FIELD_CONTACT});
  CHECK((*record)->used_at == base::Instant());
  CHECK_FALSE(keys.Only().has_last_use_time());
  ApiKey wanted = Wanted();
  wanted.add_fields(access::v1::ASSOCIATION_FIELD_UNSPECIFIED);
  CHECK(base::ReasonOf(keys.Create(wanted).status()) == errors::v1::ERROR_REASON_FIELD_INVALID);
}

TEST_CASE("the last use is noted, and an earlier one changes nothing", "[rpc]") {
  Keys keys;
  const auto made = keys.Create(Wanted());
  const std::string id = made->api_key.id();
  const auto later = keys.clock.Now() + std::chrono::hours(2);
  keys.Use(id, later);
  CHECK(base::ToInstant(keys.Only().last_use_time()) == later);
  const auto revision = keys.revision();
  keys.Use(id, keys.clock.Now());
  keys.Use("00000000000000ff", later);
  CHECK(keys.revision() == revision);
  CHECK(base::ToInstant(keys.Only().last_use_time()) == later);
}

}  // namespace brobygger::rpc
