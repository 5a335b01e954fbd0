#include "core/storage/sqlite/sqlite_store.h"

#include <fstream>
#include <thread>

#include <absl/synchronization/notification.h>
#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/storage/sqlite/connection.h"
#include "core/storage/sqlite/migrate.h"
#include "tests/core/storage/sqlite/fault_vfs.h"
#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace brobygger::storage {
namespace {

using base::ReasonOf;
constexpr Kind kRecord = Kind::kAssociation;

// A store in a folder of its own, over a disk that can be made to fail.
struct SqliteFixture {
  absl::StatusOr<std::unique_ptr<Store>> TryOpen() {
    SqliteOptions options;
    options.path = path;
    options.clock = &clock;
    options.vfs = vfs.name();
    options.checkpoint_pages = checkpoint_pages;
    options.on_fatal = [this](const absl::Status& status) {
      fatal = status;
      ++fatal_calls;
    };
    return OpenSqliteStore(std::move(options));
  }
  void Open() {
    auto opened = TryOpen();
    CAPTURE(opened.status().ToString());
    REQUIRE(opened.ok());
    store = *std::move(opened);
  }
  absl::StatusOr<Revision> Put(const std::string& key, const std::string& bytes) {
    return store->Write(
        "tester", [&](Transaction& transaction) { return transaction.Put(kRecord, key, bytes); });
  }
  std::string Get(const std::string& key) const {
    const auto bytes = (*store->Latest())->Find(kRecord, key);
    return *bytes == nullptr ? "(none)" : **bytes;
  }
  void Execute(const std::string& sql) {
    const auto connection = Connection::Open({.path = path, .vfs = "", .cache_kib = 100});
    REQUIRE(connection.ok());
    REQUIRE((*connection)->Execute(sql).ok());
  }

  support::TempFolder folder;
  const std::string path = (folder.path() / "registry.db").string();
  support::FakeClock clock;
  support::FaultVfs vfs{"brobygger-fault"};
  int checkpoint_pages = 4000;
  absl::Status fatal;
  std::atomic<int> fatal_calls = 0;
  std::unique_ptr<Store> store;
};

TEST_CASE_METHOD(SqliteFixture, "a write is answered only when it is flushed", "[sqlite]") {
  Open();
  REQUIRE(Put("a1", "one").ok());
  vfs.HoldSyncs(true);
  std::atomic<bool> answered = false;
  std::thread writer([&] {
    CHECK(Put("a1", "two").ok());
    answered = true;
  });
  vfs.AwaitHeldSync();

  CHECK(!answered);
  // A reader neither waits nor sees what might still be lost.
  CHECK(Get("a1") == "one");
  CHECK((*store->Latest())->revision() == 1);
  CHECK(store->ChangesAfter(1, 10)->empty());
  CHECK(store->VersionsOf(kRecord, "a1", 0, 10)->size() == 1);
  CHECK(*store->RevisionAt(clock.Now()) == 1);

  vfs.HoldSyncs(false);
  writer.join();
  CHECK(Get("a1") == "two");
}

TEST_CASE_METHOD(SqliteFixture, "writes that wait together share one flush", "[sqlite]") {
  Open();
  absl::Notification go;
  store->Submit(
      "tester",
      [&go](Transaction&) {
        go.WaitForNotification();
        return absl::OkStatus();
      },
      [](const absl::StatusOr<Revision>&) {});
  std::atomic<int> done = 0;
  for (int number = 0; number < 100; ++number) {
    store->Submit(
        "tester",
        [number](Transaction& transaction) {
          return transaction.Put(kRecord, std::to_string(number), "v");
        },
        [&done](const absl::StatusOr<Revision>& revision) { done += revision.ok() ? 1 : 0; });
  }
  const int before = vfs.syncs;
  go.Notify();
  CHECK(*Put("last", "v") == 101);
  CHECK(done == 100);
  // The group's, and the log's header the first time.
  CHECK(vfs.syncs - before <= 3);
}

TEST_CASE_METHOD(SqliteFixture, "a full disk refuses writes, reads on, and recovers", "[sqlite]") {
  Open();
  REQUIRE(Put("a1", "one").ok());
  vfs.disk_full = true;
  for (int turn = 0; turn < 3; ++turn) {
    const auto refused = Put("a1", std::string(100'000, 'x'));
    CHECK(ReasonOf(refused.status()) == errors::v1::ERROR_REASON_STORAGE_FULL);
    CHECK(refused.status().message().find("INSERT") == std::string::npos);
  }
  CHECK(Get("a1") == "one");
  vfs.disk_full = false;
  CHECK(*Put("a1", "two") == 2);
  CHECK(fatal_calls == 0);

  store = nullptr;
  Open();
  CHECK(Get("a1") == "two");
  CHECK(store->ChangesAfter(0, 10)->size() == 2);
}

TEST_CASE_METHOD(SqliteFixture,
                 "the log says once that the disk is full and once that it no longer is",
                 "[sqlite]") {
  const auto count = [](const std::string& log, const std::string& event) {
    int times = 0;
    for (auto at = log.find(event); at != std::string::npos; at = log.find(event, at + 1)) ++times;
    return times;
  };
  const bool from_the_start = GENERATE(false, true);
  CAPTURE(from_the_start);
  Open();
  for (int turn = 0; turn < 20; ++turn) REQUIRE(Put("a1", std::string(6000, 'x')).ok());

  const std::string full = support::CapturedLog([&] {
    vfs.disk_full = true;
    if (from_the_start) {
      store = nullptr;
      Open();
    }
    for (int turn = 0; turn < 3; ++turn) CHECK_FALSE(Put("a1", "two").ok());
    // Writes nothing, so it shows nothing.
    CHECK(store->Write("tester", [](Transaction&) { return absl::OkStatus(); }).ok());
  });
  CAPTURE(full);
  CHECK(count(full, "warning storage_full") == 1);
  CHECK(count(full, "storage_writable_again") == 0);

  const std::string again = support::CapturedLog([&] {
    vfs.disk_full = false;
    for (int turn = 0; turn < 3; ++turn) {
      CHECK(Put("a1", "two").ok());
      clock.Advance(std::chrono::milliseconds(600));
    }
    // Between large writes that are refused, small ones may be taken.
    for (int turn = 0; turn < 3; ++turn) {
      vfs.disk_full = !vfs.disk_full;
      CHECK(Put("a1", "three").ok() == !vfs.disk_full);
    }
  });
  CAPTURE(again);
  CHECK(count(again, "warning storage_writable_again") == 1);
  CHECK(count(again, "warning storage_full") == 1);
  CHECK(again.find("storage_writable_again") < again.find("storage_full"));
}

TEST_CASE_METHOD(SqliteFixture, "a store on a full disk can be opened and read", "[sqlite]") {
  Open();
  for (int turn = 0; turn < 20; ++turn) REQUIRE(Put("a1", std::string(6000, 'x')).ok());
  // All of it stays in the log, as when a process is killed.
  vfs.disk_full = true;
  store = nullptr;
  Open();
  CHECK((*store->Latest())->revision() == 20);
  CHECK(Get("a1").size() == 6000);
  CHECK(ReasonOf(Put("a1", "two").status()) == errors::v1::ERROR_REASON_STORAGE_FULL);
  vfs.disk_full = false;
  CHECK(*Put("a1", "two") == 21);
}

TEST_CASE_METHOD(SqliteFixture,
                 "a failed flush ends all writing and is not tried again",
                 "[sqlite]") {
  Open();
  REQUIRE(Put("a1", "one").ok());
  vfs.FailSyncOf("-wal");
  const auto lost = Put("a1", "two");
  CHECK(ReasonOf(lost.status()) == errors::v1::ERROR_REASON_STORAGE_FAILED);
  CHECK(fatal_calls == 1);
  CHECK(fatal == lost.status());

  vfs.FailSyncOf("");
  const int syncs = vfs.syncs;
  CHECK(ReasonOf(Put("a2", "new").status()) == errors::v1::ERROR_REASON_STORAGE_FAILED);
  CHECK(ReasonOf(Put("a3", "new").status()) == errors::v1::ERROR_REASON_STORAGE_FAILED);
  CHECK(Get("a1") == "one");
  store = nullptr;
  CHECK(vfs.syncs == syncs);
  CHECK(fatal_calls == 1);

  Open();
  CHECK(Put("a4", "after the restart").ok());
  CHECK(Get("a2") == "(none)");
}

TEST_CASE_METHOD(SqliteFixture, "a failed flush in a checkpoint ends all writing", "[sqlite]") {
  checkpoint_pages = 10;
  Open();
  vfs.FailSyncOf("registry.db");
  absl::Status last;
  int acknowledged = 0;
  while (last.ok()) {
    last = Put("a" + std::to_string(acknowledged), std::string(3000, 'x')).status();
    acknowledged += last.ok() ? 1 : 0;
  }
  CHECK(ReasonOf(last) == errors::v1::ERROR_REASON_STORAGE_FAILED);
  CHECK(acknowledged > 0);
  store = nullptr;
  CHECK(fatal_calls == 1);
  vfs.FailSyncOf("");
  Open();
  CHECK((*store->Latest())->revision() >= static_cast<Revision>(acknowledged));
  CHECK(Get("a" + std::to_string(acknowledged - 1)) != "(none)");
}

TEST_CASE_METHOD(SqliteFixture, "the log stays bounded while writes go on", "[sqlite]") {
  checkpoint_pages = 25;
  Open();
  for (int turn = 0; turn < 400; ++turn) REQUIRE(Put("a1", std::string(6000, 'x')).ok());
  constexpr std::uintmax_t kPage = 4096 + 24;
  // The bound, and what one group may add past it.
  CHECK(std::filesystem::file_size(path + "-wal") < kPage * (4 * 25 + 50));
}

TEST_CASE_METHOD(SqliteFixture, "a second process is told who has the file", "[sqlite]") {
  Open();
  const auto second = TryOpen();
  REQUIRE(!second.ok());
  CHECK(ReasonOf(second.status()) == errors::v1::ERROR_REASON_STORAGE_FAILED);
  CHECK(std::string(second.status().message()).find(std::to_string(getpid())) != std::string::npos);
  store = nullptr;
  CHECK(TryOpen().ok());
}

TEST_CASE_METHOD(SqliteFixture, "a file from a newer program is refused", "[sqlite]") {
  Open();
  store = nullptr;
  Execute("PRAGMA user_version=9999");
  const auto opened = TryOpen();
  CHECK(ReasonOf(opened.status()) == errors::v1::ERROR_REASON_STORAGE_TOO_NEW);
  CHECK(base::ErrorMetadata(opened.status(), "version") == "9999");
  // And left as it was.
  Execute("UPDATE revision SET actor='x'");
  CHECK(ReasonOf(TryOpen().status()) == errors::v1::ERROR_REASON_STORAGE_TOO_NEW);
}

TEST_CASE_METHOD(SqliteFixture, "a file of version 1 keeps the order of its changes", "[sqlite]") {
  {
    const auto connection = *Connection::Open({.path = path, .vfs = "", .cache_kib = 100});
    REQUIRE(Migrate(*connection, {Migrations().front()}).ok());
  }
  // Version 1 kept each place as a row, and its whole value in the record's terms.
  const std::string first = "x'0610000000" + std::string("30303030303030303030303030303031'");
  const std::string second = "x'0610000000" + std::string("30303030303030303030303030303032'");
  Execute(
      "INSERT INTO revision VALUES (1,1,'tester',2), (2,2,'tester',3);"
      "INSERT INTO version VALUES (1,1,1,'a',1," +
      first + ",'v'), (2,1,1,'b',1," + first + ",'v'), (3,2,1,'a',0," + second +
      ",'w');"
      "INSERT INTO term VALUES (6,'0000000000000002','a',2), (6,'0000000000000001','b',1);"
      "INSERT INTO past_term VALUES (6,2,'0000000000000001','a',1)");
  Open();
  const auto order = [&](Revision revision) {
    std::string keys;
    const auto snapshot = *store->At(revision);
    const auto places = snapshot->ScanIndex(Index::kAssociationByUpdate, {});
    REQUIRE(places.ok());
    for (const auto& place : *places) keys += place.value.back() + place.key + " ";
    return keys;
  };
  CHECK(order(1) == "1a 1b ");
  CHECK(order(2) == "1b 2a ");
  REQUIRE(store
              ->Write("tester",
                      [](Transaction& transaction) {
                        return transaction.Put(kRecord, "b", "x",
                                               {UpdateTerm(transaction.revision())});
                      })
              .ok());
  CHECK(order(2) == "1b 2a ");
  CHECK(order(3) == "2a 3b ");
  const auto connection = *Connection::Open({.path = path, .vfs = "", .cache_kib = 100});
  CHECK(*connection->Number("SELECT count(*) FROM term") == 0);
  CHECK(*connection->Number("SELECT count(*) FROM past_term") == 0);
}

TEST_CASE_METHOD(SqliteFixture, "another program's file is refused", "[sqlite]") {
  Execute("CREATE TABLE theirs (x)");
  CHECK(ReasonOf(TryOpen().status()) == errors::v1::ERROR_REASON_STORAGE_CORRUPT);
}

TEST_CASE_METHOD(SqliteFixture, "a file that is no database is refused", "[sqlite]") {
  std::ofstream(path) << std::string(10'000, 'x');
  CHECK(ReasonOf(TryOpen().status()) == errors::v1::ERROR_REASON_STORAGE_CORRUPT);
}

TEST_CASE_METHOD(SqliteFixture, "damage in the file is reported as such", "[sqlite]") {
  Open();
  for (int number = 0; number < 200; ++number) {
    REQUIRE(Put("a" + std::to_string(number), std::string(3000, 'x')).ok());
  }
  store = nullptr;
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const auto size = std::filesystem::file_size(path);
    for (std::uintmax_t at = 4096; at < size; at += 4096) {
      file.seekp(static_cast<std::streamoff>(at));
      file << std::string(200, '\xEE');
    }
  }
  CHECK(ReasonOf(TryOpen().status()) == errors::v1::ERROR_REASON_STORAGE_CORRUPT);
}

TEST_CASE_METHOD(SqliteFixture,
                 "a file that cannot be made is an error that names it",
                 "[sqlite]") {
  SqliteOptions options;
  options.path = (folder.path() / "no such folder" / "registry.db").string();
  const auto opened = OpenSqliteStore(options);
  REQUIRE(!opened.ok());
  CHECK(std::string(opened.status().message()).find("no such folder") != std::string::npos);
}

}  // namespace
}  // namespace brobygger::storage
