#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include <absl/synchronization/notification.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/storage/read_only_store.h"
#include "tests/conformance/store_fixture.h"

namespace brobygger::conformance {
namespace {

constexpr Kind kSharedRecord = Kind::kAssociation;
constexpr Index kSharedName = Index::kAssociationByName;

TEST_CASE_METHOD(StoreFixture, "bodies run in the order they were submitted", "[store]") {
  std::vector<int> order;
  std::vector<Revision> revisions;
  for (int number = 0; number < 300; ++number) {
    store->Submit(
        "tester",
        [&order, number](Transaction& transaction) {
          order.push_back(number);
          return transaction.Put(kSharedRecord, "a1", std::to_string(number));
        },
        [&revisions](absl::StatusOr<Revision> revision) { revisions.push_back(*revision); });
  }
  const Revision last = Put(kSharedRecord, "a1", "end");

  REQUIRE(order.size() == 300);
  CHECK(std::is_sorted(order.begin(), order.end()));
  REQUIRE(revisions.size() == 300);
  CHECK(revisions.front() == 1);
  CHECK(revisions.back() == 300);
  CHECK(std::is_sorted(revisions.begin(), revisions.end()));
  CHECK(last == 301);
  CHECK(store->VersionsOf(kSharedRecord, "a1", 0, 1000)->size() == 301);
}

TEST_CASE_METHOD(StoreFixture, "one body's failure is not its neighbours'", "[store]") {
  absl::Notification go;
  store->Submit(
      "tester",
      [&go](Transaction&) {
        go.WaitForNotification();
        return absl::OkStatus();
      },
      [](const absl::StatusOr<Revision>&) {});
  std::vector<std::string> answers;
  for (int number = 0; number < 6; ++number) {
    store->Submit(
        "tester",
        [number](Transaction& transaction) {
          const std::string key = std::to_string(number / 2);
          BB_RETURN_IF_ERROR(transaction.Put(kSharedRecord, key, "v" + std::to_string(number)));
          return number % 2 == 1 ? absl::AbortedError("no") : absl::OkStatus();
        },
        [&answers](absl::StatusOr<Revision> revision) {
          answers.push_back(revision.ok() ? std::to_string(*revision) : "no");
        });
  }
  go.Notify();
  CHECK(Put(kSharedRecord, "9", "end") == 4);
  CHECK(answers == std::vector<std::string>{"1", "no", "2", "no", "3", "no"});
  CHECK(Text(Latest()->Scan(kSharedRecord, {})) == "0=v0 1=v2 2=v4 9=end");
}

TEST_CASE_METHOD(StoreFixture, "an answered write is seen by the next reader", "[store]") {
  std::vector<std::thread> writers;
  std::atomic<int> wrong = 0;
  for (int writer = 0; writer < 6; ++writer) {
    writers.emplace_back([&, writer] {
      const std::string key = "w" + std::to_string(writer);
      for (int turn = 0; turn < 60; ++turn) {
        const std::string bytes = std::to_string(turn);
        const auto revision = store->Write("tester", [&](Transaction& transaction) {
          return transaction.Put(kSharedRecord, key, bytes, {{kSharedName, bytes}});
        });
        const auto snapshot = Latest();
        if (!revision.ok() || snapshot->revision() < *revision) ++wrong;
        if (Text(snapshot->Find(kSharedRecord, key)) != bytes) ++wrong;
        if (Text(At(*revision)->Find(kSharedRecord, key)) != bytes) ++wrong;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(wrong == 0);
  CHECK(Latest()->revision() == 360);
}

// Each write sets both records of a pair to one number, so a reader that ever
// sees two numbers has seen half a commit.
TEST_CASE_METHOD(StoreFixture, "readers never see half a commit", "[store]") {
  const auto put_pair = [&](int number) {
    const std::string bytes = std::to_string(number);
    return store->Write("tester", [&](Transaction& transaction) {
      BB_RETURN_IF_ERROR(
          transaction.Put(kSharedRecord, "left", bytes, {{kSharedName, "at " + bytes}}));
      return transaction.Put(kSharedRecord, "right", bytes, {{kSharedName, "at " + bytes}});
    });
  };
  REQUIRE(put_pair(0).ok());
  std::atomic<bool> writing = true;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&] {
      while (writing) {
        const auto snapshot = Latest();
        const std::string left = Text(snapshot->Find(kSharedRecord, "left"));
        const std::string places = "at " + left + "/left at " + left + "/right";
        if (left != std::to_string(snapshot->revision() - 1)) ++wrong;
        if (Text(snapshot->ScanIndex(kSharedName, {})) != places) ++wrong;
        if (Text(snapshot->Find(kSharedRecord, "right")) != left) ++wrong;
        if (Text(snapshot->Scan(kSharedRecord, {})) != "left=" + left + " right=" + left) ++wrong;
      }
    });
  }
  for (int number = 1; number < 300; ++number) CHECK(put_pair(number).ok());
  writing = false;
  for (std::thread& reader : readers) reader.join();
  CHECK(wrong == 0);
}

TEST_CASE_METHOD(StoreFixture, "a follower skips nothing while many write", "[store]") {
  constexpr int kWriters = 4;
  constexpr int kTurns = 80;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int turn = 0; turn < kTurns; ++turn) {
        const std::string key = std::to_string(writer) + "/" + std::to_string(turn);
        const auto revision = store->Write("tester", [&](Transaction& transaction) {
          BB_RETURN_IF_ERROR(transaction.Put(kSharedRecord, key + "/first", "v"));
          return transaction.Put(kSharedRecord, key + "/second", "v");
        });
        if (!revision.ok()) return;
      }
    });
  }
  Revision seen = 0;
  std::set<std::string> keys;
  bool in_order = true;
  while (seen < kWriters * kTurns) {
    const auto changes = store->ChangesAfter(seen, 3);
    for (const Change& change : *changes) {
      in_order = in_order && (change.revision == seen || change.revision == seen + 1);
      seen = change.revision;
      keys.insert(change.key);
    }
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(in_order);
  CHECK(keys.size() == 2 * kWriters * kTurns);
}

TEST_CASE_METHOD(StoreFixture, "the listener hears of each commit before its writer", "[store]") {
  std::atomic<Revision> heard = 0;
  store->OnCommit([&heard](Revision revision) { heard = revision; });
  for (int turn = 0; turn < 5; ++turn) {
    const Revision revision = Put(kSharedRecord, "a1", std::to_string(turn));
    CHECK(heard == revision);
  }
  Remove(kSharedRecord, "never there");
  CHECK(heard == 5);
}

TEST_CASE_METHOD(StoreFixture, "a store that closes answers every write", "[store]") {
  std::atomic<int> written = 0;
  std::atomic<int> refused = 0;
  // Each answer asks again, on the store's own thread, until it is refused.
  std::function<void()> ask;
  Store* const closing = store.get();  // `store` is null while it closes
  ask = [&, closing] {
    closing->Submit(
        "tester",
        [](Transaction& transaction) { return transaction.Put(kSharedRecord, "a1", "v"); },
        [&](absl::StatusOr<Revision> revision) {
          if (revision.ok()) {
            ++written;
            ask();
          } else if (base::ReasonOf(revision.status()) == errors::v1::ERROR_REASON_STOPPING) {
            ++refused;
          }
        });
  };
  ask();
  store = nullptr;
  CHECK(written >= 1);
  CHECK(refused == 1);
}

TEST_CASE_METHOD(StoreFixture, "a read-only store refuses writes and reads on", "[store]") {
  Put(kSharedRecord, "a1", "one", {{kSharedName, "x"}});
  store = storage::MakeReadOnlyStore(std::move(store));
  const auto refused = store->Write("tester", [](Transaction& transaction) {
    return transaction.Put(kSharedRecord, "a1", "two");
  });
  CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_READ_ONLY);
  CHECK(Text(Latest()->Find(kSharedRecord, "a1")) == "one");
  CHECK(Text(At(1)->ScanIndex(kSharedName, {})) == "x/a1");
  CHECK(store->ChangesAfter(0, 10)->size() == 1);
  CHECK(store->VersionsOf(kSharedRecord, "a1", 0, 10)->size() == 1);
  CHECK(*store->RevisionAt(clock.Now()) == 1);
}

}  // namespace
}  // namespace brobygger::conformance
