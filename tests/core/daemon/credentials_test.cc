#include "core/daemon/credentials.h"

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/registry/edit.h"
#include "core/registry/joining.h"
#include "core/rpc/api_keys.h"
#include "core/rpc/join_codes.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::daemon {
namespace {

using storage::Transaction;

class Town {
 public:
  Town() {
    auto systems = OpenSystems("", clock);
    REQUIRE(systems.ok());
    systems_ = *std::move(systems);
    credentials_ = std::make_unique<Credentials>(Credentials::Parts{
        .store = *store,
        .clock = clock,
        .actor_key = "k",
        .systems = *systems_,
        .on_key_use = [this](const std::string& id, base::Instant) { used.push_back(id); }});
  }

  template <typename Body>
  auto Write(const Body& body) {
    std::invoke_result_t<Body, Transaction&> result = absl::UnknownError("not run");
    (void)store->Write("test", [&](Transaction& transaction) {
      result = body(transaction);
      return result.status();
    });
    INFO(result.status());
    REQUIRE(result.ok());
    return *std::move(result);
  }

  registry::v1::Association Associate(const std::string& name) {
    registry::v1::Association wanted;
    wanted.set_official_name(name);
    wanted.set_municipality_code("0615");
    clock.Set(clock.Now() + std::chrono::seconds(1));
    return Write([&](Transaction& transaction) {
      return registry::CreateAssociation(transaction, wanted, "test");
    });
  }

  rpc::CreatedApiKey Join(const std::string& association_id) {
    const auto code = Write([&](Transaction& transaction) {
      return rpc::CreateJoinCode(transaction, association_id, "test");
    });
    return Write(
        [&](Transaction& transaction) { return rpc::Redeem(transaction, code.text, "formand"); });
  }

  std::variant<Known, Unknown> Show(const std::string& key) const {
    return credentials_->Judge({.bearer = key, .certificate = ""});
  }

  // For whom the key speaks; "" if for nobody.
  std::string SpeaksFor(const std::string& key) const {
    const auto judged = Show(key);
    const auto* known = std::get_if<Known>(&judged);
    return known == nullptr ? "" : known->who.association_id;
  }

  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);
  std::vector<std::string> used;

 private:
  std::unique_ptr<SystemsKeeper> systems_;
  std::unique_ptr<Credentials> credentials_;
};

}  // namespace

TEST_CASE("an association's key makes its caller that association, of no municipality",
          "[daemon]") {
  Town town;
  const auto lawan = town.Associate("Lawan");
  const auto key = town.Join(lawan.id());
  const auto judged = town.Show(key.text);
  const auto* known = std::get_if<Known>(&judged);
  REQUIRE(known != nullptr);
  CHECK(known->who.kind == access::CallerKind::kAssociation);
  CHECK(known->who.association_id == lawan.id());
  CHECK(known->who.municipality_code.empty());
  CHECK(known->who.actor == "key:" + key.api_key.id());
  CHECK(town.used == std::vector<std::string>{key.api_key.id()});
  const auto caller = access::Policy::Shipped().Admit(known->who);
  REQUIRE(caller.ok());
  CHECK_FALSE(caller->rights.contains(access::v1::RIGHT_REGISTRY_WRITE));
  CHECK_FALSE(caller->rights.contains(access::v1::RIGHT_ACCESS_MANAGE));
}

TEST_CASE("an association's key follows a merge and its undoing", "[daemon]") {
  Town town;
  const auto older = town.Associate("Lawan");
  const auto younger = town.Associate("Lawan i Horsens");
  const auto key = town.Join(younger.id());
  const auto merged = town.Write([&](Transaction& transaction) {
    return registry::JoinAssociations(transaction, older, younger, "d", "test");
  });
  CHECK(town.SpeaksFor(key.text) == older.id());
  (void)town.Write(
      [&](Transaction& transaction) { return registry::UndoJoin(transaction, merged); });
  CHECK(town.SpeaksFor(key.text) == younger.id());
}

TEST_CASE("a key of a deleted association, and one that was ended or is too old, opens nothing",
          "[daemon]") {
  Town town;
  const auto gone = town.Associate("Lawan");
  const auto key = town.Join(gone.id());
  const auto stays = town.Associate("Havnens Venner");
  const auto ended = town.Join(stays.id());
  const auto old = town.Join(stays.id());
  (void)town.Write([&](Transaction& transaction) {
    return registry::DeleteAssociation(transaction, gone.id(), "", "test");
  });
  (void)town.Write([&](Transaction& transaction) {
    return rpc::RevokeAssociationKey(transaction, ended.api_key.id());
  });
  for (const std::string& text : {key.text, ended.text}) {
    const auto judged = town.Show(text);
    const auto* unknown = std::get_if<Unknown>(&judged);
    REQUIRE(unknown != nullptr);
    // It was good once: nobody is shut out for it.
    CHECK_FALSE(unknown->guess);
    CHECK(base::ReasonOf(unknown->answer) == errors::v1::ERROR_REASON_NOT_SIGNED_IN);
  }
  CHECK(town.SpeaksFor(old.text) == stays.id());
  town.clock.Set(town.clock.Now() + access::kLongestApiKeyLife);
  CHECK(town.SpeaksFor(old.text).empty());
}

}  // namespace brobygger::daemon
