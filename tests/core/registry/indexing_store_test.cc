#include "core/registry/indexing_store.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <absl/synchronization/notification.h>

#include "core/registry/members.h"
#include "core/storage/store_around.h"
#include "tests/core/registry/identity_fixture.h"

namespace brobygger::registry {
namespace {

v1::Association Draft(const std::string& name) {
  v1::Association association;
  association.set_official_name(name);
  association.set_municipality_code("0615");
  association.add_emails("post@forening.example");
  return association;
}

TEST_CASE("what a body writes is known to what comes later in the same body") {
  IdentityFixture fixture;
  const auto written = fixture.Write([&](storage::Transaction& transaction) -> absl::Status {
    const auto made = IngestAssociation(transaction, Draft("Sprogcafeen Fjordby"));
    if (!made.ok()) return made.status();
    const Standing standing =
        fixture.identity.Resolve(RecordOf(Draft("Sprogcafeen Fjordby"), "anden"));
    CHECK(standing.verdict == Verdict::kSame);
    REQUIRE_FALSE(standing.candidates.empty());
    CHECK(standing.candidates[0].association_id == made->id());
    return absl::OkStatus();
  });
  CHECK(written.ok());
}

TEST_CASE("a body that fails was never there") {
  IdentityFixture fixture;
  const auto kept = fixture.Make({"a", "1", {{"official_name", "Sprogcafeen Fjordby"}}});
  const auto failed = fixture.Write([&](storage::Transaction& transaction) -> absl::Status {
    v1::Association changed = fixture.Get(kept.id());
    changed.set_official_name("Noget helt andet");
    REQUIRE(IngestAssociation(transaction, changed).ok());
    REQUIRE(IngestAssociation(transaction, Draft("Kulturhuset Ved Fjorden")).ok());
    return absl::CancelledError("changed my mind");
  });
  CHECK_FALSE(failed.ok());
  CHECK(fixture.identity.size().associations == 1);
  const auto standing = fixture.identity.Resolve(RecordOf(fixture.Get(kept.id()), "anden"));
  REQUIRE_FALSE(standing.candidates.empty());
  CHECK(standing.candidates[0].association_id == kept.id());
}

TEST_CASE("a write waits for the identity's first load, and a read of the store does not") {
  IdentityFixture fixture;
  const auto kept = fixture.Make({"a", "1", {{"official_name", "Sprogcafeen Fjordby"}}});
  fixture.identity.ExpectLoad();
  absl::Status result = absl::UnknownError("not run");
  absl::Notification written;
  std::jthread writer([&] {
    result = fixture.Write([](storage::Transaction&) { return absl::OkStatus(); });
    written.Notify();
  });
  const auto latest = fixture.store->Latest();
  REQUIRE(latest.ok());
  CHECK((*latest)->Find(storage::Kind::kAssociation, kept.id()).ok());
  CHECK_FALSE(written.WaitForNotificationWithTimeout(absl::Milliseconds(100)));
  REQUIRE(fixture.identity.Load(**latest).ok());
  writer.join();
  CHECK(result.ok());
  CHECK(fixture.identity.size().associations == 1);
}

// Loses what a body wrote, as a disk that is full when the group commits.
class LosingStore final : public storage::StoreAround {
 public:
  using StoreAround::StoreAround;
  void Submit(std::string actor, Body body, Done done) override {
    const bool loses = std::exchange(loses_next, false);
    StoreAround::Submit(
        std::move(actor),
        [loses, body = std::move(body)](storage::Transaction& transaction) {
          const absl::Status status = body(transaction);
          return status.ok() && loses ? absl::ResourceExhaustedError("the disk is full") : status;
        },
        std::move(done));
  }
  bool loses_next = false;
};

TEST_CASE("what a commit lost is read again from the store") {
  support::FakeClock clock;
  Identity identity(matching::Model::Shipped());
  auto losing = std::make_unique<LosingStore>(storage::OpenMemoryStore(clock));
  LosingStore& disk = *losing;
  const auto store = MakeIndexingStore(std::move(losing), identity);
  const auto ingest = [&](v1::Association next) {
    return store->Write("operator", [&](storage::Transaction& transaction) {
      const auto made = IngestAssociation(transaction, next);
      if (made.ok()) next = *made;
      return made.status();
    });
  };
  REQUIRE(ingest(Draft("Sprogcafeen Fjordby")).ok());
  v1::Association changed = *(*FindAssociation(
      **store->Latest(), identity.Resolve(RecordOf(Draft("Sprogcafeen Fjordby"), "anden"))
                             .candidates.at(0)
                             .association_id));
  const auto before = identity.Resolve(RecordOf(Draft("Sprogcafeen Fjordby"), "anden"));

  disk.loses_next = true;
  CHECK_FALSE(ingest(Draft("Haveforeningen Nordlys")).ok());
  CHECK(identity.size().associations == 1);
  changed.set_official_name("Noget helt andet");
  disk.loses_next = true;
  CHECK_FALSE(ingest(changed).ok());
  const auto after = identity.Resolve(RecordOf(Draft("Sprogcafeen Fjordby"), "anden"));
  REQUIRE_FALSE(after.candidates.empty());
  CHECK(after.candidates[0].score == before.candidates[0].score);
}

TEST_CASE("what is deleted is no candidate, and what comes back is one") {
  IdentityFixture fixture;
  const auto made = fixture.Make(
      {"a",
       "1",
       {{"official_name", "Sprogcafeen Fjordby"}, {"emails", R"(["post@forening.example"])"}}});
  const auto record = RecordOf(made, "anden");
  CHECK_FALSE(fixture.identity.Resolve(record).candidates.empty());
  REQUIRE(fixture.Write([&](auto& t) { return IngestDeletion(t, made.id(), true); }).ok());
  CHECK(fixture.identity.Resolve(record).candidates.empty());
  REQUIRE(fixture.Write([&](auto& t) { return IngestDeletion(t, made.id(), false); }).ok());
  CHECK_FALSE(fixture.identity.Resolve(record).candidates.empty());
}

TEST_CASE("read anew from the store, the identity knows what it knew") {
  IdentityFixture fixture;
  const auto first = fixture.Make({"a", "1", {{"official_name", "Sprogcafeen Fjordby"}}});
  const auto second = fixture.Make({"b", "2", {{"official_name", "Cafeen for sprog"}}});
  const auto third = fixture.Make({"b", "3", {{"official_name", "Haveforeningen"}}});
  REQUIRE(fixture.Say(first.id(), idv1::Decision::KIND_SAME, second.id()).ok());
  REQUIRE(fixture.Say(first.id(), idv1::Decision::KIND_NOT_SAME, third.id()).ok());
  fixture.Ask(third.id(), first.id());

  Identity anew(matching::Model::Shipped());
  REQUIRE(anew.Load(*fixture.Latest()).ok());
  CHECK(anew.size().associations == fixture.identity.size().associations);
  CHECK(anew.size().records == fixture.identity.size().records);
  CHECK(anew.size().open_questions == fixture.identity.size().open_questions);
  CHECK(anew.RootOf(second.id()) == first.id());
  REQUIRE(anew.DecidedBetween(second.id(), third.id()).has_value());
}

}  // namespace
}  // namespace brobygger::registry
