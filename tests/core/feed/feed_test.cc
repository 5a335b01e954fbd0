#include "core/feed/feed.h"

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>
#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/storage/memory/memory_store.h"
#include "core/storage/store_around.h"
#include "tests/support/fake_clock.h"

namespace brobygger::feed {
namespace {

using storage::Kind;

std::string AssociationBytes(const std::string& name, bool deleted = false) {
  registry::v1::Association association;
  association.set_official_name(name);
  if (deleted) association.mutable_delete_time()->set_seconds(1);
  return association.SerializeAsString();
}

class FeedFixture {
 public:
  void Put(Kind kind, const std::string& key, const std::string& bytes) {
    Write([&](storage::Transaction& transaction) { return transaction.Put(kind, key, bytes); });
  }

  void Write(const std::function<absl::Status(storage::Transaction&)>& body) {
    REQUIRE(store->Write("operator", body).ok());
  }

  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);
  Feed feed{*store};
};

// Counts wake-ups, and lets a test wait for one.
class Bell {
 public:
  void Ring() {
    absl::MutexLock lock(&mutex_);
    ++count_;
  }

  // Waits until it has rung more than `seen` times; false after ten seconds.
  bool WaitForMoreThan(int seen) {
    absl::MutexLock lock(&mutex_);
    const auto rung = [this, seen]()
                          ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return count_ > seen; };
    return mutex_.AwaitWithTimeout(absl::Condition(&rung), absl::Seconds(10));
  }

  int count() {
    absl::MutexLock lock(&mutex_);
    return count_;
  }

 private:
  absl::Mutex mutex_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST_CASE_METHOD(FeedFixture, "a follower hears what became of each record") {
  Put(Kind::kAssociation, "a", AssociationBytes("A"));
  Put(Kind::kAssociation, "a", AssociationBytes("AA"));
  Put(Kind::kAssociation, "a", AssociationBytes("AA", true));
  Put(Kind::kAssociation, "a", AssociationBytes("AA"));
  Put(Kind::kRelation, "r", "");
  Write([](auto& transaction) { return transaction.Remove(Kind::kRelation, "r"); });
  Put(Kind::kDepartment, "d", "");

  const auto follower = feed.Follow(0, [] {});
  const auto batch = follower->NextBatch(100, true);
  REQUIRE(batch.ok());
  REQUIRE(batch->changes_size() == 7);
  const v1::Change::Kind wanted[] = {v1::Change::KIND_CREATED, v1::Change::KIND_UPDATED,
                                     v1::Change::KIND_DELETED, v1::Change::KIND_UPDATED,
                                     v1::Change::KIND_CREATED, v1::Change::KIND_DELETED,
                                     v1::Change::KIND_CREATED};
  for (int i = 0; i < 7; ++i) {
    CAPTURE(i);
    CHECK(batch->changes(i).kind() == wanted[i]);
    CHECK(batch->changes(i).revision() == static_cast<std::uint64_t>(i + 1));
    CHECK(batch->changes(i).has_registered_time());
  }
  CHECK(batch->changes(1).association_id() == "a");
  CHECK(batch->changes(1).association().official_name() == "AA");
  CHECK(batch->changes(4).relation_id() == "r");
  CHECK(batch->changes(4).has_relation());
  CHECK_FALSE(batch->changes(5).has_relation());
  CHECK(batch->changes(6).department_id() == "d");
  CHECK(batch->through_revision() == 7);
}

TEST_CASE_METHOD(FeedFixture, "every kind of record that is followed is told by its id") {
  int kinds = 0;
  for (int number = 1; storage::IsVersioned(static_cast<Kind>(number)); ++number) {
    // The last one that there is.
    if (static_cast<Kind>(number) > Kind::kProgramme) break;
    Put(static_cast<Kind>(number), "k" + std::to_string(number) + "/1", "");
    ++kinds;
  }
  const auto batch = feed.Follow(0, [] {})->NextBatch(100, false);
  REQUIRE(batch.ok());
  REQUIRE(batch->changes_size() == kinds);
  std::set<int> subjects;
  for (const auto& change : batch->changes()) {
    CAPTURE(change.revision());
    CHECK(change.subject_case() != v1::Change::SUBJECT_NOT_SET);
    subjects.insert(change.subject_case());
  }
  CHECK(std::ssize(subjects) == kinds);
  CHECK(batch->changes(static_cast<int>(Kind::kAlignmentRound) - 1).alignment_collaboration_id() ==
        "k10");
  CHECK(batch->changes(static_cast<int>(Kind::kProgramme) - 1).programme_id() == "k17/1");
}

TEST_CASE_METHOD(FeedFixture, "records are left out unless asked for") {
  Put(Kind::kAssociation, "a", AssociationBytes("A", true));
  const auto batch = feed.Follow(0, [] {})->NextBatch(100, false);
  REQUIRE(batch.ok());
  CHECK(batch->changes(0).record_case() == v1::Change::RECORD_NOT_SET);
}

TEST_CASE_METHOD(FeedFixture, "a follower goes on from where it was, and a new one from anywhere") {
  for (int i = 0; i < 5; ++i) Put(Kind::kAssociation, std::to_string(i), AssociationBytes("A"));
  const auto follower = feed.Follow(0, [] {});
  CHECK(follower->NextBatch(2, false)->through_revision() == 2);
  CHECK(follower->NextBatch(2, false)->through_revision() == 4);
  const auto last = feed.Follow(4, [] {})->NextBatch(100, false);
  REQUIRE(last->changes_size() == 1);
  CHECK(last->changes(0).association_id() == "4");
}

TEST_CASE_METHOD(FeedFixture, "a revision's changes come together, however many and large") {
  for (int revision = 0; revision < 3; ++revision) {
    Write([&](storage::Transaction& transaction) -> absl::Status {
      for (int i = 0; i < 4; ++i) {
        BB_RETURN_IF_ERROR(transaction.Put(Kind::kAssociation,
                                           std::to_string(revision) + std::to_string(i),
                                           AssociationBytes(std::string(100'000, 'x'))));
      }
      return absl::OkStatus();
    });
  }
  const auto follower = feed.Follow(0, [] {});
  CHECK(follower->NextBatch(1, false)->changes_size() == 4);
  const auto large = feed.Follow(0, [] {});
  // Two revisions would be more than one message ought to hold.
  for (std::uint64_t revision = 1; revision <= 3; ++revision) {
    const auto batch = large->NextBatch(100, true);
    CHECK(batch->changes_size() == 4);
    CHECK(batch->through_revision() == revision);
  }
}

TEST_CASE_METHOD(FeedFixture, "revisions that changed only working state are passed over") {
  Put(Kind::kAssociation, "a", AssociationBytes("A"));
  Put(Kind::kPlan, "p", "x");
  const auto follower = feed.Follow(0, [] {});
  CHECK(follower->NextBatch(100, false)->through_revision() == 1);
  const auto rest = follower->NextBatch(100, false);
  CHECK(rest->changes().empty());
  CHECK(rest->through_revision() == 2);
}

TEST_CASE_METHOD(FeedFixture, "nobody can follow from a revision that is not made yet") {
  const auto follower = feed.Follow(1, [] {});
  CHECK(base::ReasonOf(follower->NextBatch(100, false).status()) ==
        errors::v1::ERROR_REASON_REVISION_UNKNOWN);
  Put(Kind::kAssociation, "a", AssociationBytes("A"));
  CHECK(follower->NextBatch(100, false).ok());
}

TEST_CASE_METHOD(FeedFixture, "a commit wakes every follower until it goes") {
  Bell first_bell;
  Bell second_bell;
  auto first = feed.Follow(0, [&] { first_bell.Ring(); });
  const auto second = feed.Follow(0, [&] { second_bell.Ring(); });
  Put(Kind::kAssociation, "a", AssociationBytes("A"));
  CHECK(first_bell.WaitForMoreThan(0));
  CHECK(second_bell.WaitForMoreThan(0));
  CHECK(feed.newest() == 1);

  first.reset();
  Put(Kind::kAssociation, "a", AssociationBytes("B"));
  CHECK(second_bell.WaitForMoreThan(1));
  CHECK(first_bell.count() == 1);
}

// A store in which something happens right after changes were read.
class InterruptedStore final : public storage::StoreAround {
 public:
  using StoreAround::StoreAround;
  absl::StatusOr<std::vector<storage::Change>> ChangesAfter(storage::Revision after,
                                                            int limit) const override {
    auto changes = StoreAround::ChangesAfter(after, limit);
    if (happens) std::exchange(happens, nullptr)();
    return changes;
  }

  mutable std::function<void()> happens;
};

TEST_CASE("what is committed while a follower reads is not taken for read") {
  support::FakeClock clock;
  InterruptedStore store(storage::OpenMemoryStore(clock));
  Feed feed(store);
  const auto follower = feed.Follow(0, [] {});
  store.happens = [&store] {
    const auto written = store.Write("operator", [](storage::Transaction& transaction) {
      return transaction.Put(Kind::kAssociation, "a", AssociationBytes("A"));
    });
    REQUIRE(written.ok());
  };
  CHECK(follower->NextBatch(100, false)->changes().empty());
  CHECK(follower->NextBatch(100, false)->changes_size() == 1);
}

TEST_CASE("followers may outlive the feed") {
  support::FakeClock clock;
  const auto store = storage::OpenMemoryStore(clock);
  auto feed = std::make_unique<Feed>(*store);
  const auto follower = feed->Follow(0, [] {});
  feed.reset();
  REQUIRE(store
              ->Write("operator",
                      [](storage::Transaction& transaction) {
                        return transaction.Put(Kind::kAssociation, "a", AssociationBytes("A"));
                      })
              .ok());
  CHECK(follower->NextBatch(100, false)->changes_size() == 1);
}

// Reads until it has seen `total` changes, sleeping on its bell between batches.
// Checks that none is missed and none comes twice.
void FollowAll(Feed& feed, int total, std::atomic<int>& faults) {
  Bell bell;
  const auto follower = feed.Follow(0, [&] { bell.Ring(); });
  int seen = 0;
  while (seen < total) {
    const int rung = bell.count();
    const auto batch = follower->NextBatch(7, true);
    if (!batch.ok()) {
      ++faults;
      return;
    }
    for (const v1::Change& change : batch->changes()) {
      if (change.association_id() != std::to_string(seen)) ++faults;
      ++seen;
    }
    if (batch->changes().empty() && !bell.WaitForMoreThan(rung)) {
      ++faults;
      return;
    }
  }
}

TEST_CASE_METHOD(FeedFixture, "many followers miss nothing while others come and go") {
  constexpr int kTotal = 400;
  std::atomic<int> faults = 0;
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { FollowAll(feed, kTotal, faults); });
  }
  threads.emplace_back([&] {
    while (!done) {
      int woken = 0;
      const auto passing = feed.Follow(0, [&] { ++woken; });
      if (!passing->NextBatch(1, false).ok()) ++faults;
    }
  });
  for (int i = 0; i < kTotal; ++i) {
    Put(Kind::kAssociation, std::to_string(i), AssociationBytes("A"));
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(faults == 0);
}

}  // namespace
}  // namespace brobygger::feed
