#include "core/daemon/key_uses.h"

#include <catch2/catch.hpp>

#include "core/rpc/api_keys.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::daemon {
namespace {

struct UsedKey {
  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);
  KeyUses uses{*store, clock};
  std::string id;

  UsedKey() {
    access::v1::ApiKey wanted;
    wanted.set_title("Frivilligcenter Fjordby");
    wanted.set_municipality_code("0615");
    wanted.add_roles("volunteer-centre");
    REQUIRE(store
                ->Write("operator",
                        [&](storage::Transaction& transaction) {
                          const auto made = rpc::CreateApiKey(transaction, wanted);
                          if (made.ok()) id = made->api_key.id();
                          return made.status();
                        })
                .ok());
  }

  // What a call with the key does.
  void Use() {
    const auto record = rpc::FindApiKey(**store->Latest(), id);
    uses.Note(id, (*record)->used_at);
    // The store writes one after another.
    REQUIRE(store->Write("test", [](storage::Transaction&) { return absl::OkStatus(); }).ok());
  }
  base::Instant Used() { return (*rpc::FindApiKey(**store->Latest(), id))->used_at; }
  storage::Revision revision() { return (*store->Latest())->revision(); }
};

}  // namespace

TEST_CASE("a use is noted once an hour, however many there are", "[daemon]") {
  UsedKey key;
  const auto first = key.clock.Now();
  key.Use();
  CHECK(key.Used() == first);
  const auto revision = key.revision();
  for (int i = 0; i < 100; ++i) key.Use();
  CHECK(key.revision() == revision);
  key.clock.Advance(KeyUses::kPrecision);
  key.Use();
  CHECK(key.Used() == first + KeyUses::kPrecision);
  CHECK(key.revision() == revision + 1);
}

TEST_CASE("uses at the same moment are one write", "[daemon]") {
  UsedKey key;
  const auto revision = key.revision();
  for (int i = 0; i < 100; ++i) key.uses.Note(key.id, base::Instant());
  key.Use();
  CHECK(key.revision() == revision + 1);
}

}  // namespace brobygger::daemon
