#include "core/audit/audit_log.h"

#include <atomic>
#include <thread>
#include <vector>

#include "core/audit/verify.h"
#include "tests/core/audit/entries.h"
#include "tests/core/audit/faulty_disk.h"

namespace brobygger::audit {
namespace {

TEST_CASE("what was appended is there after the log is opened again", "[audit]") {
  const support::TempFolder folder;
  support::FakeClock clock;
  Options options = QuietOptions(folder.path());
  options.clock = &clock;
  const auto before = clock.Now();
  {
    const auto log = OpenLog(options);
    REQUIRE(log->Append(EntryBy("p1"), Patient()).ok());
    clock.Advance(std::chrono::seconds(1));
    REQUIRE(log->Append(EntryBy("p2", "a2"), Patient()).ok());
  }
  const auto log = OpenLog(options);
  REQUIRE(log->Append(EntryBy("p3"), Patient()).ok());
  const auto records = AllOf(*log);
  REQUIRE(records.size() == 3);
  CHECK(records[0].sequence() == 1);
  CHECK(records[0].entry().actor() == "p1");
  CHECK(records[0].entry().registry_revision() == 4711);
  CHECK(base::ToInstant(records[0].record_time()) == before);
  CHECK(records[1].entry().object_id() == "a2");
  CHECK(base::ToInstant(records[1].record_time()) == before + std::chrono::seconds(1));
  CHECK(records[2].sequence() == 3);
  CHECK(log->health().writable);
  CHECK_FALSE(log->health().chain_broken);
}

TEST_CASE("entries that wait at the same time share one flush", "[audit]") {
  constexpr int kThreads = 16;
  const support::TempFolder folder;
  FaultyDisk disk;
  Options options = QuietOptions(folder.path());
  options.disk = &disk;
  const auto log = OpenLog(options);
  REQUIRE(log->Append(EntryBy("p0"), Patient()).ok());
  // The first of them hangs in its flush until all the others wait.
  disk.Hang("000001.log");
  // Checks are for one thread at a time.
  std::atomic<int> written = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&] { written += log->Append(EntryBy("first"), Patient()).ok() ? 1 : 0; });
  disk.AwaitHung();
  const int before = disk.flushes();
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] { written += log->Append(EntryBy("other"), Patient()).ok() ? 1 : 0; });
  }
  while (log->health().waiting < kThreads + 1) std::this_thread::yield();
  disk.Release();
  for (auto& thread : threads) thread.join();
  CHECK(written == kThreads + 1);
  CHECK(disk.flushes() - before == 1);
  CHECK(log->health().newest_record == kThreads + 2);
}

TEST_CASE("an entry appended soon is on disk within a second by itself", "[audit]") {
  const support::TempFolder folder;
  FaultyDisk disk;
  Options options = QuietOptions(folder.path());
  options.disk = &disk;
  const auto log = OpenLog(options);
  disk.Hang("000001.log");
  const auto begun = std::chrono::steady_clock::now();
  REQUIRE(log->AppendSoon(EntryBy("p1")).ok());
  disk.AwaitHung();
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(1));
  disk.Release();
  REQUIRE(log->Flush(Patient()).ok());
  CHECK(AllOf(*log).size() == 1);
}

TEST_CASE("an entry appended soon goes along with the next that waits, and before it", "[audit]") {
  const support::TempFolder folder;
  Options options = QuietOptions(folder.path());
  options.soon = std::chrono::hours(1);
  const auto log = OpenLog(options);
  REQUIRE(log->AppendSoon(EntryBy("soon")).ok());
  REQUIRE(log->Append(EntryBy("now"), Patient()).ok());
  const auto records = AllOf(*log);
  REQUIRE(records.size() == 2);
  CHECK(records[0].entry().actor() == "soon");
}

TEST_CASE("closing the log writes what was appended soon", "[audit]") {
  const support::TempFolder folder;
  Options options = QuietOptions(folder.path());
  options.soon = std::chrono::hours(1);
  for (int round = 0; round < 2; ++round) {
    const auto log = OpenLog(options);
    CHECK(AllOf(*log).size() == static_cast<std::size_t>(round));
    REQUIRE(log->AppendSoon(EntryBy("p1")).ok());
  }
}

TEST_CASE("an entry that breaks the rules is refused and leaves no record", "[audit]") {
  const support::TempFolder folder;
  const auto log = OpenLog(QuietOptions(folder.path()));
  const absl::Status refused = log->Append(EntryBy("Jens Hansen"), Patient());
  CHECK(base::ReasonOf(refused) == errors::v1::ERROR_REASON_FIELD_INVALID);
  CHECK_FALSE(log->AppendSoon(EntryBy("jens@example.org")).ok());
  REQUIRE(log->Flush(Patient()).ok());
  CHECK(AllOf(*log).empty());
}

TEST_CASE("a log in several segments is one chain and reads as one", "[audit]") {
  const support::TempFolder folder;
  Options options = QuietOptions(folder.path());
  options.segment_bytes = 1000;
  {
    const auto log = OpenLog(options);
    for (int i = 0; i < 100; ++i) {
      REQUIRE(log->Append(EntryBy("p" + std::to_string(i)), Patient()).ok());
    }
    const auto records = AllOf(*log);
    REQUIRE(records.size() == 100);
    CHECK(records[57].entry().actor() == "p57");
  }
  CHECK(ListSegments(options.folder)->size() > 10);
  const auto result = VerifyLog({.folder = options.folder});
  REQUIRE(result.ok());
  INFO(VerifySentence(*result));
  CHECK_FALSE(result->first_bad.has_value());
  CHECK(result->records == 100);
  CHECK(result->vouched_sequence == 100);
}

TEST_CASE("a folder belongs to one log at a time", "[audit]") {
  const support::TempFolder folder;
  const Options options = QuietOptions(folder.path());
  const auto log = OpenLog(options);
  CHECK(absl::IsFailedPrecondition(AuditLog::Open(options).status()));
}

}  // namespace
}  // namespace brobygger::audit
