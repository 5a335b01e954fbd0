#include "core/search/follower.h"

#include <atomic>

#include "core/storage/memory/memory_store.h"
#include "core/storage/store_around.h"
#include "tests/core/search/library.h"
#include "tests/support/fake_clock.h"

namespace brobygger::search {
namespace {

using State = Health::State;

// A store that fails when it is told to.
class FaultyStore final : public storage::StoreAround {
 public:
  using StoreAround::StoreAround;
  absl::StatusOr<std::vector<storage::Change>> ChangesAfter(storage::Revision after,
                                                            int limit) const override {
    if (throws) throw std::runtime_error("broken");
    if (fails) return absl::UnavailableError("the disk is away");
    return StoreAround::ChangesAfter(after, limit);
  }
  std::atomic<bool> fails = false;
  std::atomic<bool> throws = false;
};

struct Registry {
  support::FakeClock clock;
  FaultyStore store{storage::OpenMemoryStore(clock)};
  feed::Feed feed{store};
  std::atomic<std::uint64_t> free_memory = 1ULL << 40;
  std::unique_ptr<Follower> follower;

  void Start() {
    FollowerOptions options;
    options.clock = &clock;
    options.batch = 3;
    options.retry = absl::Milliseconds(1);
    options.free_memory = [this] { return free_memory.load(); };
    follower = std::make_unique<Follower>(store, feed, std::move(options));
  }

  storage::Revision Put(const std::string& id, const std::string& bytes) {
    const auto revision = store.Write("operator", [&](storage::Transaction& transaction) {
      return transaction.Put(storage::Kind::kAssociation, id, bytes);
    });
    REQUIRE(revision.ok());
    return *revision;
  }
  storage::Revision Put(const Association& association) {
    return Put(association.id(), association.SerializeAsString());
  }

  // The test's own limit says whether it never comes.
  void Await(storage::Revision revision) {
    REQUIRE(follower->AwaitRevision(revision, absl::Now() + absl::Seconds(60)));
  }
  void AwaitState(State state) {
    const absl::Time end = absl::Now() + absl::Seconds(60);
    while (follower->health().state != state) {
      REQUIRE(absl::Now() < end);
      std::this_thread::yield();
    }
  }
  Ids Found(const std::string& text) { return Find(*follower->shelf().Newest(), text); }
};

}  // namespace

TEST_CASE("what was there at the start and what is written after is found", "[search]") {
  Registry registry;
  registry.Put(Named("a1", "Lektiecafeen"));
  registry.Start();
  const auto revision = registry.Put(Named("a2", "Lektiehjælpen"));
  registry.Await(revision);
  CHECK(registry.Found("lektie").size() == 2);
  CHECK(registry.follower->shelf().Newest()->complete);
  CHECK(registry.follower->health().documents == 2);
}

TEST_CASE("a change takes the place of what was there", "[search]") {
  Registry registry;
  registry.Start();
  registry.Put(Named("a1", "Lektiecafeen"));
  Association gone = Named("a2", "Fodbolden");
  registry.Put(gone);
  registry.Put(Named("a1", "Sangkoret"));
  gone.mutable_delete_time()->set_seconds(1);
  registry.Await(registry.Put(gone));
  CHECK(registry.Found("lektiecafeen").empty());
  CHECK(registry.Found("fodbolden").empty());
  CHECK(registry.Found("sangkoret") == Ids{"a1"});
}

TEST_CASE("many changes are followed in batches, and merged", "[search]") {
  Registry registry;
  registry.Start();
  storage::Revision last = 0;
  for (int i = 0; i < 300; ++i) last = registry.Put(Named("a" + std::to_string(i), "Forening"));
  registry.Await(last);
  CHECK(registry.follower->shelf().Newest()->live == 300);
}

TEST_CASE("a record that cannot be read is skipped and told, until it can", "[search]") {
  Registry registry;
  registry.Put("bad", "\xff\xff\xff");
  registry.Put(Named("good", "Lektiecafeen"));
  registry.Start();
  const auto revision = registry.Put("worse", "\xff\xff");
  registry.Await(revision);
  CHECK(registry.Found("lektiecafeen") == Ids{"good"});
  CHECK(registry.follower->health().skipped == 2);
  registry.Await(registry.Put(Named("bad", "Sangkoret")));
  CHECK(registry.follower->health().skipped == 1);
  CHECK(registry.Found("sangkoret") == Ids{"bad"});
}

TEST_CASE("with too little memory nothing is found, and it comes back by itself", "[search]") {
  Registry registry;
  registry.Start();
  registry.Await(registry.Put(Named("a1", "Lektiecafeen")));
  registry.free_memory = 1000;
  registry.Put(Named("a2", "Sangkoret"));
  registry.AwaitState(State::kTooLittleMemory);
  CHECK(registry.Found("").empty());
  CHECK_FALSE(registry.follower->shelf().Newest()->complete);
  registry.free_memory = 1ULL << 40;
  registry.AwaitState(State::kFollowing);
  CHECK(registry.Found("").size() == 2);
}

TEST_CASE("a store that fails for a while is followed again afterwards", "[search]") {
  Registry registry;
  registry.Start();
  registry.Await(registry.Put(Named("a1", "Lektiecafeen")));
  const bool by_throwing = GENERATE(false, true);
  (by_throwing ? registry.store.throws : registry.store.fails) = true;
  const auto revision = registry.Put(Named("a2", "Sangkoret"));
  registry.AwaitState(State::kFailed);
  // What was known before is still found.
  CHECK(registry.Found("lektiecafeen") == Ids{"a1"});
  CHECK_FALSE(registry.follower->AwaitRevision(revision, absl::Now()));
  registry.store.fails = false;
  registry.store.throws = false;
  registry.Await(revision);
  CHECK(registry.Found("sangkoret") == Ids{"a2"});
}

TEST_CASE("an index that is made anew answers meanwhile and finds the same", "[search]") {
  Registry registry;
  registry.Start();
  registry.Await(registry.Put(Named("a1", "Lektiecafeen")));
  const auto before = registry.follower->shelf().Newest()->serial;
  registry.follower->Rebuild();
  while (registry.follower->shelf().Newest()->serial == before) {
    CHECK(registry.Found("lektiecafeen") == Ids{"a1"});
  }
  CHECK(registry.Found("lektiecafeen") == Ids{"a1"});
}

TEST_CASE("readers on many threads never see a change by half", "[search]") {
  Registry registry;
  registry.Start();
  registry.Await(registry.Put(Named("a1", "Nul Fast")));
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      const auto query = ParseQuery("fast", {});
      while (!stop) {
        const auto view = registry.follower->shelf().Newest();
        // One association, under one name or the next.
        if (Evaluate(*view, {.query = *query}).total != 1) ++wrong;
      }
    });
  }
  storage::Revision last = 0;
  for (int i = 0; i < 200; ++i)
    last = registry.Put(Named("a1", "Navn" + std::to_string(i) + " Fast"));
  registry.Await(last);
  stop = true;
  readers.clear();
  CHECK(wrong == 0);
}

}  // namespace brobygger::search
