// Whose the codes and keys are with which an association comes in, and what it was asked to.
#include <catch2/catch.hpp>

#include "brobygger/event/v1/event.pb.h"

#include "core/base/error.h"
#include "core/registry/edit.h"
#include "core/registry/joining.h"
#include "core/rpc/join_codes.h"
#include "core/scope/scoped_store.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::scope {
namespace {

using access::Caller;
using access::CallerKind;
using storage::Kind;
using storage::Transaction;
namespace reasons = errors::v1;

Caller CallerOf(const std::string& municipality_code, CallerKind kind = CallerKind::kEmployee) {
  Caller caller = access::LocalOperator();
  caller.actor = "somebody";
  caller.kind = kind;
  caller.municipality_code = municipality_code;
  return caller;
}

Caller Itself(const std::string& association_id) {
  Caller caller = CallerOf("", CallerKind::kAssociation);
  caller.association_id = association_id;
  return caller;
}

// Lawan of Horsens, with a key and a code that nobody has used.
struct WaysInTown {
  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);
  registry::v1::Association lawan = Make("Lawan");
  std::string key = MakeKey();

  template <typename Body>
  absl::Status WriteAs(const Caller& caller, const Body& body) {
    ScopedStore scoped(*store, caller);
    return scoped.Write(caller.actor, body).status();
  }

  registry::v1::Association Make(const std::string& name) {
    registry::v1::Association wanted;
    wanted.set_official_name(name);
    wanted.set_municipality_code("0615");
    REQUIRE(WriteAs(access::LocalOperator(), [&](Transaction& transaction) {
              const auto made = registry::CreateAssociation(transaction, wanted, "operator");
              if (made.ok()) wanted = *made;
              return made.status();
            }).ok());
    clock.Set(clock.Now() + std::chrono::seconds(1));
    return wanted;
  }

  absl::Status Invite(const Caller& caller, std::string* code = nullptr) {
    return WriteAs(caller, [&](Transaction& transaction) {
      const auto made = rpc::CreateJoinCode(transaction, lawan.id(), caller.actor);
      if (made.ok() && code != nullptr) *code = made->text;
      return made.status();
    });
  }

  std::string MakeKey() {
    std::string code;
    REQUIRE(Invite(access::LocalOperator(), &code).ok());
    REQUIRE(Invite(access::LocalOperator()).ok());
    std::string id;
    REQUIRE(WriteAs(access::LocalOperator(), [&](Transaction& transaction) {
              const auto made = rpc::Redeem(transaction, code, "formand");
              if (made.ok()) id = made->api_key.id();
              return made.status();
            }).ok());
    return id;
  }

  // How many codes and keys of Lawan's the caller is shown.
  std::pair<std::size_t, std::size_t> Shown(const Caller& caller) const {
    const ScopedStore scoped(*store, caller);
    const auto latest = scoped.Latest();
    const auto codes = rpc::ListJoinCodes(**latest, "", clock.Now());
    const auto keys = rpc::ListApiKeys(**latest);
    REQUIRE(codes.ok());
    REQUIRE(keys.ok());
    return {codes->size(), keys->size()};
  }

  absl::Status End(const Caller& caller) {
    return WriteAs(caller, [&](Transaction& transaction) {
      return rpc::RevokeAssociationKey(transaction, key).status();
    });
  }
};

using Counts = std::pair<std::size_t, std::size_t>;

TEST_CASE(
    "an association's codes and keys are shown to itself and to its home, and to nobody else") {
  WaysInTown town;
  CHECK(town.Shown(Itself(town.lawan.id())) == Counts{2, 1});
  CHECK(town.Shown(CallerOf("0615")) == Counts{2, 1});
  CHECK(town.Shown(CallerOf("0998")) == Counts{0, 0});
  CHECK(town.Shown(CallerOf("0615", CallerKind::kVolunteerCentre)) == Counts{0, 0});
  CHECK(town.Shown(CallerOf("0615", CallerKind::kStranger)) == Counts{0, 0});
  CHECK(town.Shown(Itself(town.Make("Havnens Venner").id())) == Counts{0, 0});
}

TEST_CASE("an employee of its home invites an association, and it does not invite itself") {
  WaysInTown town;
  CHECK(town.Invite(CallerOf("0615")).ok());
  CHECK(base::ReasonOf(town.Invite(CallerOf("0998"))) ==
        reasons::ERROR_REASON_ASSOCIATION_NOT_FOUND);
  CHECK(base::ReasonOf(town.Invite(Itself(town.lawan.id()))) == reasons::ERROR_REASON_NOT_ALLOWED);
}

TEST_CASE("a key is ended by its association and by its home, and found by nobody else") {
  WaysInTown town;
  const std::string other = town.Make("Havnens Venner").id();
  CHECK(base::ReasonOf(town.End(CallerOf("0998"))) == reasons::ERROR_REASON_API_KEY_NOT_FOUND);
  CHECK(base::ReasonOf(town.End(Itself(other))) == reasons::ERROR_REASON_API_KEY_NOT_FOUND);
  CHECK(town.End(Itself(town.lawan.id())).ok());
  CHECK(town.End(CallerOf("0615")).ok());
}

TEST_CASE("an association sees an event that was asked of one that is now part of it") {
  WaysInTown town;
  const auto other = town.Make("Lawan i Horsens");
  const std::string event = "0e000000-0000-4000-8000-000000000001";
  REQUIRE(town.WriteAs(access::LocalOperator(),
                       [&](Transaction& transaction) -> absl::Status {
                         event::v1::Event made;
                         made.set_id(event);
                         const auto put =
                             transaction.Put(Kind::kEvent, event, made.SerializeAsString());
                         if (!put.ok()) return put;
                         event::v1::Invitation asked;
                         asked.set_event_id(event);
                         asked.set_association_id(other.id());
                         return transaction.Put(Kind::kInvitation, event + "/" + other.id(),
                                                asked.SerializeAsString());
                       })
              .ok());
  const auto sees = [&] {
    const Caller itself = Itself(town.lawan.id());
    const ScopedStore scoped(*town.store, itself);
    const auto latest = scoped.Latest();
    const auto found = (*latest)->Find(Kind::kEvent, event);
    REQUIRE(found.ok());
    return *found != nullptr;
  };
  CHECK_FALSE(sees());
  REQUIRE(town.WriteAs(access::LocalOperator(),
                       [&](Transaction& transaction) {
                         return registry::JoinAssociations(transaction, town.lawan, other, "d",
                                                           "operator")
                             .status();
                       })
              .ok());
  const auto merged = registry::FollowMerges(**town.store->Latest(), other.id());
  REQUIRE(merged.ok());
  CHECK((*merged)->id() == town.lawan.id());
  CHECK(sees());
}

}  // namespace
}  // namespace brobygger::scope
